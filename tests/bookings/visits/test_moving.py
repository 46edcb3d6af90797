"""A visit at another time: who keeps it, what it costs, and what stays as it was."""

from datetime import datetime, timedelta

import pytest

from bookings.matching.errors import TimeTaken
from bookings.models import Booking, Offer, Shift, Visit
from coop.errors import Refusal, WrongState
from coop.models import Amendment
from members.models import Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW, local

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = local(13, 10)


def accepted(*, crew: int = 1, starts_at: datetime = NINE) -> Visit:
    """A visit that everybody whose turn it was has accepted; at NINE it is 47 hours ahead."""
    shift = make.accepted(starts_at=starts_at, at=NOW, service=make.service(minutes=120 * crew, crew=crew))
    return Visit.objects.get(pk=shift.visit_id)


def shifts(visit: Visit) -> list[tuple[str, Member | None, datetime, datetime]]:
    rows = visit.shifts.order_by("pk")
    return [(shift.state, shift.member, shift.starts_at, shift.span.upper) for shift in rows]


def told(member: Member) -> list[str]:
    """The kinds of notices that somebody got, oldest first."""
    return [notice.key.partition(":")[0] for notice in Notice.objects.filter(user=member.user).order_by("pk")]


def test_whoever_can_come_at_the_new_time_keeps_the_visit_and_is_told(ana, sol):
    visit = accepted()
    visit.move(FRIDAY, at=NOW, by=sol.user)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.ends_at, visit.cents, visit.sequence) == (FRIDAY, FRIDAY + 2 * HOUR, 8000, 1)
    assert shifts(visit) == [("accepted", ana, FRIDAY, FRIDAY + 2 * HOUR + timedelta(minutes=15))]
    assert told(ana) == ["offer", "shift_moved"]


def test_a_move_of_an_hour_does_not_stand_in_its_own_way(ana, bo, sol):
    visit = accepted(crew=2)
    visit.move(NINE + HOUR, at=NOW, by=sol.user)
    assert {(state, starts_at) for state, _member, starts_at, _free in shifts(visit)} == {("accepted", NINE + HOUR)}


def test_whoever_cannot_come_then_is_told_and_the_turn_decides(ana, bo, sol):
    visit = accepted()
    had = visit.shifts.get().member
    other = bo if had == ana else ana
    had.take_leave(first=FRIDAY.date(), last=FRIDAY.date(), today=NOW.date())
    visit.move(FRIDAY, at=NOW, by=sol.user)
    assert [(state, member, start) for state, member, start, _free in shifts(visit)] == [("offered", other, FRIDAY)]
    assert told(had)[-1] == "shift_cancelled"
    assert Offer.objects.waiting().get().member == other


def test_nobody_says_yes_to_a_time_that_they_were_not_asked_for(ana, sol):
    visit = make.confirmed(starts_at=NINE, at=NOW, service=make.service(minutes=120)).first_visit()
    offer = Offer.objects.waiting().get()
    visit.move(FRIDAY, at=NOW, by=sol.user)
    with pytest.raises(WrongState):
        offer.accept(at=NOW, by=ana.user)
    assert (Offer.objects.waiting().get().member, visit.shifts.get().starts_at) == (ana, FRIDAY)


def test_where_nobody_can_come_the_visit_stays_and_the_nearest_times_are_named(ana, sol):
    visit = accepted()
    with pytest.raises(TimeTaken) as taken:
        visit.move(local(13, 20), at=NOW, by=sol.user)
    assert taken.value.nearest == [local(13, 15), local(13, 15, 30), local(13, 16)]
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence, visit.shifts.get().starts_at) == (NINE, 0, NINE)
    assert told(ana) == ["offer"]


def test_a_crew_needs_all_of_its_people_at_the_new_time(ana, bo, sol):
    visit = accepted(crew=2)
    bo.take_leave(first=FRIDAY.date(), last=FRIDAY.date(), today=NOW.date())
    with pytest.raises(TimeTaken):
        visit.move(FRIDAY, at=NOW, by=sol.user)


@pytest.mark.parametrize("starts_at", [NINE, NOW, NOW - DAY], ids=["the same", "now", "the past"])
def test_some_times_make_no_sense(ana, sol, starts_at):
    visit = accepted()
    with pytest.raises(Refusal):
        visit.move(starts_at, at=NOW, by=sol.user)


