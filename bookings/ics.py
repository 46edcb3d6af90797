"""Visits as a calendar file: time and place in words, never how to get in."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from bookings.models import Visit


def calendar(visits: "Iterable[Visit]", *, at: datetime) -> str:
    """An iCalendar text with one event a visit.

    The same visit keeps its identity when it is sent again; the higher of two numbers is the newer.
    """
    file = Calendar()
    file.add("prodid", "-//Evenhand//EN")
    file.add("version", "2.0")
    for visit in visits:
        event = Event()
        event.add("uid", f"visit-{visit.pk}@{settings.ALLOWED_HOSTS[0]}")
        event.add("sequence", visit.sequence)
        event.add("dtstamp", at)
        event.add("dtstart", visit.starts_at)
        event.add("dtend", visit.ends_at)
        event.add("summary", f"{visit.booking.service} · {settings.COOP_NAME}")
        event.add("status", "CANCELLED" if visit.state == "cancelled" else "CONFIRMED")
        file.add_component(event)
    return str(file.to_ical().decode())
