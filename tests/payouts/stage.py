"""What the tests of money begin with: a service, a booked visit, a visit that was done."""

from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet

from bookings.catalog.pricing import Takes
from bookings.models import Booking, Quote, Service, Visit
from coop.policies import policy_cache
from payouts.models import CardSession, Charge
from tests import make
from tests.browsers import Browser

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""A Tuesday morning in New York."""
_numbers = count(1)


def cleaning(*, crew: int = 1, cents_per_hour: int = 4000) -> Service:
    """Three and a half hours of cleaning for 140.00, unless told otherwise."""
    service, is_new = Service.objects.get_or_create(
        code=f"cleaning-{crew}-{cents_per_hour}",
        defaults={
            "name_en": "Cleaning",
            "name_es": "Limpieza",
            "skill": "cleaning",
        },
    )
    if is_new:
        make.price(service, cents_per_hour=cents_per_hour, takes=Takes(base_minutes=210, crew=crew))
    return service


@policy_cache()
def booking(
    *,
    service: Service | None = None,
    starts_at: datetime | None = None,
    at: datetime = NOW,
    browser: Browser | None = None,
) -> Booking:
    """A booking of somebody new, waiting for a card; with a browser, typed in it by somebody without an account."""
    number = next(_numbers)
    service = service or cleaning()
    price = service.quote(on=at.date())
    quote = Quote.objects.create(
        made_at=at,
        service=service,
        zip=make.zip_code(),
        minutes=price.minutes,
        cents=price.cents,
        crew=price.crew,
        name=f"Client {number}",
        email=f"client{number}@example.org",
        street=f"{number} 7th Ave",
        browser=browser.marked() if browser else None,
    )
    quote.choose_time(starts_at or at + timedelta(days=2), at=at)
    return Booking.request(quote, at=at, by=None if browser else make.booker(quote))


@policy_cache()
def visit(*, service: Service | None = None, starts_at: datetime | None = None, at: datetime = NOW) -> Visit:
    """A confirmed visit, accepted by those whose turn it was."""
    made = booking(service=service, starts_at=starts_at, at=at)
    made.card_saved(at=at, by=None)
    return accept(made, at=at)


@policy_cache()
def do(visit: Visit, *, at: datetime | None = None) -> Visit:
    """Go there, do the work, and leave when it is done."""
    for shift in visit.shifts.order_by("pk"):
        shift.start(at=shift.starts_at, by=shift.member.user)
    for shift in visit.shifts.order_by("pk"):
        shift.complete(at=at or shift.ends_at, by=shift.member.user)
    return Visit.objects.get(pk=visit.pk)


@policy_cache()
def done_visit(*, service: Service | None = None, starts_at: datetime | None = None, at: datetime = NOW) -> Visit:
    """A visit that was booked, done and so is in the books."""
    return do(visit(service=service, starts_at=starts_at, at=at))


def choose_card(session: CardSession, card: str = "visa") -> int:
    """What a client does on the hosted page; the status that the page answers with."""
    parts = urlsplit(session.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", parts.path, urlencode({"card": card}), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def save_card(booking: Booking, card: str = "visa", *, at: datetime = NOW) -> None:
    """Go to the hosted page, choose a card, come back."""
    session = CardSession.open_for(booking, at=at)
    choose_card(session, card)
    session.look(at=at, by=None)


@policy_cache()
def accept(booking: Booking, *, at: datetime = NOW) -> Visit:
    """Everybody whose turn it is says yes."""
    found: Visit = Booking.objects.get(pk=booking.pk).first_visit()
    for shift in found.shifts.all():
        offer = shift.offers.waiting().first() or shift.offer_next(at=at)
        assert offer is not None
        offer.accept(at=at, by=offer.member.user)
    return found


@policy_cache()
def paid_visit(*, card: str = "bypassPending", starts_at: datetime | None = None, at: datetime = NOW) -> Visit:
    """A visit that was booked with a card, done, charged, and is in the balance at once."""
    booked = booking(starts_at=starts_at, at=at)
    save_card(booked, card, at=at)
    done = do(accept(booked, at=at))
    assert done.completed_at is not None
    work_through(Charge.objects.filter(visit=done), at=done.completed_at)
    return done


def work_through(charges: "QuerySet[Charge]", *, at: datetime) -> None:
    """Let the sweep come by until nothing is due any more."""
    while due := charges.due(at).first():  # type: ignore[attr-defined]
        due.move(at=at)
