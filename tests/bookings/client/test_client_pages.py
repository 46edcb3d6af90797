"""What a client finds after booking: the booking, the visits, cancelling, and who should not come again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import DoNotSend, Shift, Visit
from members.models import Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor() -> Browser:
    return Browser()


@pytest.fixture
def theirs(lee: User) -> Browser:
    """The Lees' own browser, signed in."""
    return desk.signed_in(lee)


def done(visit: Visit) -> Visit:
    """The visit took place."""
    shift = Shift.objects.with_related().get(visit=visit)
    shift.start(at=visit.starts_at, by=shift.member.user)
    shift.complete(at=visit.ends_at, by=shift.member.user)
    return Visit.objects.get(pk=visit.pk)


def test_a_booking_without_a_card_says_until_when_the_time_is_kept(visitor: Browser, ana: Member) -> None:
    booking = desk.book(visitor)
    page = desk.text(visitor.get(booking.get_absolute_url()))
    assert "One thing is missing: a card." in page
    assert "We keep your time until 10:15 AM." in page
    assert reverse("save_card", args=[booking.token]) in page


def test_a_declined_card_keeps_the_booking_for_a_day_and_says_so(visitor: Browser, ana: Member) -> None:
    booking = desk.book(visitor)
    booking.mark_at_risk(at=desk.NOW, by=None)
    page = desk.text(visitor.get(booking.get_absolute_url()))
    assert "Your card was declined." in page
    assert "We keep your time until Tuesday, March 10, 10:00 AM." in page
    assert "Try another card" in page
    notice = Notice.objects.get(user=booking.client.user)
    assert notice.subject == "Your card was declined. We keep your time for one more day."


def test_cancelling_is_free_until_a_day_before_and_frees_the_person(visitor: Browser, ana: Member) -> None:
    visit = desk.confirmed(visitor)
    booking = visit.booking
    theirs = desk.signed_in(booking.client.user)
    page = desk.text(theirs.get(booking.get_absolute_url()))
    assert "free until Wednesday, March 11, 9:00 AM" in page
    page = desk.text(theirs.post(reverse("cancel_booking", args=[booking.token]), follow=True))
    assert "Your visit is cancelled. You owe nothing for it." in page
    assert "This booking is cancelled." in page
    assert Shift.objects.get(visit=visit).state == "cancelled"
    notice = Notice.objects.get(subject="Your visit on Thursday, March 12 at 9:00 AM is cancelled")
    assert "you owe nothing for it" in notice.body
    assert Notice.objects.filter(user=ana.user, key__startswith="shift_cancelled").count() == 1


