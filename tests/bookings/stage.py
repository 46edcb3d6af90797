"""What the tests of a worker's and a coordinator's pages begin with: shifts at real homes, offered and accepted."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse

from bookings.models import Booking, Offer, Quote, Service, Shift
from bookings.visits.tasks import sweep_visits
from coop.policies import policy_cache
from members.models import Member, User
from tests import make
from tests.browsers import Browser

NOW = datetime(2026, 3, 10, 13, tzinfo=UTC)
"""A Tuesday, nine in the morning in New York."""
TODAY, TOMORROW, LATER = timedelta(hours=1), timedelta(hours=25), timedelta(days=6, hours=1)

_numbers = count(1)


def signed_in(person: Member | User) -> Browser:
    """A browser in which somebody is signed in."""
    browser = Browser()
    browser.force_login(person.user if isinstance(person, Member) else person)
    return browser


def words(response: Any) -> str:
    """A page as one line, however its templates break theirs."""
    return " ".join(response.content.decode().split()).replace(" >", ">")


def said(response: HttpResponse) -> list[str]:
    """What the site told whoever asked."""
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


@policy_cache()
def booking(
    *,
    starts_in: timedelta = TOMORROW,
    zip: str = "11215",
    note: str = "",
    service: str = "cleaning",
    at: datetime = NOW,
) -> Booking:
    """A confirmed booking of somebody new: two and three quarter hours of cleaning, or three hours of care.

    Its shift is offered to whoever's turn it is `at`, and starts `starts_in` after NOW.
    """
    number, kind = next(_numbers), Service.objects.get(code=service)
    wish: dict[str, Any] = {"minutes": 180} if kind.by_the_hour else {"bedrooms": 1, "bathrooms": 1}
    price = kind.quote(on=at.date(), **wish)
    quote = Quote.objects.create(
        made_at=at,
        service=kind,
        zip=make.zip_code(zip),
        bedrooms=wish.get("bedrooms", 0),
        bathrooms=wish.get("bathrooms", 0),
        hours_minutes=wish.get("minutes", 0),
        minutes=price.minutes,
        cents=price.cents,
        crew=price.crew,
        name=f"Robin Client{number}",
        email=f"robin{number}@example.org",
        phone="+12125550123",
        street=f"{number} 7th Ave",
        access_note=note,
    )
    quote.choose_time(NOW + starts_in, at=at)
    made = Booking.request(quote, at=at, by=make.booker(quote))
    made.card_saved(at=at, by=None)
    return made


def offered(*, starts_in: timedelta = TOMORROW, zip: str = "11215", service: str = "cleaning") -> Offer:
    """An offer made NOW to whoever's turn it is."""
    made = booking(starts_in=starts_in, zip=zip, service=service)
    return Offer.objects.waiting().get(shift__visit__booking=made)


@policy_cache()
def accepted(*, starts_in: timedelta = TODAY, zip: str = "11215", note: str = "") -> Shift:
    """A shift that was booked, offered and accepted three days ago by whoever's turn it was."""
    then = NOW - timedelta(days=3)
    made = booking(starts_in=starts_in, zip=zip, note=note, at=then)
    offer = Offer.objects.waiting().get(shift__visit__booking=made)
    offer.accept(at=then, by=offer.member.user)
    return Shift.objects.with_related().get(pk=offer.shift_id)


def settle(clock: Any) -> None:
    """Let the time pass in which a finish can be undone; then the sweep comes by."""
    clock.shift(timedelta(minutes=5))
    sweep_visits()


@policy_cache()
def on_board(*, starts_in: timedelta = TOMORROW, zip: str = "11215") -> Shift:
    """A shift that everybody who could do it passed."""
    made = booking(starts_in=starts_in, zip=zip)
    while offer := Offer.objects.waiting().filter(shift__visit__booking=made).first():
        offer.pass_on(at=NOW, by=offer.member.user, why=Offer.Why.TIME)
    return Shift.objects.with_related().get(visit__booking=made)
