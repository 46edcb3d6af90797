"""Visits and shifts as calendar files: time and place in words, never how to get in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from bookings.models import Shift, Visit
    from members.models import User

LOOK_BACK = timedelta(days=30)
"""How long a calendar goes on to show what is over, and what was cancelled."""
MOST = 500
"""Entries of one calendar."""
AGAIN = timedelta(hours=1)
"""How often a calendar program should look."""


def calendar(visits: "Iterable[Visit]", *, at: datetime) -> str:
    """An iCalendar text with one event a visit."""
    file = _file()
    for visit in visits:
        file.add_component(_visit(visit, stamp=at))
    return str(file.to_ical().decode())


def visits_feed(user: "User", *, at: datetime) -> bytes:
    """The visits at somebody's homes, cancelled ones marked so for a month. Two queries."""
    from bookings.models import Visit

    mine = Visit.objects.at_homes_of(user).filter(starts_at__gt=at - LOOK_BACK, booking__confirmed_at__isnull=False)
    rows = mine.select_related("booking__service").order_by("starts_at", "pk")[:MOST]
    return _feed(_visit(visit, stamp=visit.booking.confirmed_at) for visit in rows)


def shifts_feed(user: "User", *, at: datetime) -> bytes:
    """The shifts that a member has: first name and area, as from the beginning on their pages.

    What they no longer have is simply not there any more, in the same way whatever the reason. Two queries.
    """
    from bookings.models import Shift

    assert user.membership is not None
    have = Shift.objects.of(user.membership).filter(state__in=["accepted", "started", "done"])
    rows = have.filter(starts_at__gt=at - LOOK_BACK).select_related(*Shift.WHOLE).order_by("starts_at", "pk")[:MOST]
    return _feed(_shift(shift) for shift in rows)


def _feed(entries: "Iterable[Event]") -> bytes:
    file = _file()
    file.add("x-wr-calname", settings.COOP_NAME)
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


def _visit(visit: "Visit", *, stamp: datetime | None) -> Event:
    """A visit as its client's calendar shows it."""
    off, missed = visit.state in ("cancelled", "missed"), visit.state == "missed"
    entry = _entry(f"visit-{visit.pk}", visit.sequence + missed, stamp, visit.starts_at, visit.ends_at)
    entry.add("summary", f"{visit.booking.service} · {settings.COOP_NAME}")
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    return entry


def _shift(shift: "Shift") -> Event:
    """A shift as its worker's calendar shows it: no surname, street, phone or code."""
    assert shift.visit is not None
    entry = _entry(f"shift-{shift.pk}", shift.visit.sequence, shift.assigned_at, shift.starts_at, shift.ends_at)
    entry.add("summary", f"{shift.visit.booking.service} · {shift.home.client.user.first_name}")
    entry.add("location", f"{shift.zip_id} {shift.zip.city}")
    entry.add("status", "CONFIRMED")
    return entry


def _entry(name: str, sequence: int, stamp: datetime | None, starts_at: datetime, ends_at: datetime) -> Event:
    """The same thing keeps its identity when it is sent again; the higher of two numbers is the newer."""
    entry = Event()
    entry.add("uid", f"{name}@{settings.ALLOWED_HOSTS[0]}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", stamp or starts_at)
    entry.add("dtstart", starts_at)
    entry.add("dtend", ends_at)
    return entry
