"""What the tests of the clients' pages begin with: the wishes of the Lees, and a browser that walks the four steps."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse

from bookings.models import Booking, Quote, Shift, Visit
from members.models import Member, User
from tests.browsers import Browser

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 9, 10, tzinfo=NEW_YORK)
"""A Monday morning."""
THURSDAY_NINE = datetime(2026, 3, 12, 9, tzinfo=NEW_YORK)

WISH = {"service": "cleaning", "zip": "11215", "bedrooms": "2", "bathrooms": "1", "hours": "180"}
CONTACT = {
    "name": "Jordan Lee",
    "email": "jordan-lee@example.org",
    "home": "another",
    "phone": "(718) 555-2368",
    "street": "418 7th Ave",
    "apartment": "3",
    "access_note": "Code 4417#, the dog is friendly.",
}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def ask(browser: Browser, **wish: Any) -> Quote:
    """Step 1."""
    response = browser.post(reverse("quote"), WISH | wish)
    assert response.status_code == 302, text(response)
    return Quote.objects.latest("pk")


def choose(browser: Browser, draft: Quote, starts_at: datetime = THURSDAY_NINE) -> HttpResponse:
    """Step 2."""
    return browser.post(reverse("choose_time", args=[draft.token]), {"starts_at": starts_at.isoformat()})


def give(browser: Browser, draft: Quote, **contact: Any) -> HttpResponse:
    """Step 3."""
    return browser.post(reverse("give_contact", args=[draft.token]), CONTACT | contact)


def agree(browser: Browser, draft: Quote) -> HttpResponse:
    """Step 4."""
    return browser.post(reverse("check_booking", args=[draft.token]), {"agreed": "on"})


def book(browser: Browser, starts_at: datetime = THURSDAY_NINE, **contact: Any) -> Booking:
    """All four steps; the card is still to be saved, and nobody has proven the address."""
    draft = ask(browser)
    choose(browser, draft, starts_at)
    give(browser, draft, **contact)
    agree(browser, draft)
    return Booking.objects.get(quote=draft)


def prove(booking: Booking, *, at: datetime = NOW) -> User:
    """The address of the booking is theirs, as its newcomer shows by a code or by the link of our mail."""
    booking.client.user.prove(at=at)
    return booking.client.user


def confirmed(browser: Browser, starts_at: datetime = THURSDAY_NINE, *, at: datetime = NOW, **contact: Any) -> Visit:
    """Booked, proven, with a card, and accepted by whose turn it was."""
    booking = book(browser, starts_at, **contact)
    prove(booking, at=at)
    booking.card_saved(at=at, by=None)
    shift = Shift.objects.get(visit__booking=booking)
    shift.offers.get(state="made").accept(at=at, by=shift.member.user)
    return Visit.objects.get(booking=booking)


def signed_in(person: Member | User) -> Browser:
    browser = Browser()
    browser.force_login(person.user if isinstance(person, Member) else person)
    return browser
