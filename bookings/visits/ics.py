"""Visits and shifts as calendar files: time and place in words, never how to get in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from bookings.states import VisitState
from coop.contact import coop_name
from coop.models import Event as Record

if TYPE_CHECKING:
    from bookings.visits.bookings import Booking
    from bookings.visits.shifts.shifts import Shift
    from bookings.visits.visits import Visit

AGAIN = timedelta(hours=1)
"""How often a calendar program should look."""


def calendar(visits: "Iterable[Visit]", *, at: datetime) -> str:
    """An iCalendar text with one event a visit."""
    file, rows = _file(), list(visits)
    changed = changed_at(rows)
    for visit in rows:
        file.add_component(visit_event(visit, stamp=at, changed=changed))
    return str(file.to_ical().decode())


def changed_at(rows: "Sequence[Visit] | Sequence[Shift]") -> dict[int, datetime]:
    """When each of these rows of one kind was last changed, by what is written down of it. One query."""
    if not rows:
        return {}
    written = Record.objects.filter(kind=rows[0]._meta.label_lower, subject__in=[row.pk for row in rows])
    return dict(written.order_by().values_list("subject").annotate(Max("at")))


def feed_of(entries: "Iterable[Event]") -> bytes:
    file = _file()
    file.add("x-wr-calname", coop_name())
    file.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    for entry in entries:
        file.add_component(entry)
    return bytes(file.to_ical())


def _file() -> Calendar:
    file = Calendar()
    file.add("prodid", "-//Evenhand//EN")
    file.add("version", "2.0")
    return file


def visit_event(visit: "Visit", *, stamp: datetime | None, changed: Mapping[int, datetime]) -> Event:
    """A visit as its household's calendar shows it, with the place and our page about it. Of care it says no more."""
    off, missed = visit.state in (VisitState.CANCELLED, VisitState.MISSED), visit.state == VisitState.MISSED
    booking, page = visit.booking, f"{settings.BASE_URL}{visit.get_absolute_url()}"
    entry = _entry(visit, of=booking, sequence=visit.sequence + missed, stamp=stamp, changed=changed)
    what = _("Visit") if booking.service.credential else str(booking.service)
    entry.add("summary", f"{what} · {coop_name()}")
    entry.add("location", f"{booking.home}, {booking.home.zip.city}, {booking.home.zip.state} {booking.home.zip_id}")
    entry.add("description", page)
    entry.add("url", page)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    return entry


def shift_event(shift: "Shift", *, changed: Mapping[int, datetime]) -> Event:
    """A shift as its worker's calendar shows it: that there is a visit, and the ZIP code."""
    assert shift.visit is not None
    sequence, stamp = shift.visit.sequence, shift.assigned_at
    entry = _entry(shift, of=shift.visit.booking, sequence=sequence, stamp=stamp, changed=changed)
    entry.add("summary", _("Visit"))
    entry.add("location", shift.zip_id)
    entry.add("status", "CONFIRMED")
    return entry


def _entry(
    row: "Visit | Shift", *, of: "Booking", sequence: int, stamp: datetime | None, changed: Mapping[int, datetime]
) -> Event:
    """The same thing keeps its identity when it is sent again; the higher of two numbers is the newer.

    The identity is made of the booking's secret and cannot be turned back into it, so that no two co-ops share one and
    no setting changes it.
    """
    entry = Event()
    entry.add("uid", uuid5(of.token, f"{row._meta.model_name}-{row.pk}"))
    entry.add("sequence", sequence)
    entry.add("dtstamp", stamp or row.starts_at)
    entry.add("last-modified", changed.get(row.pk) or stamp or row.starts_at)
    entry.add("dtstart", row.starts_at)
    entry.add("dtend", row.ends_at)
    return entry
