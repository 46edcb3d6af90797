"""The coming days of a series as its client sees them at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bookings.series.days import SeriesDay
from bookings.series.series import Series
from bookings.visits.visits import Visit
from coop.policies import Text
from members.hours.public_holidays import public_holidays


@dataclass(frozen=True)
class UpcomingDay:
    """One day: `free` tells that it can be left out at no cost, `can_return` that it can be had after all.

    `holiday` is the name of the public holiday that it is, if any.
    """

    row: SeriesDay
    free: bool
    can_return: bool
    holiday: Text = ""

    @property
    def visit(self) -> Visit | None:
        return self.row.visit


def lines(series: Series, *, at: datetime) -> list[UpcomingDay]:
    """Today's day and all that come, in order; five queries whatever their number."""
    today = at.astimezone(series.zone).date()
    rows = series.days.with_related().filter(day__gte=today).exclude(became=SeriesDay.Became.PAUSED)
    rules = {one.day: one.starts_at(series.zone) for one in series.occasions(today, today + timedelta(days=400))}
    return [_line(row, rules.get(row.day), at=at) for row in rows]


def with_holidays(coming: list[UpcomingDay], state: str) -> list[UpcomingDay]:
    """The same with the public holidays of a state among them named."""
    if not coming:
        return []
    names = public_holidays(state, coming[0].row.day, coming[-1].row.day)
    return [replace(line, holiday=names.get(line.row.day, "")) for line in coming]


def next_of_each(visits: Iterable[Visit]) -> list[Visit]:
    """Visits in their order; of each series only the next one, which leads to the others."""
    seen: set[int] = set()
    found = []
    for visit in visits:
        series = getattr(visit.booking, "series", None)
        if series is None or series.pk not in seen:
            found.append(visit)
        seen.update([series.pk] if series else [])
    return found


def _line(row: SeriesDay, usual: datetime | None, *, at: datetime) -> UpcomingDay:
    scheduled = row.visit is not None and row.visit.state == Visit.State.SCHEDULED
    off = row.visit is None or row.visit.state == Visit.State.CANCELLED
    return UpcomingDay(
        row,
        free=scheduled and row.visit is not None and not row.visit.cancellation(at).cents,
        can_return=off and usual is not None and usual > at,
    )
