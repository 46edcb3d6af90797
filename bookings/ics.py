"""Visits and shifts as calendar files: time and place in words, never how to get in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from coop.models import Event as Record

if TYPE_CHECKING:
    from bookings.models import Booking, Shift, Visit
    from members.models import User

LOOK_BACK = timedelta(days=30)
"""How long a calendar goes on to show what is over, and what was cancelled."""
MOST = 500
"""Entries of one calendar."""
AGAIN = timedelta(hours=1)
"""How often a calendar program should look."""


def calendar(visits: "Iterable[Visit]", *, at: datetime) -> str:
    """An iCalendar text with one event a visit."""
    file, rows = _file(), list(visits)
    changed = _changed(rows)
    for visit in rows:
        file.add_component(_visit(visit, stamp=at, changed=changed))
    return str(file.to_ical().decode())


def visits_feed(user: "User", *, at: datetime) -> bytes:
    """The visits at somebody's homes, cancelled ones marked so for a month. Three queries."""
    from bookings.models import Visit

    mine = Visit.objects.at_homes_of(user).filter(starts_at__gt=at - LOOK_BACK, booking__confirmed_at__isnull=False)
    whole = mine.select_related("booking__service", "booking__home__zip")
    rows = list(whole.order_by("starts_at", "pk")[:MOST])
    changed = _changed(rows)
    return _feed(_visit(visit, stamp=visit.booking.confirmed_at, changed=changed) for visit in rows)


def shifts_feed(user: "User", *, at: datetime) -> bytes:
    """The shifts that a member has: when, and in which ZIP code; whose home and what is done there stay on our pages.

    What they no longer have is simply not there any more, in the same way whatever the reason. Three queries.
    """
    from bookings.models import Shift

    assert user.membership is not None
    have = Shift.objects.of(user.membership).filter(state__in=["accepted", "started", "done"])
    lately = have.filter(starts_at__gt=at - LOOK_BACK).select_related("visit__booking")
    rows = list(lately.order_by("starts_at", "pk")[:MOST])
    changed = _changed(rows)
    return _feed(_shift(shift, changed=changed) for shift in rows)


def _changed(rows: "Sequence[Visit] | Sequence[Shift]") -> dict[int, datetime]:
    """When each of these rows of one kind was last changed, by what is written down of it. One query."""
    if not rows:
        return {}
    written = Record.objects.filter(kind=rows[0]._meta.label_lower, subject__in=[row.pk for row in rows])
    return dict(written.order_by().values_list("subject").annotate(Max("at")))


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


def _visit(visit: "Visit", *, stamp: datetime | None, changed: Mapping[int, datetime]) -> Event:
    """A visit as its household's calendar shows it, with the place and our page about it. Of care it says no more."""
    off, missed = visit.state in ("cancelled", "missed"), visit.state == "missed"
    booking, page = visit.booking, f"{settings.BASE_URL}{visit.get_absolute_url()}"
    entry = _entry(visit, of=booking, sequence=visit.sequence + missed, stamp=stamp, changed=changed)
    what = _("Visit") if booking.service.credential else str(booking.service)
    entry.add("summary", f"{what} · {settings.COOP_NAME}")
    entry.add("location", f"{booking.home}, {booking.home.zip.city}, {booking.home.zip.state} {booking.home.zip_id}")
    entry.add("description", page)
    entry.add("url", page)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    return entry


def _shift(shift: "Shift", *, changed: Mapping[int, datetime]) -> Event:
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
