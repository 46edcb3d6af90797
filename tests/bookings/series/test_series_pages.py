"""A series in the client's browser, without JavaScript: asked for, looked at, skipped, changed, paused and ended."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Booking, Offer, Quote, Series, Shift
from bookings.series.tasks import sweep_series
from bookings.turns.tasks import sweep_offers
from members.models import Member, Notice
from tests import make
from tests.bookings import desk
from tests.bookings.stage import said, signed_in, words
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
THURSDAY = desk.THURSDAY_NINE.date()
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor() -> Browser:
    return Browser()


@pytest.fixture
def series(ana: Member) -> Series:
    """Every two weeks on Thursdays at nine; Ana took it."""
    return make.series(starts_at=desk.THURSDAY_NINE, at=desk.NOW, every=2)


@pytest.fixture
def theirs(series: Series) -> Browser:
    """In which its client is signed in."""
    return signed_in(series.booking.client.user)


def address(name: str, series: Series, *more: object) -> str:
    return reverse(name, args=[series.booking.token, *more])


def booked(series: Series) -> list[date]:
    return list(series.days.booked().order_by("day").values_list("day", flat=True))


def test_the_first_page_asks_how_often_and_says_what_each_later_visit_costs(visitor: Browser) -> None:
    page = words(visitor.get(reverse("quote"), {"service": "cleaning", "every": "2"}))
    assert "Every 2 weeks<small>10% off from the second visit on</small>" in page
    assert '<b class="num">$118.13</b>' in page
    once = words(visitor.get(reverse("quote")))
    assert "Each later visit" not in once


def test_the_four_steps_lead_to_a_series_whose_first_dates_were_shown_before(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor, every="2")
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    check = words(visitor.get(reverse("check_booking", args=[draft.token])))
    assert "Thursday, March 12, Thursday, March 26, Thursday, April 9, Thursday, April 23…" in check
    assert "Each later visit costs $118.13 today." in check
    desk.agree(visitor, draft)
    booking = Booking.objects.get(quote=draft)
    booking.card_saved(at=desk.NOW, by=None)
    sweep_series()
    assert booked(booking.series) == [THURSDAY + number * 2 * WEEK for number in range(4)]
    assert "From then on we come every 2 weeks" in Notice.objects.get(key__startswith="booking_confirmed").body
    page = words(visitor.get(address("series", booking.series)))
    assert "Cleaning, every 2 weeks" in page
    assert page.count("Skip this visit") == 4


def test_changing_the_wish_keeps_how_often(visitor: Browser) -> None:
    draft = desk.ask(visitor, every="4")
    page = words(visitor.get(reverse("quote"), {"change": str(draft.token)}))
    assert 'name="every" value="4" class="wide" required id="id_every_3" checked' in page or "checked" in page
    desk.ask(visitor, every="0", change=str(draft.token))
    assert Quote.objects.get().every == 0


def test_the_page_says_who_comes_and_what_each_visit_costs(theirs: Browser, series: Series) -> None:
    page = words(theirs.get(address("series", series)))
    assert "Thursday, 9:00 AM" in page
    assert "Ana R. comes whenever they can" in page
    assert page.count("Ana R. ·") == 4


def test_skipping_and_taking_back_by_two_clicks(theirs: Browser, series: Series) -> None:
    second = series.days.order_by("day")[1]
    response = theirs.post(address("skip_visit", series, second.pk))
    assert said(response) == ["That visit is skipped. You owe nothing for it, and you can still take it back."]
    assert "Have it after all" in words(theirs.get(address("series", series)))
    theirs.post(address("take_back_visit", series, second.pk))
    assert len(booked(series)) == 4


def test_a_day_of_another_series_is_not_found(theirs: Browser, series: Series, bo: Member) -> None:
    other = make.series(starts_at=desk.THURSDAY_NINE, at=desk.NOW)
    response = theirs.post(address("skip_visit", series, other.days.order_by("day")[1].pk))
    assert (response.status_code, len(booked(other))) == (404, 8)


def test_another_weekday_from_the_second_visit_on(theirs: Browser, series: Series) -> None:
    page = words(theirs.get(address("change_series", series)))
    assert "Thursday, March 26" in page
    sent = {"since": "2026-03-26", "weekday": "1", "clock": "10:30", "every": "1"}
    response = theirs.post(address("change_series", series), sent)
    assert said(response) == ["Changed. 6 visits are booked."]
    assert booked(series) == [THURSDAY, *(date(2026, 3, 24) + number * WEEK for number in range(6))]


def test_a_time_at_which_nobody_works_is_refused_and_what_was_chosen_stands(theirs: Browser, series: Series) -> None:
    sent = {"since": "2026-03-26", "weekday": "1", "clock": "21:00", "every": "1"}
    page = words(theirs.post(address("change_series", series), sent))
    assert "Nobody can come regularly at that time." in page
    assert '<option value="21:00" selected>' in page


def test_a_pause_without_an_end_and_going_on(theirs: Browser, series: Series) -> None:
    theirs.post(address("pause_series", series), {"first": "2026-03-13", "last": ""})
    assert booked(series) == [THURSDAY]
    page = words(theirs.get(address("series", series)))
    assert "Nobody comes from Friday, March 13 on, until you say so." in page
    theirs.post(address("resume_series", series))
    sweep_series()
    assert len(booked(series)) == 4


def test_a_pause_that_begins_too_near_is_refused_with_the_day(theirs: Browser, series: Series) -> None:
    with time_machine.travel(datetime(2026, 3, 11, 12, tzinfo=desk.NEW_YORK), tick=False):
        page = words(theirs.post(address("pause_series", series), {"first": "2026-03-11", "last": "2026-03-20"}))
    assert "The visit on Thursday, March 12 is too near to be left out for free." in page
    assert 'value="2026-03-20"' in page


def test_a_pause_that_begins_in_the_past_is_not_changed_in_silence(theirs: Browser, series: Series) -> None:
    yesterday = str(desk.NOW.date() - timedelta(days=1))
    page = words(theirs.post(address("pause_series", series), {"first": yesterday, "last": ""}))
    series.refresh_from_db()
    assert ("That day is over." in page, f'value="{yesterday}"' in page, series.state) == (True, True, "running")


def test_ending_with_the_booked_visits_kept_or_cancelled(theirs: Browser, series: Series) -> None:
    assert "Thursday, April 23" in words(theirs.get(address("end_series", series)))
    theirs.post(address("end_series", series), {"booked": "keep"})
    series.refresh_from_db()
    assert (series.state, len(booked(series))) == ("ended", 4)
    page = words(theirs.get(address("series", series)))
    assert ("This series has ended" in page, "Skip this visit" in page) == (True, False)


def test_ending_for_a_fee_is_for_whoever_is_signed_in_and_was_shown_the_sum(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor, every="2")
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    desk.agree(visitor, draft)
    booking, sent = Booking.objects.get(), {"booked": "cancel", "cents": "2000"}
    booking.card_saved(at=desk.NOW, by=None)
    sweep_series()
    with time_machine.travel(desk.THURSDAY_NINE - timedelta(hours=20), tick=False):
        browser = words(visitor.post(address("end_series", booking.series), sent))
        assert "Nothing is cancelled yet" in browser
        assert len(booked(booking.series)) == 4
        lee = signed_in(desk.prove(booking))
        shown = words(lee.get(address("end_series", booking.series)))
        fee = re.search(r'name="cents" value="(\d+)"', shown)
        lee.post(address("end_series", booking.series), sent | {"cents": fee and fee[1]})
    assert booked(booking.series) == []


def test_clashes_stand_on_the_page_and_may_be_tried_again(ana: Member) -> None:
    leave = THURSDAY + 2 * WEEK
    ana.take_leave(first=leave, last=leave, today=THURSDAY)
    series = make.series(starts_at=desk.THURSDAY_NINE, at=desk.NOW, every=2)
    assert "On one day nobody can come" in words(signed_in(series.booking.client.user).get(address("series", series)))
    clash = series.days.get(became="clash")
    assert said(signed_in(series.booking.client.user).post(address("take_back_visit", series, clash.pk))) == [
        "Nobody can come on that day at that time any more. You can book another time for it."
    ]
    ana.leaves.all().delete()
    signed_in(series.booking.client.user).post(address("take_back_visit", series, clash.pk))
    assert len(booked(series)) == 4


def test_an_offer_of_a_series_says_what_a_yes_means(ana: Member) -> None:
    make.confirmed(starts_at=desk.THURSDAY_NINE, at=desk.NOW, every=2)
    page = words(signed_in(ana).get(reverse("offers")))
    assert "Every 2 weeks" in page
    assert "Whoever takes this visit becomes the regular person" in page
    assert "becomes the regular person there" in Notice.objects.get(key__startswith="offer:").body


def test_the_sweeps_give_the_later_visits_to_whoever_took_the_first(ana: Member, bo: Member) -> None:
    booking = make.confirmed(starts_at=desk.THURSDAY_NINE, at=desk.NOW, every=2)
    sweep_series()
    sweep_offers()
    assert Offer.objects.count() == 1
    offer = Offer.objects.get()
    offer.accept(at=desk.NOW, by=offer.member.user)
    sweep_offers()
    shifts = Shift.objects.filter(visit__booking=booking)
    assert set(shifts.values_list("member", "state")) == {(offer.member_id, "accepted")}


def test_a_public_holiday_is_named_before_booking_and_offered_as_a_day_to_skip(ana: Member) -> None:
    monday = datetime(2026, 4, 27, 9, tzinfo=desk.NEW_YORK)
    series = make.series(starts_at=monday, at=desk.NOW, every=4)
    with time_machine.travel(monday, tick=False):
        sweep_series()
        page = words(signed_in(series.booking.client.user).get(address("series", series)))
    assert "Memorial Day is a public holiday. Would you rather skip this visit?" in page
    named = [str(holiday) for _time, holiday in series.booking.quote.first_times()]
    assert named == ["", "Memorial Day", "", ""]


def test_of_a_series_only_the_next_visit_stands_among_the_bookings(series: Series) -> None:
    page = words(signed_in(series.booking.client.user).get(reverse("my_bookings")))
    assert page.count("We come every 2 weeks: all dates") == 1
    assert "Thursday, March 26" not in page


def test_a_visit_and_a_booking_lead_to_their_series(series: Series) -> None:
    lee = signed_in(series.booking.client.user)
    for page in (reverse("visit", args=[series.booking.first_visit().pk]), address("booking", series)):
        shown = words(lee.get(page))
        assert ("This visit is part of a series." in shown, "Yes, cancel the visit" in shown) == (True, False)


def test_the_page_asks_the_database_as_often_for_few_days_as_for_many(visitor: Browser, ana: Member) -> None:
    asked = []
    for every, hour in ((4, 9), (1, 14)):
        starts_at = desk.THURSDAY_NINE.replace(hour=hour)
        series = make.series(starts_at=starts_at, at=desk.NOW, every=every)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(address("series", series))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16