def test_cancelling_too_late_is_a_sentence_and_changes_nothing(
    visitor: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    booking = desk.confirmed(visitor).booking
    theirs = desk.signed_in(booking.client.user)
    monday_morning.move_to(desk.THURSDAY_NINE - timedelta(hours=23))
    address = booking.get_absolute_url()
    assert "Yes, cancel the visit" not in desk.text(theirs.get(address))
    cancelling = reverse("cancel_booking", args=[booking.token])
    page = desk.text(theirs.post(cancelling, follow=True, headers={"referer": f"http://testserver{address}"}))
    assert "Cancelling costs $25.00 by now." in page
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_booking_is_cancelled_by_a_post_alone(visitor: Browser, ana: Member) -> None:
    booking = desk.confirmed(visitor).booking
    assert visitor.get(reverse("cancel_booking", args=[booking.token])).status_code == 405


def test_a_client_sees_what_comes_and_what_was_and_books_the_same_again(
    theirs: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    done(desk.confirmed(theirs))
    coming = desk.confirmed(theirs, desk.THURSDAY_NINE + DAY)
    monday_morning.move_to(desk.THURSDAY_NINE + timedelta(hours=5))
    page = desk.text(theirs.get(reverse("my_bookings")))
    before, after = page.split("Past", 1)
    assert "Friday, March 13" in before
    assert "Thursday, March 12" in after
    assert coming.again.replace("&", "&amp;") in after
    again = desk.text(theirs.get(coming.again))
    assert 'value="11215"' in again
    assert "$131.25" in again


def test_a_new_client_is_shown_the_way(dan: User) -> None:
    assert "No visits yet" in desk.text(desk.signed_in(dan).get(reverse("my_bookings")))


def test_the_visit_page_names_who_comes_once_they_said_yes(theirs: Browser, ana: Member) -> None:
    booking = desk.book(theirs)
    booking.card_saved(at=desk.NOW, by=None)
    address = reverse("visit", args=[booking.first_visit().pk])
    page = desk.text(theirs.get(address))
    assert "Nobody has said yes yet; we go on asking" in page
    assert "Please don’t send Ana R. again" not in page
    shift = Shift.objects.get()
    shift.offers.get().accept(at=desk.NOW, by=ana.user)
    page = desk.text(theirs.get(address))
    for words in ("Ana R.", "$131.25", "$124.69", "418 7th Ave, 3", "Please don’t send Ana R. again"):
        assert words in page
    assert "4417#" not in page


def test_a_visit_is_seen_by_its_people_only(theirs: Browser, ana: Member, bo: Member, sol: Member, dan: User) -> None:
    visit = desk.confirmed(theirs)
    ours = [shift.member for shift in visit.shifts.all()]
    others: list[Any] = [dan, *({ana, bo} - set(visit.people()))]
    for person in (*ours, sol):
        page = desk.text(desk.signed_in(person).get(visit.get_absolute_url()))
        assert "Please don’t send" not in page
        assert ("418 7th Ave" in page) is (person == sol)
    for stranger in others:
        assert desk.signed_in(stranger).get(visit.get_absolute_url()).status_code == 404
    assert Browser().get(visit.get_absolute_url()).status_code == 302


def test_a_do_not_send_frees_the_shifts_to_come_at_once(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    asked = reverse("place_do_not_send", args=[visit.pk])
    page = desk.text(theirs.post(asked, {"member": ana.pk, "reason": "quality"}, follow=True))
    assert "We will not send Ana R. to your homes again." in page
    assert "Nobody has said yes yet; we go on asking" in page
    wish = DoNotSend.objects.get()
    assert (wish.member, wish.client.user.first_name, wish.placer, wish.reason) == (ana, "Jordan", "client", "quality")
    assert Shift.objects.get().state == "open"
    draft = desk.ask(theirs)
    assert "Nobody is free on these days." in desk.text(theirs.get(reverse("choose_time", args=[draft.token])))


def test_the_wish_can_be_taken_back_by_whoever_had_it(theirs: Browser, ana: Member, dan: User, sol: Member) -> None:
    visit = desk.confirmed(theirs)
    theirs.post(reverse("place_do_not_send", args=[visit.pk]), {"member": ana.pk, "reason": "other"})
    wish = DoNotSend.objects.get()
    assert "You asked us not to send them again." in desk.text(theirs.get(reverse("my_bookings")))
    lifting = reverse("lift_do_not_send", args=[wish.pk])
    for person in (dan, sol, ana):
        assert desk.signed_in(person).post(lifting).status_code == 404
    page = desk.text(theirs.post(lifting, follow=True))
    assert "Ana R. may be sent to you again." in page
    assert "You asked us not to send them again." not in page
    assert theirs.post(lifting).status_code == 404


def test_nobody_but_the_client_asks_that_somebody_is_not_sent(
    theirs: Browser, ana: Member, sol: Member, dan: User
) -> None:
    visit = desk.confirmed(theirs)
    asked, wish = reverse("place_do_not_send", args=[visit.pk]), {"member": ana.pk, "reason": "quality"}
    assert desk.signed_in(dan).post(asked, wish).status_code == 404
    assert desk.signed_in(ana).post(asked, wish).status_code == 403
    assert desk.signed_in(sol).post(asked, wish).status_code == 403
    assert Browser().post(asked, wish).status_code == 302
    assert not DoNotSend.objects.exists()


def test_only_somebody_who_came_can_be_named_and_a_reason_is_needed(theirs: Browser, ana: Member, cara: Member) -> None:
    visit = desk.confirmed(theirs)
    asked = reverse("place_do_not_send", args=[visit.pk])
    other = ana if visit.people() == [cara] else cara
    for wish in ({"member": other.pk, "reason": "quality"}, {"member": visit.people()[0].pk}, {"reason": "\x00"}, {}):
        assert theirs.post(asked, wish).status_code == 200
    page = desk.text(theirs.post(asked, {"member": visit.people()[0].pk}))
    assert "Please choose a reason." in page
    assert "race, origin, religion, sex, age or disability" in page
    assert not DoNotSend.objects.exists()


def test_garbage_in_addresses_is_not_found(theirs: Browser) -> None:
    for address in ("/visits/0", "/visits/99999999999999999999999", "/visits/abc", "/bookings/abc.ics"):
        assert theirs.get(address).status_code == 404
    assert theirs.get(reverse("my_bookings"), {"page": "\x00"}).status_code == 200
    assert theirs.post("/do-not-send/99999999999999999999999/lifting").status_code == 404


def test_the_lists_ask_the_database_as_often_for_many_visits_as_for_few(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    few = _queries(theirs, visit)
    for day in range(1, 8):
        make.member()
        visit = desk.confirmed(theirs, desk.THURSDAY_NINE + day * DAY)
    assert _queries(theirs, visit) == few


def _queries(browser: Browser, visit: Visit) -> list[int]:
    counts = []
    for url in (reverse("my_bookings"), visit.get_absolute_url(), visit.booking.get_absolute_url()):
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
    return counts
