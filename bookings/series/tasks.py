"""Background work of visits that come again; each may run twice or be killed at any point."""

from celery import shared_task
from django.utils import timezone

from bookings.series.days import SeriesDay
from bookings.series.series import Series
from bookings.visits.shifts.shifts import Shift
from coop.jobs import process_each, sweep


@shared_task(name="bookings.extend_series")
def extend_series(series_id: int) -> None:
    """Make the visits of the coming weeks."""
    Series.objects.going().with_related().get(pk=series_id).extend(at=timezone.now())


@shared_task(name="bookings.offer_series")
def offer_series(series_id: int) -> None:
    """Put the new shifts of a series to its regular person, or to whoever's turn it is."""
    now = timezone.now()
    new = Shift.objects.to_ask(now).filter(visit__booking__series=series_id, asked_at=None)
    process_each(new.with_related().order_by("starts_at"), lambda shift: shift.offer_next(at=now))


@sweep("bookings.sweep_series")
def sweep_series() -> None:
    """End pauses that are over, book every series as far ahead as it should be, and tell who comes instead of whom."""
    now = timezone.now()
    process_each(Series.objects.to_resume(now).with_related()[:200], lambda series: series.resume(at=now, by=None))
    process_each(Series.objects.to_extend(now).with_related()[:200], lambda series: series.extend(at=now))
    process_each(Series.objects.to_hand_over(now).with_related()[:200], lambda series: series.hand_over(at=now))
    substitutes = SeriesDay.objects.with_substitute(now).select_related("series")
    process_each(substitutes[:200], lambda row: row.tell_substitute(at=now))
