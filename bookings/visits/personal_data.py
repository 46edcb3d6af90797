"""What was booked and drafted, and the shifts that somebody has."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.households.clients import Client
from bookings.households.personal_data import of_household, of_work
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """The visits at their homes, and the shifts that are theirs."""
    return {**of_household(user, _household), **of_work(user, _work)}


def _household(client: Client) -> Facts:
    visits = Visit.objects.filter(booking__home__client=client).select_related("booking__service", "booking__home")
    related = visits.prefetch_related("shifts__member__user", "booking__extras")
    return {"visits": [_visit(visit) for visit in related.order_by("starts_at", "pk")]}


def _visit(visit: Visit) -> Facts:
    return {
        "service": str(visit.booking.service),
        "extras": [str(extra) for extra in visit.booking.extras.all()],
        "home": str(visit.booking.home),
        "state": visit.state,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "booked_at": visit.booking.requested_at,
        "people": [member.short_name for member in visit.people()],
        "cents": visit.cents,
    }


def _work(member: Member) -> Facts:
    """Shifts by area: a client's home is the client's."""
    have = Shift.objects.of(member).coming().order_by("starts_at")
    return {"shifts": list(have.values("state", "zip", "starts_at", "ends_at", "started_at", "done_at"))}


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """What is booked has to take place or be cancelled first."""
    if Booking.objects.going().filter(home__client__user_id=user.pk).exists():
        yield _("A visit is still planned. Cancel it first, or wait until it is over.")


def forget(user: User, at: datetime) -> None:
    """Drafts lose their contact."""
    theirs = Q(booking__home__client__user_id=user.pk) | Q(client__user_id=user.pk)
    drafts = Quote.objects.filter(theirs | Q(email=user.email) if user.email else theirs)
    drafts.update(name="", email="", phone="", street="", apartment="", access_note="")


register(PersonalData("home", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
