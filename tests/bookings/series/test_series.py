"""Visits that come again and again: made ahead, skipped, changed, paused and ended."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bookings.models import Booking, DoNotSend, Offer, Series, SeriesDay, Shift, Visit
from coop.errors import Refusal, WrongState
from coop.models import Amendment
from members.models import Notice
from payouts.models import Charge
from tests import make
from tests.bookings.clock import NEW_YORK, NINE, NOW, WEDNESDAY, local
from tests.house import undone

pytestmark = pytest.mark.django_db
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def days(series: Series) -> list[tuple[date, str]]:
    return list(series.days.order_by("day").values_list("day", "became"))


def booked(series: Series) -> list[date]:
    """The days on which somebody comes."""
    return list(series.days.booked().order_by("day").values_list("day", flat=True))


def day_of(series: Series, number: int) -> SeriesDay:
    return series.days.order_by("day")[number]


def anew(series: Series) -> Series:
    return Series.objects.with_related().get(pk=series.pk)


def who_comes(series: Series) -> list[tuple[str, str]]:
    shifts = Shift.objects.filter(visit__booking__series=series).exclude(state="cancelled").order_by("starts_at")
    return [(str(shift.member) if shift.member else "nobody", shift.state) for shift in shifts]


def weekly(count: int, *, start: date = WEDNESDAY, every: int = 1) -> list[date]:
    return [start + number * every * WEEK for number in range(count)]


def test_a_saved_card_begins_the_series_with_its_first_visit(ana):
    booking = make.confirmed(starts_at=NINE, at=NOW, every=2)
    series = booking.series
    assert (series.state, series.every, series.regular) == ("running", 2, None)
    assert [(rhythm.starts_on, rhythm.every, rhythm.clock) for rhythm in series.rhythms.all()] == [
        (WEDNESDAY, 2, time(9))
    ]
    assert [(row.day, row.visit) for row in series.days.all()] == [(WEDNESDAY, booking.first_visit())]


def test_a_single_visit_begins_no_series(ana):
    make.confirmed(starts_at=NINE, at=NOW)
    assert not Series.objects.exists()


def test_visits_are_made_eight_weeks_ahead_at_the_same_local_time(ana):
    series = make.series(starts_at=local(4, 9, month=3), at=local(2, 9, month=3), every=2)
    moments = Visit.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [moment.astimezone(NEW_YORK).replace(tzinfo=None) for moment in moments] == [
        local(4, 9).astimezone(NEW_YORK).replace(tzinfo=None) + number * 2 * WEEK for number in range(4)
    ]
    assert booked(series) == weekly(4, start=date(2026, 3, 4), every=2)


def test_planning_again_on_the_same_and_on_the_next_day_adds_nothing_and_then_one_week(ana):
    series = make.series(starts_at=NINE, at=NOW)
    before = days(series)
    series.extend(at=NOW)
    series.extend(at=NOW + DAY)
    assert days(series) == before
    series.extend(at=NOW + WEEK)
    assert days(series) == [*before, (before[-1][0] + WEEK, "visit")]


def test_the_later_visits_cost_less_and_the_first_does_not(ana):
    make.series(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    assert list(Visit.objects.order_by("starts_at").values_list("cents", flat=True)) == [8000, *[6800] * 7]


def test_each_visit_is_charged_in_its_own_time(ana):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    assert list(Charge.objects.order_by("due_at").values_list("visit", "due_at")) == [
        (row.visit_id, row.visit.starts_at - 24 * HOUR) for row in series.days.order_by("day")
    ]


def test_a_day_on_which_nobody_can_come_is_listed_and_told_once_and_the_rest_is_booked(ana):
    ana.take_leave(first=WEDNESDAY + WEEK, last=WEDNESDAY + 2 * WEEK, today=WEDNESDAY)
    series = make.series(starts_at=NINE, at=NOW)
    series.extend(at=NOW + HOUR)
    series.extend(at=NOW + WEEK)
    assert [day for day, became in days(series) if became == "clash"] == [WEDNESDAY + WEEK, WEDNESDAY + 2 * WEEK]
    assert len(booked(series)) == 7
    told = Notice.objects.get(key__startswith="series_clash")
    assert (told.user, told.subject) == (series.booking.client.user, "We cannot come on 2 of your days")
    assert "Wednesday, March 18" in told.body


def test_the_later_visits_wait_for_whoever_takes_the_first_and_then_are_theirs_without_a_question(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=4, take=False)
    assert [state for _who, state in who_comes(series)] == ["offered", "open"]
    assert not Shift.objects.to_ask(NOW).exists()
    offer = Offer.objects.waiting().get()
    offer.accept(at=NOW + HOUR / 2, by=offer.member.user)
    for shift in Shift.objects.to_ask(NOW + HOUR / 2).with_related():
        shift.offer_next(at=NOW + HOUR / 2)
    assert who_comes(series) == [(str(offer.member), "accepted")] * 2
    assert anew(series).regular == offer.member
    assert Notice.objects.filter(key__startswith="offer:").count() == 1


def test_after_two_days_without_a_yes_the_later_visits_go_to_whoevers_turn_it_is(ana, bo):
    make.series(starts_at=local(20, 9), at=NOW, every=4, take=False)
    assert not Shift.objects.to_ask(NOW + 47 * HOUR).exists()
    assert Shift.objects.to_ask(NOW + 48 * HOUR).count() == 1


def test_the_regular_gives_one_visit_back_and_stays_the_regular(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    second = day_of(series, 1).visit.shifts.get()
    regular = series.regular
    second.release(at=NOW, by=regular.user, note="A wedding.")
    second.offer_next(at=NOW)
    other = ana if regular == bo else bo
    assert who_comes(series) == [(str(regular), "accepted"), (str(other), "offered"), *[(str(regular), "accepted")] * 2]
    assert anew(series).regular == regular


def test_a_do_not_send_frees_all_visits_to_come_and_others_are_asked(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    regular, client = series.regular, series.booking.client
    DoNotSend.place(client=client, member=regular, placer="client", reason="conduct", at=NOW, by=client.user)
    assert who_comes(series) == [("nobody", "open")] * 2
    for shift in Shift.objects.to_ask(NOW).with_related():
        shift.offer_next(at=NOW)
    assert {who for who, _state in who_comes(series)} == {str(ana if regular == bo else bo)}


def test_skipping_frees_the_time_and_the_charge_and_taking_it_back_is_as_if_nothing_had_been(ana):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    row, before = day_of(series, 1), (days(series), who_comes(series))
    series.skip(row, at=NOW, by=series.booking.client.user, note=str(row.day))
    assert days(series)[1] == (row.day, "skipped")
    assert Charge.objects.filter(state="released").count() == 1
    series.take_back(day_of(series, 1), at=NOW, by=None)
    for shift in Shift.objects.to_ask(NOW).with_related():
        shift.offer_next(at=NOW)
    assert (days(series), who_comes(series)) == before


def test_a_skipped_visit_cannot_be_taken_back_when_nobody_is_free_any_more_and_stays_skipped(ana):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    row = day_of(series, 1)
    series.skip(row, at=NOW, by=None)
    ana.take_leave(first=row.day, last=row.day, today=WEDNESDAY)
    with pytest.raises(Refusal, match="Nobody can come on that day"):
        series.take_back(row, at=NOW, by=None)
    assert days(series)[1] == (row.day, "skipped")


def test_a_visit_that_is_too_near_is_not_skipped_for_free(ana):
    series = make.series(starts_at=NINE, at=NOW)
    with pytest.raises(Refusal, match="Wednesday, March 11 is too near"):
        series.skip(day_of(series, 0), at=NINE - 23 * HOUR, by=None)
    assert Visit.objects.filter(state="scheduled").count() == 8


def test_this_and_later_moves_to_another_weekday_and_time_and_what_was_before_stays(ana):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    third = day_of(series, 2).day
    series.change(since=third, weekday=4, clock=time(14), every=4, at=NOW, by=None)
    friday = third + 2 * DAY
    assert booked(series) == [WEDNESDAY, WEDNESDAY + 2 * WEEK, friday]
    assert series.days.get(day=friday).visit.starts_at == datetime(2026, 4, 10, 14, tzinfo=NEW_YORK)
    assert (anew(series).every, Visit.objects.filter(state="scheduled").count()) == (4, 3)


def test_a_change_to_a_time_at_which_nobody_works_is_refused_and_changes_nothing(ana):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    before = (days(series), who_comes(series), series.rules())
    with pytest.raises(Refusal, match="Nobody can come regularly"):
        series.change(since=day_of(series, 1).day, weekday=2, clock=time(20), every=2, at=NOW, by=None)
    assert (days(series), who_comes(series), series.rules()) == before


def same(series: Series, **other) -> dict[str, Any]:
    """The change of a series into itself, but for what is other."""
    told = {"since": series.days.order_by("day")[1].day, "weekday": 2, "clock": time(9), "every": series.every}
    return told | {"at": NOW, "by": None} | other


def test_a_change_into_itself_is_refused_and_changes_nothing(ana):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    before = days(series)
    with pytest.raises(Refusal, match="how your visits are already"):
        series.change(**same(series))
    assert (days(series), anew(series).rules()) == (before, series.rules())


def test_another_clock_rhythm_day_or_week_is_a_change(ana):
    others: list[dict[str, Any]] = [{"clock": time(10)}, {"every": 1}, {"weekday": 3}, {"since": WEDNESDAY + 3 * WEEK}]
    for other in others:
        with undone():
            series = make.series(starts_at=NINE, at=NOW, every=2)
            assert any(row.visit for row in series.change(**same(series, **other))), other


def test_what_was_skipped_stays_skipped_when_only_the_time_changes(ana):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    skipped = day_of(series, 2)
    series.skip(skipped, at=NOW, by=None)
    series.change(since=day_of(series, 1).day, weekday=2, clock=time(10), every=2, at=NOW, by=None)
    assert days(series) == [(day, "skipped" if day == skipped.day else "visit") for day in weekly(4, every=2)]


def test_a_pause_frees_the_people_and_a_resumed_series_goes_on(ana):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    series.pause(WEDNESDAY + DAY, None, at=NOW, by=None)
    assert (booked(series), series.state) == ([WEDNESDAY], "paused")
    series.extend(at=NOW + WEEK)
    assert booked(series) == [WEDNESDAY]
    series.resume(at=NOW + WEEK, by=None)
    series.extend(at=NOW + WEEK)
    assert booked(series) == weekly(5, every=2)


def test_a_pause_with_an_end_leaves_out_only_its_days_and_days_after_it_are_made(ana):
    series = make.series(starts_at=NINE, at=NOW)
    series.pause(WEDNESDAY + DAY, WEDNESDAY + 3 * WEEK, at=NOW, by=None)
    series.extend(at=NOW + WEEK)
    assert booked(series) == [WEDNESDAY, *weekly(5, start=WEDNESDAY + 4 * WEEK)]
    assert not Series.objects.to_resume(NOW + 3 * WEEK).exists()
    assert Series.objects.to_resume(NOW + 4 * WEEK).get() == series


def test_ending_cancels_what_is_booked_and_a_booking_without_any_visit_is_cancelled(ana):
    series = make.series(starts_at=NINE, at=NOW)
    series.finish(keep=False, at=NOW, by=series.booking.client.user)
    assert (series.state, Booking.objects.get().state, booked(series)) == ("ended", "cancelled", [])
    assert set(Shift.objects.values_list("state", flat=True)) == {"cancelled"}


def test_an_ended_series_may_keep_what_is_booked_and_the_booking_ends_with_the_last_visit(ana):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    series.finish(keep=True, at=NOW, by=None)
    states = []
    for row in series.days.order_by("day"):
        shift = row.visit.shifts.get()
        shift.start(at=shift.starts_at, by=shift.member.user)
        shift.complete(at=shift.ends_at, by=shift.member.user)
        states.append(Booking.objects.get().state)
    assert states == ["confirmed", "ended"]


def test_the_booking_of_a_running_series_does_not_end_with_a_visit(ana):
    series = make.series(starts_at=NINE, at=NOW, every=4)
    for row in series.days.order_by("day"):
        shift = row.visit.shifts.get()
        shift.start(at=shift.starts_at, by=shift.member.user)
        shift.complete(at=shift.ends_at, by=shift.member.user)
    assert Booking.objects.get().state == "confirmed"


def test_cancelling_the_whole_booking_ends_its_series(ana):
    series = make.series(starts_at=NINE, at=NOW)
    series.booking.cancel(at=NOW, by=None)
    assert (anew(series).state, booked(series)) == ("ended", [])
    with pytest.raises(WrongState):
        anew(series).pause(WEDNESDAY, None, at=NOW, by=None)


def test_a_new_price_is_told_when_the_first_visit_at_it_is_made(ana):
    series = make.series(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    Amendment.objects.create(
        policy="bookings.weekly_discount",
        numerator=1,
        denominator=10,
        effective_on=date(2026, 5, 5),
        enacted_at=NOW,
        source="a vote",
    )
    series.extend(at=NOW + WEEK)
    told = Notice.objects.get(key__startswith="series_price")
    assert told.subject == "From Wednesday, May 6 on, a visit costs $72.00"
    series.extend(at=NOW + 2 * WEEK)
    assert Notice.objects.filter(key__startswith="series_price").count() == 1


def ask_all(at: datetime) -> None:
    """What the sweep of offers does."""
    for shift in Shift.objects.to_ask(at).with_related():
        shift.offer_next(at=at)


def tell_all(at: datetime) -> list[str]:
    """What the sweep of series tells about people; the subjects of what clients have heard of them so far."""
    for series in Series.objects.to_hand_over(at).with_related():
        series.hand_over(at=at)
    for row in SeriesDay.objects.with_substitute(at).select_related("series"):
        row.tell_substitute(at=at)
    about_people = Notice.objects.filter(key__regex="^(substitute|series_regular):")
    return list(about_people.order_by("pk").values_list("subject", flat=True))


def test_when_somebody_else_comes_the_client_hears_three_days_before_and_may_cancel_for_nothing(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    regular, other = (ana, bo) if series.regular == ana else (bo, ana)
    second = day_of(series, 1).visit
    second.shifts.get().release(at=NOW, by=regular.user, note="A wedding.")
    ask_all(NOW)
    offer = Offer.objects.waiting().get()
    offer.accept(at=NOW, by=other.user)
    assert tell_all(second.starts_at - 73 * HOUR) == []
    then = second.starts_at - 71 * HOUR
    assert tell_all(then) == tell_all(then + HOUR) == [f"{other.short_name} comes on Wednesday, March 25"]
    second.refresh_from_db()
    assert second.way_out == then + 24 * HOUR
    assert day_of(series, 1).asks
    day_of(series, 1).keep(at=then)
    assert not day_of(series, 1).asks


def test_a_substitute_who_comes_in_at_the_last_moment_is_told_at_once_and_the_visit_can_still_be_skipped(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    regular, other = (ana, bo) if series.regular == ana else (bo, ana)
    then = NINE - 20 * HOUR
    day_of(series, 0).visit.shifts.get().release(at=then, by=regular.user, note="Ill.")
    ask_all(then)
    Offer.objects.waiting().get().accept(at=then, by=other.user)
    assert tell_all(then) == [f"{other.short_name} comes on Wednesday, March 11"]
    series.skip(day_of(series, 0), at=NINE - HOUR, by=None)
    assert booked(series) == weekly(3, start=WEDNESDAY + 2 * WEEK, every=2)


def test_whoever_gives_the_whole_series_back_is_followed_by_the_next_who_says_yes(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    regular, other = (ana, bo) if series.regular == ana else (bo, ana)
    series.give_back(day_of(series, 1).visit.shifts.get(), at=NOW, by=regular.user, note="Too far.")
    assert who_comes(series) == [("nobody", "open")] * 4
    ask_all(NOW)
    Offer.objects.waiting().filter(member=other)[0].accept(at=NOW, by=other.user)
    assert anew(series).regular == other


def kept_away(series: Series) -> None:
    client = series.booking.client
    DoNotSend.place(client=client, member=series.regular, placer="client", reason="conduct", at=NOW, by=client.user)


def gone(series: Series) -> None:
    series.regular.leave_coop(at=NOW, by=None)
    for shift in Shift.objects.left_behind(NOW).with_related():
        shift.free(at=NOW)


def busy(series: Series) -> None:
    for row in series.days.order_by("day"):
        row.visit.shifts.get().release(at=NOW, by=series.regular.user)


@pytest.mark.parametrize("happens", [kept_away, gone, busy])
def test_whatever_keeps_the_regular_away_the_next_becomes_it_and_the_client_hears_the_same(ana, bo, happens):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    other = bo if series.regular == ana else ana
    happens(series)
    ask_all(NOW)
    assert tell_all(NOW) == []
    for offer in Offer.objects.waiting():
        offer.accept(at=NOW, by=offer.member.user)
    assert who_comes(series) == [(str(other), "accepted")] * 4
    assert tell_all(NOW) == tell_all(NOW + HOUR) == [f"{other.short_name} comes to you from now on"]
    assert anew(series).regular == other


def test_a_pause_does_not_take_the_series_from_its_regular(ana, bo):
    series = make.series(starts_at=NINE, at=NOW, every=2)
    regular = series.regular
    series.pause(WEDNESDAY, None, at=NOW, by=None)
    assert tell_all(NOW) == []
    series.resume(at=NOW + HOUR, by=None)
    series.extend(at=NOW + HOUR)
    assert tell_all(NOW + HOUR) == []
    ask_all(NOW + HOUR)
    assert who_comes(series) == [(str(regular), "accepted")] * 4


def test_ending_too_near_to_a_visit_costs_its_fee_and_only_what_was_shown(ana):
    series = make.series(starts_at=NINE, at=NOW - DAY, every=2)
    near = NINE - 20 * HOUR
    fee = day_of(series, 0).visit.cancellation(near).cents
    assert fee > 0
    with pytest.raises(Refusal, match="Nothing is cancelled yet"):
        series.finish(keep=False, at=near, by=None)
    assert (anew(series).state, len(booked(series))) == ("running", 4)
    series.finish(keep=False, expected_cents=fee, at=near, by=series.booking.client.user)
    visits = Visit.objects.order_by("starts_at")
    assert list(visits.values_list("state", "fee_cents", "responsible")) == [
        ("cancelled", fee, "client"),
        *[("cancelled", 0, "client")] * 3,
    ]
