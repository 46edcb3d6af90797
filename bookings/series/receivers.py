"""What a series hears of its booking."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from bookings.series.series import Series
from bookings.signals import booking_confirmed
from bookings.visits.bookings import Booking
from members.models import User


@receiver(booking_confirmed)
def begin_series(*, subject: Booking, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was booked to come again begins, and the confirmation names it."""
    Series.begin(subject, at=at, by=by)
    subject.tell_confirmed(at=at)
