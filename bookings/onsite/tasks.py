"""Background work at homes; each may run twice or be killed at any point."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.late_alerts import tell_of_forgotten, tell_of_late
from bookings.onsite.photos import Photo
from bookings.onsite.taps import TapPlace
from bookings.signals import cleanup_due
from coop.jobs import process_each, sweep


@sweep("bookings.sweep_late")
def sweep_late() -> None:
    """Ask whoever should have begun or ended, tell the office and the client; find readers for reports without any."""
    now = timezone.now()
    tell_of_late(at=now)
    tell_of_forgotten(at=now)
    process_each(Incident.objects.unread(now), lambda report: report.find_readers(at=now))


@receiver(cleanup_due)
def delete_old_places_and_photos(*, at: datetime, **_facts: Any) -> None:
    """Where somebody tapped, and photos, each in its time."""
    TapPlace.objects.old(at).delete()
    Photo.objects.expired(at).delete()
