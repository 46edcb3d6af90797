"""What holds for every turn, whoever is there: told by chance, decided by PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.matching import rotation
from bookings.matching.needs import Need, Slot, Wish
from bookings.models import Client, DoNotSend, Offer, Shift
from members.models import Availability, Member
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY, local
from tests.house import undone
from tests.proofs import rounds

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
few = settings(
    max_examples=rounds(12, short=4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def kept_away(member: Member, household: Client) -> None:
    DoNotSend.place(client=household, member=member, placer="client", reason="conduct", at=NOW, by=household.user)


def refusing(member: Member, household: Client) -> None:
    DoNotSend.place(client=household, member=member, placer="member", reason="other", at=NOW, by=member.user)


def unskilled(member: Member, household: Client) -> None:
    Member.objects.filter(pk=member.pk).update(skills=["care"])


def uncertified(member: Member, household: Client) -> None:
    member.credentials.update(kind="other")


def lapsed(member: Member, household: Client) -> None:
    member.credentials.update(expires_on=WEDNESDAY)


def elsewhere(member: Member, household: Client) -> None:
    Member.objects.filter(pk=member.pk).update(areas=["100"])


def off(member: Member, household: Client) -> None:
    member.take_leave(first=WEDNESDAY, last=WEDNESDAY, today=NOW.date())


def closed(member: Member, household: Client) -> None:
    Availability.objects.filter(member=member, weekday=2).delete()


def otherwise(member: Member, household: Client) -> None:
    member.work_otherwise(WEDNESDAY, [], today=NOW.date())


def busy(member: Member, household: Client) -> None:
    """At work until ten minutes before: the way takes longer."""
    Shift.objects.create(
        quote=make.quote(at=NOW),
        member=member,
        state="held",
        zip=member.zip,
        starts_at=NINE - 2 * HOUR,
        ends_at=NINE - HOUR / 6,
        span=(NINE - 2 * HOUR, NINE - HOUR / 6),
        held_until=NOW + DAY,
    )


def gone(member: Member, household: Client) -> None:
    member.leave_coop(at=NOW, by=None)


Trouble = Callable[[Member, Client], None]
TROUBLES: list[Trouble] = [
    *(kept_away, refusing, unskilled, uncertified, lapsed, elsewhere, off, closed, otherwise, busy, gone)
]
people = st.lists(st.lists(st.sampled_from(TROUBLES), max_size=2, unique=True), min_size=1, max_size=6)


@few
@given(troubles=people)
def test_nobody_is_ever_asked_who_may_not_or_cannot(ana: Member, troubles: list[list[Trouble]]) -> None:
    with undone():
        household, able = make.client(), {ana.pk}
        make.credential(ana)
        for own in troubles:
            member = make.member()
            make.credential(member)
            for trouble in own:
                trouble(member, household)
            able |= set() if own else {member.pk}
        service = make.service(minutes=120, credential="hha")
        make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=service, client=household))
        asked = set()
        while offer := Offer.objects.waiting().first():
            asked.add(offer.member_id)
            offer.pass_on(at=NOW, by=offer.member.user)
        assert asked <= able
        assert len(asked) == min(len(able), 5)


@few
@given(
    work=st.lists(st.integers(0, 3), min_size=2, max_size=5),
    whys=st.lists(st.sampled_from(["safety", "details"]), min_size=1, max_size=4),
)
def test_a_pass_for_safety_or_missing_details_leaves_the_order_as_if_nobody_had_been_asked(
    db: None, work: list[int], whys: list[str]
) -> None:
    with undone():
        members = [make.member(minutes_wanted=1440 + 60 * number) for number in range(len(work))]
        for number, shifts in enumerate(work):
            for each in range(shifts):
                done(members[number], days_ago=each + 1)
        before = order()
        make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=make.service()))
        for why in whys:
            if offer := Offer.objects.waiting().first():
                offer.pass_on(at=NOW, by=offer.member.user, why=why)
        Shift.objects.with_related().get(visit__starts_at=NINE).free(at=NOW)
        assert order() == before


def order() -> list[tuple[object, ...]]:
    """Everybody in turn for another shift, with all that the order is made of."""
    starts_at = local(13, 9)
    wish = Wish(make.zip_code(), "cleaning", credential="", client=None)
    need = Need(Slot(starts_at, minutes=120, crew=1, travel=0), wish)
    return [(each.member, each.received, each.wanted, each.turn) for each in rotation.in_turn(need, at=NOW)]


def done(member: Member, *, days_ago: int) -> None:
    """Two hours that this member has worked."""
    starts_at = NINE - (days_ago + 7) * DAY
    visit = make.booking(
        starts_at=NINE + days_ago * 7 * DAY, at=NOW, quote=make.quote(at=NOW, service=make.service())
    ).first_visit()
    visit.shifts.update(
        member=member,
        state="done",
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        span=(starts_at, starts_at + 2 * HOUR),
        assigned_at=starts_at - DAY,
    )
