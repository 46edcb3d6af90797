"""What a series hears of its booking, and of days that are open after all."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from bookings.catalog.closed_days import ClosedDay
from bookings.series.days import SeriesDay
from bookings.series.mail import tell_reopened
from bookings.series.series import Series
from bookings.signals import booking_confirmed, day_reopened
from bookings.visits.bookings import Booking
from members.models import User


@receiver(booking_confirmed)
def begin_series(*, subject: Booking, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was booked to come again begins, and the confirmation names it."""
    Series.begin(subject, at=at, by=by)
    subject.tell_confirmed(at=at)


@receiver(day_reopened)
def tell_of_reopened_day(*, subject: ClosedDay, at: datetime, **_facts: Any) -> None:
    """Those hear of it who were told that nobody can come; they may have made other plans, so nothing is booked."""
    clashes = SeriesDay.objects.clashes(subject.effective_on).exclude(told_at=None)
    for row in clashes.select_related("series__booking__home__client__user", "series__booking__service"):
        tell_reopened(row.series, row, at=at)