def test_a_visit_without_a_card_is_not_moved(ana, sol):
    booking = make.booking(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    with pytest.raises(Refusal, match="card"):
        booking.first_visit().move(FRIDAY, at=NOW, by=sol.user)


def test_a_visit_under_way_is_not_moved(ana, sol):
    visit = accepted()
    visit.shifts.get().start(at=NINE, by=ana.user)
    with pytest.raises(WrongState):
        visit.move(FRIDAY, at=NINE, by=sol.user)


def test_the_client_is_told_with_a_calendar_file_that_replaces_the_first(ana, sol):
    visit = accepted()
    visit.move(FRIDAY, at=NOW, by=sol.user)
    first, notice = (Notice.objects.get(key__startswith=kind) for kind in ("booking_confirmed", "visit_moved"))
    assert (notice.user, notice.key) == (visit.booking.client.user, f"visit_moved:{visit.pk}:1")
    assert [about(one, "UID") for one in (first, notice)] == [about(first, "UID")] * 2
    assert [about(one, "SEQUENCE") for one in (first, notice)] == ["0", "1"]


def about(notice: Notice, name: str) -> str:
    """What the only entry of a notice's calendar file says."""
    return notice.calendar.partition(f"{name}:")[2].partition("\r\n")[0]


class TestByTheClient:
    def test_moves_only_to_an_opening(self, ana):
        visit = accepted()
        by = visit.booking.client.user
        with pytest.raises(TimeTaken):
            visit.move_for_client(NOW + 2 * HOUR, expected_cents=8000, at=NOW, by=by)
        assert NINE not in visit.openings(first=NINE.date(), days=1, at=NOW)
        assert NINE + HOUR in visit.openings(first=NINE.date(), days=1, at=NOW)

    def test_is_quoted_by_the_rules_of_the_new_day(self, ana):
        visit = accepted()
        Amendment.objects.create(
            policy="bookings.pay_floor", numerator=5000, effective_on=FRIDAY.date(), enacted_at=NOW, source="vote"
        )
        price = visit.price_on(FRIDAY.date())
        by = visit.booking.client.user
        with pytest.raises(Refusal, match="price"):
            visit.move_for_client(FRIDAY, expected_cents=visit.cents, at=NOW, by=by)
        visit.move_for_client(FRIDAY, expected_cents=price.cents, at=NOW, by=by)
        assert (price.cents, visit.cents) == (10526, 10526)

    def test_may_move_twice(self, ana):
        visit = accepted()
        by = visit.booking.client.user
        for time in (FRIDAY, FRIDAY + DAY):
            visit.move_for_client(time, expected_cents=8000, at=NOW, by=by)
        with pytest.raises(Refusal, match="2 times"):
            visit.move_for_client(NINE, expected_cents=8000, at=NOW, by=by)
        assert (visit.moves, visit.sequence, visit.moves_left(NOW)) == (2, 2, 0)

    def test_does_not_move_a_visit_to_which_somebody_is_on_the_way(self, ana):
        visit = accepted()
        with pytest.raises(Refusal, match="close"):
            visit.move_for_client(FRIDAY, expected_cents=8000, at=NINE - HOUR, by=visit.booking.client.user)

    def test_moving_in_time_begins_a_new_clock(self, ana):
        visit = accepted()
        visit.move_for_client(FRIDAY, expected_cents=8000, at=NINE - DAY, by=visit.booking.client.user)
        assert (visit.clock, visit.cancellation(NINE).cents) == (FRIDAY, 0)

    def test_moving_inside_a_day_keeps_the_first_clock(self, ana):
        visit = accepted()
        at = NINE - DAY + timedelta(seconds=1)
        visit.move_for_client(FRIDAY, expected_cents=8000, at=at, by=visit.booking.client.user)
        fees = [visit.cancellation(moment).cents for moment in (at, NINE - 2 * HOUR, NINE - HOUR)]
        assert (visit.clock, fees) == (NINE, [2500, 2500, 8000])

    def test_after_a_move_by_the_office_there_is_a_way_out_that_counts_nothing(self, ana, sol):
        visit = accepted()
        by = visit.booking.client.user
        visit.move(NINE + 2 * HOUR, at=NINE - HOUR, by=sol.user)
        assert (visit.way_out, visit.cancellation(NINE).cents) == (NINE + 2 * HOUR, 0)
        visit.move_for_client(FRIDAY, expected_cents=8000, at=NINE, by=by)
        assert (visit.moves, visit.clock) == (0, FRIDAY)


def test_a_visit_of_a_cancelled_booking_is_not_moved(ana, sol):
    visit = accepted()
    Booking.objects.get().cancel(at=NOW, by=sol.user)
    with pytest.raises(WrongState):
        visit.move(FRIDAY, at=NOW, by=sol.user)
    assert Shift.objects.get().starts_at == NINE
