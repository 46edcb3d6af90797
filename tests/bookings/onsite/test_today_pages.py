"""A worker's day on a phone: the next visit first, one big button, and how to get in."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import AccessView, Shift
from coop.models import Event
from members.models import Member, Notice, User
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TODAY, TOMORROW, said, signed_in, words

pytestmark = pytest.mark.django_db
CANARY = "canary-4417-under-the-blue-pot"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_next_visit_of_today_stands_first_with_one_thing_to_do(ana: Member) -> None:
    shift = stage.accepted()
    page = words(signed_in(ana).get("/today"))
    assert "10:00 AM – 12:45 PM" in page
    assert f'action="/shifts/{shift.pk}/start"' in page
    assert visible(page) == [f"/shifts/{shift.pk}/start"]
    assert "You can start from 9:30 AM." in page
    assert "1 bedroom, 1 bathroom" in page


def visible(page: str) -> list[str]:
    """Where the big buttons lead that are not hidden."""
    forms = re.findall(r'<form method="post" action="([^"]*)" data-tap="\w+"([^>]*)>', page)
    return [action for action, more in forms if "hidden" not in more]


def test_whoever_is_at_the_door_starts_and_then_finishes(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    assert browser.post(f"/shifts/{shift.pk}/start")["Location"] == "/today"
    assert visible(words(browser.get("/today"))) == [f"/shifts/{shift.pk}/completion"]
    clock.move_to(shift.ends_at)
    assert browser.post(f"/shifts/{shift.pk}/completion")["Location"] == f"/shifts/{shift.pk}/completion"
    stage.settle(clock)
    shift = Shift.objects.get(pk=shift.pk)
    assert (shift.state, shift.visit.state, shift.visit.booking.state) == ("done", "completed", "ended")


def test_after_the_work_one_reads_what_was_earned(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    browser.post(f"/shifts/{shift.pk}/start")
    browser.post(f"/shifts/{shift.pk}/completion", {"sure": "on"})
    page = words(browser.get(f"/shifts/{shift.pk}/completion"))
    parts = dict(shift.visit.parts())
    assert "Thank you, Ana." in page
    for cents in parts.values():
        assert f"${cents // 100}.{cents % 100:02d}" in page


def test_what_the_page_says_is_what_the_books_say(ana: Member, clock) -> None:
    from bookings.visits.pay import pay_for
    from payouts.models import Account

    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    browser.post(f"/shifts/{shift.pk}/start")
    browser.post(f"/shifts/{shift.pk}/completion", {"sure": "on"})
    stage.settle(clock)
    assert (
        dict(pay_for([shift])[shift.pk])["worker"] == Account.objects.with_balance().get(code=f"pay:{ana.pk}").balance
    )


def test_a_visit_that_was_forgotten_does_not_bar_the_way_to_the_next(ana: Member, clock) -> None:
    stage.accepted()
    following = stage.accepted(starts_in=TODAY + timedelta(hours=4))
    assert f'action="/shifts/{following.pk}/start"' not in words(signed_in(ana).get("/today"))
    clock.move_to(following.starts_at)
    assert f'action="/shifts/{following.pk}/start"' in words(signed_in(ana).get("/today"))


def test_starting_twice_gives_a_sentence(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    browser.post(f"/shifts/{shift.pk}/start")
    again = browser.post(f"/shifts/{shift.pk}/start", headers={"referer": "http://testserver/today"})
    assert (again.status_code, again["Location"]) == (302, "http://testserver/today")
    assert said(again) == ["That cannot be done any more: the shift is now “under way”."]


def test_starting_an_hour_early_gives_a_sentence(ana: Member) -> None:
    shift = stage.accepted()
    assert said(signed_in(ana).post(f"/shifts/{shift.pk}/start")) == [
        "It is too early: you can start up to 30 minutes before."
    ]


def test_finishing_before_starting_gives_a_sentence(ana: Member) -> None:
    shift = stage.accepted()
    assert said(signed_in(ana).post(f"/shifts/{shift.pk}/completion")) == [
        "That cannot be done any more: the shift is now “accepted”."
    ]


@pytest.mark.parametrize("verb", ["start", "completion", "release", "access-note"])
def test_a_shift_is_done_by_whoever_has_it_and_nobody_else(
    verb: str, ana: Member, sol: Member, lee: User, dan: User
) -> None:
    shift = stage.accepted()
    client = shift.visit.booking.client.user
    answers = [
        signed_in(person).post(f"/shifts/{shift.pk}/{verb}", {"note": "ill"}).status_code
        for person in (sol, client, dan)
    ]
    assert answers == [403, 404, 404]
    assert Shift.objects.get(pk=shift.pk).state == "accepted"
    assert not AccessView.objects.exists()


@pytest.mark.parametrize("page", ["/today", "/offers"])
def test_the_pages_of_those_who_work_are_not_for_clients(page: str, cara: Member, lee: User) -> None:
    assert [signed_in(person).get(page).status_code for person in (cara, lee)] == [200, 403]


def test_a_change_is_never_a_mere_link(ana: Member) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    assert [browser.get(f"/shifts/{shift.pk}/{verb}").status_code for verb in ("start", "access-note", "taking")] == [
        405,
        405,
        405,
    ]
    assert browser.get(f"/shifts/{shift.pk}/completion")["Location"] == "/today"


def test_street_and_phone_are_shown_from_the_day_before(ana: Member) -> None:
    today, tomorrow, later = stage.accepted(), stage.accepted(starts_in=TOMORROW), stage.accepted(starts_in=LATER)
    page = words(signed_in(ana).get("/today"))
    assert [shift.home.street in page for shift in (today, tomorrow, later)] == [True, True, False]
    assert page.count('href="tel:+1-212-555-0123"') == 2
    assert f"https://www.openstreetmap.org/search?query={today.home.street.replace(' ', '%20')}%2C%2011215" in page


def test_a_day_off_says_when_the_next_visit_is(ana: Member) -> None:
    stage.accepted(starts_in=LATER)
    page = words(signed_in(ana).get("/today"))
    assert "Nothing today." in page
    assert "Your next visit is on Monday, March 16 at 10:00 AM." in page


def test_the_way_from_the_visit_before_is_told(ana: Member) -> None:
    stage.accepted(zip="11215")
    stage.accepted(starts_in=TODAY + timedelta(hours=4), zip="11201")
    assert "minutes from your visit before" in words(signed_in(ana).get("/today"))


def test_times_are_those_of_the_home(ana: Member) -> None:
    stage.accepted(zip="60614")
    assert "9:00 AM – 11:45 AM" in words(signed_in(ana).get("/today"))


def test_how_to_get_in_is_shown_when_asked_for_and_the_asking_is_written_down(ana: Member) -> None:
    shift, browser = stage.accepted(note=CANARY), signed_in(ana)
    answer = browser.post(f"/shifts/{shift.pk}/access-note")
    assert CANARY in words(answer)
    assert "That you looked is written down." in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert list(AccessView.objects.values_list("home", "shift", "user", "at")) == [
        (shift.home.pk, shift.pk, ana.user.pk, NOW)
    ]
    assert Event.objects.about(shift).last().verb == "show_access_note"


@pytest.mark.parametrize("away", [timedelta(hours=-2, minutes=-1), timedelta(hours=4, minutes=46)])
def test_outside_of_its_hours_the_note_stays_closed(ana: Member, clock, away: timedelta) -> None:
    shift = stage.accepted(note=CANARY)
    clock.move_to(shift.starts_at + away)
    answer = signed_in(ana).post(f"/shifts/{shift.pk}/access-note", follow=True)
    assert "The getting-in note is shown from 2 hours before the visit to 2 hours after it." in words(answer) or said(
        answer
    ) == ["The getting-in note is shown from 2 hours before the visit to 2 hours after it."]
    assert CANARY not in words(answer)
    assert not AccessView.objects.exists()


def test_whoever_is_merely_asked_does_not_learn_how_to_get_in(ana: Member, clock) -> None:
    made = stage.booking(note=CANARY)
    shift = Shift.objects.get(visit__booking=made, state="offered")
    clock.move_to(shift.starts_at)
    answer = signed_in(ana).post(f"/shifts/{shift.pk}/access-note")
    assert said(answer) == ["That cannot be done any more: the shift is now “offered”."]
    assert not AccessView.objects.exists()


def test_how_to_get_in_stands_on_no_other_page_and_in_no_log(ana: Member, sol: Member, clock, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    shift, later = stage.accepted(note=CANARY), stage.booking(note=CANARY, starts_in=LATER)
    browser, office = signed_in(ana), signed_in(sol)
    browser.post(f"/shifts/{shift.pk}/access-note")
    turn = reverse("turn", args=[shift.pk])
    pages = [browser.get(page) for page in ("/today", "/offers", turn, f"/shifts/{shift.pk}/release")]
    pages += [office.get(page) for page in ("/office/shifts", turn, f"/visits/{shift.visit_id}/cancellation")]
    clock.move_to(shift.starts_at)
    pages += [browser.post(f"/shifts/{shift.pk}/{verb}", follow=True) for verb in ("start", "completion")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not any(CANARY in words(page) for page in pages)
    assert CANARY not in caplog.text
    assert not any(CANARY in notice.body for notice in Notice.objects.all())
    assert not Event.objects.filter(note__contains=CANARY).exists()
    assert later.home.access_note.open() == CANARY


CHILD = "My child is unwell."


def test_a_shift_given_back_goes_to_somebody_else(ana: Member, bo: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    giver = shift.member
    other = bo if giver == ana else ana
    answer = signed_in(giver).post(f"/shifts/{shift.pk}/release", {"why": "cannot", "words": CHILD})
    assert answer["Location"] == "/today"
    Shift.objects.get(pk=shift.pk).offer_next(at=NOW)
    shift = Shift.objects.get(pk=shift.pk)
    assert (shift.state, shift.member) == ("offered", other)
    assert Event.objects.about(shift).get(verb="release").note == "cannot"


def test_a_shift_given_back_is_never_offered_to_its_giver_again(ana: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    signed_in(ana).post(f"/shifts/{shift.pk}/release", {"why": "cannot", "words": CHILD})
    shift = Shift.objects.get(pk=shift.pk)
    assert shift.offer_next(at=NOW) is None
    assert shift.turns.latest("decided_at").candidates[0]["against"] == "passed"


def test_giving_back_without_a_word_asks_for_one(ana: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    answer = signed_in(ana).post(f"/shifts/{shift.pk}/release", {"words": CHILD})
    assert answer.status_code == 200
    assert "Please choose one of the four." in words(answer)
    assert CHILD in words(answer)
    assert Shift.objects.get(pk=shift.pk).state == "accepted"


def test_a_full_fortnight_asks_the_database_no_more_than_a_single_visit(ana: Member) -> None:
    ana.minutes_wanted = 6000
    ana.save()
    browser = signed_in(ana)
    stage.accepted()
    with CaptureQueriesContext(connection) as one:
        browser.get("/today")
    for day in range(15):
        for hour in (4,) if day == 0 else (-1, 4):
            stage.accepted(starts_in=TODAY + timedelta(days=day, hours=hour))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/today")
    assert Shift.objects.of(ana).count() == 30
    assert len(many) == len(one)
    assert len(page.content) <= 60_000
