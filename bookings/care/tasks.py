"""Background work of the record of care; it may run twice or be killed at any point."""

from django.utils import timezone

from bookings.care.records import CareRecord, unwritten
from coop.jobs import process_each, sweep


@sweep("bookings.sweep_care")
def sweep_care() -> None:
    """Put care that was given on record, once its worker has said that it is done and cannot take that back."""
    now = timezone.now()
    process_each(unwritten(now)[:200], lambda shift: CareRecord.write(shift, at=now))
