"""A series and several people at the same moment: real threads, a real PostgreSQL.

Each was seen to fail once with the lock that it proves taken out.
"""

from datetime import timedelta

import pytest

from bookings.models import Offer, Series, Shift, Visit
from coop.errors import Refusal
from payouts.models import Charge
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY
from tests.proofs import rounds
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WEEK = timedelta(weeks=1)
ROUNDS = range(rounds(4, short=2))


def anew(series: Series) -> Series:
    return Series.objects.with_related().get(pk=series.pk)


def trouble(results: list[object]) -> list[object]:
    """What went wrong that is not simply a no."""
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refusal)]


def standing(series: Series) -> list[int]:
    """Visits to come that no day of the series knows of."""
    known = series.days.filter(visit__isnull=False).values("visit")
    visits = Visit.objects.filter(booking=series.booking, state="scheduled").exclude(pk__in=known)
    return list(visits.values_list("pk", flat=True))


def test_two_sweeps_at_once_make_each_visit_once(ana, bo):
    booking = make.confirmed(starts_at=NINE, at=NOW, every=1, service=make.service(minutes=120))
    series = booking.series
    results = at_once(*(lambda: anew(series).extend(at=NOW) for _time in range(4)))
    assert trouble(results) == []
    assert list(Visit.objects.order_by("starts_at").values_list("starts_at", flat=True)) == [
        NINE + number * WEEK for number in range(8)
    ]
    assert (Shift.objects.count(), Charge.objects.count(), standing(series)) == (8, 8, [])


@pytest.mark.parametrize("number", ROUNDS)
def test_skipping_while_it_is_skipped_and_planned_leaves_no_visit_that_nobody_knows_of(ana, bo, number):
    series = make.series(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    row = series.days.order_by("day")[2]
    results = at_once(
        lambda: anew(series).skip(series.days.get(pk=row.pk), at=NOW, by=None),
        lambda: anew(series).skip(series.days.get(pk=row.pk), at=NOW, by=None),
        lambda: anew(series).extend(at=NOW + WEEK),
        lambda: anew(series).pause(WEDNESDAY + 5 * WEEK, None, at=NOW, by=None),
    )
    assert trouble(results) == []
    assert (series.days.get(pk=row.pk).became, standing(series)) == ("skipped", [])
    late = WEDNESDAY + 5 * WEEK
    assert not series.days.booked().filter(day__gte=late).exists()


@pytest.mark.parametrize("number", ROUNDS)
def test_a_visit_taken_back_twice_at_once_is_booked_once(ana, bo, number):
    series = make.series(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    row = series.days.order_by("day")[2]
    anew(series).skip(row, at=NOW, by=None)
    results = at_once(
        *(lambda: anew(series).take_back(series.days.get(pk=row.pk), at=NOW, by=None) for _time in range(3))
    )
    assert (trouble(results), sum(result is None for result in results)) == ([], 1)
    assert (Visit.objects.filter(starts_at=NINE + 2 * WEEK, state="scheduled").count(), standing(series)) == (1, [])


def test_two_who_say_yes_at_once_to_a_crew_of_two_leave_one_regular(ana, bo):
    quote = make.quote(at=NOW, service=make.service(minutes=240, crew=2), every=1)
    booking = make.confirmed(starts_at=NINE, at=NOW, quote=quote)
    offers = list(Offer.objects.waiting().select_related("member__user"))
    results = at_once(*(lambda offer=offer: offer.accept(at=NOW, by=offer.member.user) for offer in offers))
    assert (trouble(results), len(offers)) == ([], 2)
    assert anew(booking.series).regular in (ana, bo)
