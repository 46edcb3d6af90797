"""What holds of the turn whatever comes: nobody who is as free as the others falls behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bookings.models import Offer, Shift, Visit
from members.models import Member
from tests import make
from tests.bookings.clock import NOW, local
from tests.proofs import rounds

pytestmark = pytest.mark.django_db
DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
SHIFT = 120
YES, PASS, COSTLESS = "yes", "other", "safety"

whatever = settings(
    max_examples=rounds(6, short=2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
crews = st.integers(min_value=2, max_value=4)
soon = st.lists(
    st.tuples(st.integers(min_value=11, max_value=22), st.sampled_from([8, 11, 14])),
    min_size=2,
    max_size=6,
    unique=True,
)
"""Days of March within the fortnight that counts, and hours of them, in whatever order they are booked."""


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of one example is there in the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def crew(number: int) -> list[Member]:
    """So many members who want and can do the same."""
    return [make.member() for _number in range(number)]


def a_visit() -> Visit:
    """A visit to whose booking all shifts of an example belong; its own is called off."""
    made = make.confirmed(starts_at=local(10, 16), at=NOW - DAY, quote=make.quote(at=NOW, service=make.service()))
    visit = made.first_visit()
    visit.shifts.get().cancel(at=NOW, by=None)
    return visit


def offered(visit: Visit, starts_at: datetime, *, at: datetime) -> Offer:
    """One more shift of two hours, put to whoever's turn it is."""
    ends_at = starts_at + TWO_HOURS
    shift = Shift.objects.create(
        visit=visit,
        state="open",
        zip=visit.booking.home.zip,
        starts_at=starts_at,
        ends_at=ends_at,
        span=(starts_at, ends_at + timedelta(minutes=15)),
    )
    offer = shift.offer_next(at=at)
    assert offer is not None
    return offer


def minutes_of(members: list[Member]) -> list[int]:
    """What each has taken."""
    return [SHIFT * Shift.objects.filter(member=member, state="accepted").count() for member in members]


@whatever
@given(number=crews, times=soon)
def test_nobody_is_more_than_a_shift_ahead_of_another_in_whatever_order_shifts_are_booked(db, number, times):
    with undone():
        members, visit = crew(number), a_visit()
        for day, hour in times:
            offer = offered(visit, local(day, hour), at=NOW)
            offer.accept(at=NOW, by=offer.member.user)
            received = minutes_of(members)
            assert max(received) - min(received) <= SHIFT


@whatever
@example(number=3, days=[1, 14, 14, 14])
@given(number=crews, days=st.lists(st.integers(min_value=1, max_value=14), min_size=4, max_size=7))
def test_nobody_gets_ahead_over_the_months_though_old_shifts_count_no_more(db, number, days):
    with undone():
        members, visit, now = crew(number), a_visit(), NOW
        for later in days:
            now += later * DAY
            offer = offered(visit, now + 2 * DAY, at=now)
            offer.accept(at=now, by=offer.member.user)
            received = minutes_of(members)
            assert max(received) - min(received) <= SHIFT


@whatever
@given(number=crews, times=soon, answers=st.lists(st.sampled_from([YES, PASS, COSTLESS]), min_size=40, max_size=40))
def test_who_says_yes_is_never_more_than_a_shift_behind_whatever_the_others_say(db, number, times, answers):
    with undone():
        (willing, *others), visit = crew(number), a_visit()
        said = iter(answers)
        for day, hour in times:
            offer = offered(visit, local(day, hour), at=NOW)
            while (answer := YES if offer.member == willing else next(said)) != YES:
                offer.pass_on(at=NOW, by=offer.member.user, why=answer)
                offer = Offer.objects.waiting().get()
            offer.accept(at=NOW, by=offer.member.user)
            assert max(minutes_of(others)) - minutes_of([willing])[0] <= SHIFT
