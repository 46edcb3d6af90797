"""What the tests of money begin with: a service, a booked visit, a visit that was done."""

from datetime import UTC, datetime, timedelta
from itertools import count

from bookings.models import Booking, Quote, Service, Visit
from members.models import Member
from tests import make

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""A Tuesday morning in New York."""
_numbers = count(1)


def cleaning(*, crew: int = 1, cents_per_hour: int = 4000) -> Service:
    """Three and a half hours of cleaning for 140.00, unless told otherwise."""
    return Service.objects.get_or_create(
        code=f"cleaning-{crew}-{cents_per_hour}",
        defaults={
            "name_en": "Cleaning",
            "name_es": "Limpieza",
            "skill": "cleaning",
            "cents_per_hour": cents_per_hour,
            "base_minutes": 210,
            "crew": crew,
        },
    )[0]


def booking(*, service: Service | None = None, starts_at: datetime | None = None, at: datetime = NOW) -> Booking:
    """A booking of somebody new, waiting for a card."""
    number = next(_numbers)
    service = service or cleaning()
    price = service.quote(on=at.date())
    quote = Quote.objects.create(
        made_at=at,
        service=service,
        zip=make.zip_code(),
        minutes=price.minutes,
        cents=price.cents,
        name=f"Client {number}",
        email=f"client{number}@example.org",
        street=f"{number} 7th Ave",
    )
    quote.choose_time(starts_at or at + timedelta(days=2), at=at)
    return Booking.request(quote, at=at, by=None)


def visit(*, service: Service | None = None, starts_at: datetime | None = None, at: datetime = NOW) -> Visit:
    """A confirmed visit, accepted by those whose turn it was."""
    made = booking(service=service, starts_at=starts_at, at=at)
    made.confirm(at=at, by=None)
    found: Visit = made.first_visit()
    for shift in found.shifts.all():
        offer = shift.offer_next(at=at)
        assert offer is not None
        offer.accept(at=at, by=offer.member.user)
    return found


def do(visit: Visit, *, at: datetime | None = None) -> Visit:
    """Go there, do the work, and leave when it is done."""
    for shift in visit.shifts.order_by("pk"):
        shift.start(at=shift.starts_at, by=shift.member.user)
    for shift in visit.shifts.order_by("pk"):
        shift.complete(at=at or shift.ends_at, by=shift.member.user)
    return Visit.objects.get(pk=visit.pk)


def done_visit(*, service: Service | None = None, starts_at: datetime | None = None, at: datetime = NOW) -> Visit:
    """A visit that was booked, done and so is in the books."""
    return do(visit(service=service, starts_at=starts_at, at=at))


def hours(member: Member) -> int:
    """Minutes that a member has worked so far."""
    return sum(shift.minutes for shift in member.shifts.filter(state="done"))
