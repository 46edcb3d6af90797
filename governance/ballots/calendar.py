"""When a vote opens, closes and takes effect, on the co-op's own calendar. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone

OPENS, CLOSES = time(8), time(20)
DAY = timedelta(days=1)


def zone() -> tzinfo:
    """The co-op's zone, in which days of notice are counted."""
    return timezone.get_current_timezone()


def day_of(moment: datetime) -> date:
    """The day on the co-op's calendar."""
    return moment.astimezone(zone()).date()


def moment(day: date, clock: time) -> datetime:
    """That time of that day in the co-op's zone."""
    return datetime.combine(day, clock, tzinfo=zone())


def opening(noticed_at: datetime, *, clear_days: int) -> datetime:
    """Eight in the morning after so many whole days, leaving out the day of notice and the day of opening."""
    return moment(day_of(noticed_at) + (clear_days + 1) * DAY, OPENS)


def closing(opened_at: datetime, *, days: int) -> datetime:
    """The first eight in the evening when the vote has been open for so many whole days."""
    last = opened_at.astimezone(zone()) + days * DAY
    at = moment(last.date(), CLOSES)
    return at if at >= last else moment(last.date() + DAY, CLOSES)
