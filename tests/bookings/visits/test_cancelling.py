"""What it costs to call a visit off: the golden cases, what must hold whatever the numbers, and the verbs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.catalog.sharing import FeeShares, share_fee
from bookings.models import Booking, Offer, Shift, Visit
from bookings.visits.ending.cancellation_fees import Fee, Rules, fee, lock_out
from coop.errors import Refusal, WrongState
from coop.models import Amendment
from members.models import Notice
from tests import make
from tests.bookings.clock import NINE, NOW

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
USUAL = Rules(free=DAY, late_cents=2500, full=2 * HOUR, think=timedelta(minutes=15))
SHARES = {"worker": Fraction(95, 100), **dict.fromkeys(["reserve", "upkeep"], Fraction(1, 100))}
SHARES |= {"operations": Fraction(3, 100)}
CLOCK = datetime(2026, 3, 11, 13, tzinfo=UTC)
LONG_AGO = CLOCK - 30 * DAY


def costs(before: timedelta, *, price: int = 13500, rules: Rules = USUAL, booked_at: datetime | None = LONG_AGO) -> int:
    return fee(price, clock=CLOCK, booked_at=booked_at, way_out=None, at=CLOCK - before, rules=[rules]).cents


@pytest.mark.parametrize(
    ("before", "cents"),
    [
        (30 * DAY, 0),
        (DAY, 0),
        (DAY - SECOND, 2500),
        (2 * HOUR, 2500),
        (2 * HOUR - SECOND, 13500),
        (timedelta(0), 13500),
        (-HOUR, 13500),
    ],
)
def test_free_until_a_day_before_then_25_dollars_then_the_price(before: timedelta, cents: int) -> None:
    assert costs(before) == cents


def test_a_fee_is_never_more_than_the_price() -> None:
    assert costs(5 * HOUR, price=2000) == 2000


def test_for_a_quarter_of_an_hour_after_booking_it_is_free() -> None:
    booked = CLOCK - 5 * HOUR
    assert [costs(5 * HOUR - wait, booked_at=booked) for wait in (timedelta(minutes=15), timedelta(minutes=16))] == [
        0,
        2500,
    ]


def test_before_there_is_a_card_nothing_was_agreed() -> None:
    assert costs(HOUR, booked_at=None) == 0


def test_until_the_way_out_it_is_free() -> None:
    found = fee(13500, clock=CLOCK, booked_at=LONG_AGO, way_out=CLOCK - HOUR, at=CLOCK - HOUR, rules=[USUAL])
    assert found == Fee(0, CLOCK - HOUR)


def test_of_two_rules_the_kinder_one_counts() -> None:
    dear = replace(USUAL, late_cents=5000, free=2 * DAY)
    both = [fee(13500, clock=CLOCK, booked_at=LONG_AGO, way_out=None, at=CLOCK - 5 * HOUR, rules=[dear, USUAL])]
    both += [fee(13500, clock=CLOCK, booked_at=LONG_AGO, way_out=None, at=CLOCK - 30 * HOUR, rules=[dear, USUAL])]
    assert both == [Fee(2500, CLOCK - DAY), Fee(0, CLOCK - DAY)]


def test_who_does_not_open_owes_the_price_up_to_200_dollars() -> None:
    assert [lock_out(price, most=20000) for price in (13500, 20000, 26000)] == [13500, 20000, 20000]


@given(price=st.integers(0, 10**6), earlier=st.integers(-600, 10**5), minutes=st.integers(0, 10**5))
def test_whoever_cancels_earlier_never_pays_more(price: int, earlier: int, minutes: int) -> None:
    late = timedelta(minutes=earlier)
    assert costs(late + timedelta(minutes=minutes), price=price) <= costs(late, price=price) <= price


def test_25_dollars_are_23_75_for_whoever_lost_the_work() -> None:
    assert share_fee(2500, minutes={7: 210}, vacant=0, shares=SHARES) == FeeShares(
        {7: 2375}, {"operations": 75, "reserve": 25, "upkeep": 25}
    )


def test_what_nobody_lost_goes_to_the_reserve() -> None:
    assert share_fee(2500, minutes={}, vacant=210, shares=SHARES) == FeeShares(
        {}, {"operations": 75, "reserve": 2400, "upkeep": 25}
    )


def test_a_crew_in_which_one_had_not_said_yes() -> None:
    assert share_fee(2500, minutes={3: 120}, vacant=120, shares=SHARES) == FeeShares(
        {3: 1188}, {"operations": 75, "reserve": 1212, "upkeep": 25}
    )


@given(
    cents=st.integers(0, 10**6),
    minutes=st.dictionaries(st.integers(1, 50), st.integers(1, 600), max_size=4),
    vacant=st.integers(0, 600),
)
def test_every_cent_of_a_fee_goes_to_somebody(cents: int, minutes: dict[int, int], vacant: int) -> None:
    shares = share_fee(cents, minutes=minutes, vacant=vacant, shares=SHARES)
    assert sum(shares.workers.values()) + sum(shares.funds.values()) == cents
    assert min([*shares.workers.values(), *shares.funds.values()]) >= 0


@pytest.mark.django_db
class TestAVisit:
    def accepted(self, **wish) -> Visit:
        shift = make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=120), **wish)
        return Visit.objects.get(pk=shift.visit_id)

    def test_is_cancelled_for_what_was_shown(self, ana):
        visit = self.accepted()
        visit.cancel_for_client(expected_cents=2500, at=NINE - 3 * HOUR, by=visit.booking.client.user)
        shift = Shift.objects.get()
        assert (visit.state, visit.fee_cents, visit.responsible) == ("cancelled", 2500, "client")
        assert (shift.state, shift.member, Booking.objects.get().state) == ("cancelled", ana, "cancelled")
        assert visit.fee_shares(2500) == FeeShares({ana.pk: 2375}, {"operations": 100, "reserve": 13, "upkeep": 12})

    def test_is_not_cancelled_for_anything_else(self, ana):
        visit = self.accepted()
        with pytest.raises(Refusal, match=r"\$80.00 by now"):
            visit.cancel_for_client(expected_cents=2500, at=NINE - HOUR, by=visit.booking.client.user)
        assert Visit.objects.get().state == "scheduled"

    def test_costs_what_was_agreed_though_the_rules_became_dearer(self, ana):
        visit = self.accepted()
        for policy, value in (("bookings.late_fee", 9900), ("bookings.free_cancel_hours", 72)):
            Amendment.objects.create(
                policy=policy, numerator=value, effective_on=NINE.date(), enacted_at=NOW, source="vote"
            )
        assert visit.cancellation(NINE - 5 * HOUR) == Fee(2500, NINE - DAY)

    def test_costs_what_is_the_rule_today_where_that_is_kinder(self, ana):
        visit = self.accepted()
        Amendment.objects.create(
            policy="bookings.late_fee", numerator=1000, effective_on=NINE.date(), enacted_at=NOW, source="vote"
        )
        assert visit.cancellation(NINE - 5 * HOUR).cents == 1000

    def test_that_the_office_calls_off_costs_nothing_and_the_client_is_told(self, ana, sol):
        visit = self.accepted()
        visit.call_off(at=NINE - HOUR, by=sol.user, note="a burst pipe")
        told = Notice.objects.get(user=visit.booking.client.user, key__startswith="visit_cancelled")
        assert (visit.fee_cents, visit.responsible, "owe nothing" in told.body) == (0, "coop", True)
        assert "STATUS:CANCELLED" in told.calendar

    def test_that_nobody_came_to_is_told_with_a_way_to_a_new_one(self, ana, sol):
        visit = self.accepted()
        visit.miss(at=NINE + HOUR, by=sol.user)
        told = Notice.objects.get(user=visit.booking.client.user, key=f"visit_missed:{visit.pk}")
        assert (visit.fee_cents, visit.responsible, "/book?" in told.body) == (0, "coop", True)

    def test_that_was_only_offered_is_nobodys_loss(self, ana):
        visit = make.confirmed(starts_at=NINE, at=NOW, service=make.service(minutes=120)).first_visit()
        visit.cancel_for_client(expected_cents=2500, at=NINE - HOUR * 3, by=visit.booking.client.user)
        assert (visit.who_loses(), Shift.objects.get().member, Offer.objects.get().state) == ({}, None, "withdrawn")

    def test_twice_is_once(self, ana):
        visit, twin = self.accepted(), Visit.objects.get()
        by = visit.booking.client.user
        visit.cancel_for_client(expected_cents=0, at=NOW, by=by)
        with pytest.raises(WrongState):
            twin.cancel_for_client(expected_cents=0, at=NOW, by=by)
