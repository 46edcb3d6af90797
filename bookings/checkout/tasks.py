"""Background work of booking and waiting; each may run twice or be killed at any point."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bookings.catalog.door.door_signs import DoorSign
from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.kept_times import KeptTime
from bookings.checkout.waitlist import WaitlistEntry
from bookings.signals import cleanup_due
from bookings.visits.bookings import Booking
from bookings.visits.shifts.shifts import Shift
from coop.jobs import process_each, sweep
from members.personal_data import erase


@sweep("bookings.sweep_holds")
def sweep_holds() -> None:
    """Free the times of those who did not go on, and the bookings for which no card was saved."""
    now = timezone.now()
    Shift.objects.lapsed(now).delete_holds()
    KeptTime.objects.old(now).delete()
    process_each(
        Booking.objects.unpaid(now).with_related()[:200],
        lambda booking: booking.lapse(at=now, by=None, note="no card was saved in time"),
    )


@sweep("bookings.sweep_waitlist")
def sweep_waitlist() -> None:
    """End the waits that are over, ask the next household where a time has opened, and tell where we come by now.

    While the door is closed nobody is asked or told: they could not book.
    """
    now, today = timezone.now(), timezone.localdate()
    rows = WaitlistEntry.objects.select_related("quote__service", "quote__zip", "quote__booking", "service", "user")
    process_each(rows.to_end(now)[:200], lambda entry: entry.end(at=now, by=None))
    if DoorSign.latest().is_open:
        process_each(rows.in_line(today)[:200], lambda entry: entry.ask_if_open(at=now))
        process_each(AreaRequest.objects.to_tell(today)[:50], lambda asked: asked.tell(at=now))


@receiver(cleanup_due)
def forget_unproven_waits(*, at: datetime, **_facts: Any) -> None:
    """Who waited with an address that nobody proved."""
    process_each(
        WaitlistEntry.objects.abandoned(at).select_related("user")[:200], lambda entry: erase(entry.user, at=at)
    )
