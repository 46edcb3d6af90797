"""Background work of visits and shifts; each may run twice or be killed at any point."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.dispatch import receiver
from django.utils import timezone

from bookings.signals import cleanup_due
from bookings.visits.quotes import Quote
from bookings.visits.reminders import list_tomorrow, remind
from bookings.visits.retention import abandoned_claims, homes_with_old_notes
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.jobs import process_each, sweep
from members.personal_data import erase


@shared_task(name="bookings.offer_shift")
def offer_shift(shift_id: int) -> None:
    """Put an open shift to whoever's turn it is."""
    Shift.objects.with_related().get(pk=shift_id).offer_next(at=timezone.now())


@sweep("bookings.sweep_visits")
def sweep_visits() -> None:
    """Complete the visits that are done, once the last finish cannot be undone any more."""
    now = timezone.now()
    process_each(Visit.objects.to_complete(now).with_related()[:200], lambda visit: visit.settle(at=now, by=None))


@sweep("bookings.sweep_reminders")
def sweep_reminders() -> None:
    """Remind households of the visits to come, and members of tomorrow's shifts."""
    remind(at=timezone.now())
    list_tomorrow(at=timezone.now())


@sweep("bookings.sweep_notes")
def sweep_notes() -> None:
    """Delete what has served, wing by wing."""
    cleanup_due.send(sender=None, at=timezone.now())


@receiver(cleanup_due)
def delete_old_notes(*, at: datetime, **_facts: Any) -> None:
    """Getting-in notes a day after the last visit; and whoever booked with an address that nobody proved, in time."""
    process_each(homes_with_old_notes(at)[:200], lambda home: home.keep_note(""))
    Quote.objects.with_old_notes(at).update(access_note="")
    process_each(abandoned_claims(at).select_related("user")[:200], lambda client: erase(client.user, at=at))
