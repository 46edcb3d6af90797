"""Calendars as integers: which start times can be sold. Pure: no rows, no clock.

A window of days is one integer of quarter-hours; bit 0 is its first local midnight. Quarters are counted in
absolute time, so a night when clocks change is simply a quarter longer or shorter than its neighbours.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import ceil, cos, floor, hypot, radians
from typing import Protocol
from zoneinfo import ZoneInfo

from members.hours.free_hours import Minutes

QUARTER = timedelta(minutes=15)
KM_PER_DEGREE = 111.32
DETOUR = 1.3
KM_PER_HOUR = 25

Point = tuple[float, float]
Span = tuple[datetime, datetime]


def travel_minutes(here: Point, there: Point, *, least: int) -> float:
    """From home to home in minutes: the least time plus 1.3 times the straight line at 25 km/h."""
    (a, b), (c, d) = here, there
    km = KM_PER_DEGREE * hypot(a - c, (b - d) * cos(radians(a)))
    return least + DETOUR * km / KM_PER_HOUR * 60


def way_minutes(here: Point, there: Point, *, least: int) -> int:
    """`travel_minutes` as people are told and paid them: rounded up to 5 minutes."""
    return -(-round(travel_minutes(here, there, least=least)) // 5) * 5


class Worked(Protocol):
    """Somebody's hours, or those of the co-op: the spans of a day in minutes since local midnight."""

    def on(self, day: date, *, holiday: bool) -> tuple[Minutes, ...]: ...


@dataclass(frozen=True)
class Window:
    """Days of a calendar in one time zone, first and number."""

    first: date
    days: int
    zone: ZoneInfo
    origin: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "origin", datetime.combine(self.first, time(), self.zone).astimezone(ZoneInfo("UTC")))

    @cached_property
    def size(self) -> int:
        """The number of quarters."""
        end = datetime.combine(self.first + timedelta(days=self.days), time(), self.zone)
        return (end.astimezone(ZoneInfo("UTC")) - self.origin) // QUARTER

    def inner(self, span: Span) -> int:
        """The quarters that lie wholly inside a span."""
        return self.quarters(ceil((span[0] - self.origin) / QUARTER), floor((span[1] - self.origin) / QUARTER))

    def outer(self, span: Span) -> int:
        """The quarters that a span touches."""
        return self.quarters(floor((span[0] - self.origin) / QUARTER), ceil((span[1] - self.origin) / QUARTER))

    def quarters(self, low: int, high: int) -> int:
        """The quarters from number `low` until before `high`, as far as they lie in the window."""
        low, high = max(low, 0), min(high, self.size)
        return ((1 << (high - low)) - 1) << low if high > low else 0

    def worked(self, hours: Worked, holidays: Container[date]) -> int:
        """The quarters wholly inside somebody's hours. Whoever sells time and whoever gives out turns ask here."""
        mask = 0
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            begins = datetime.combine(day, time(), self.zone)
            for low, high in hours.on(day, holiday=day in holidays):
                mask |= self.inner((begins + timedelta(minutes=low), begins + timedelta(minutes=high)))
        return mask

    def whole_days(self, first: date, last: date) -> int:
        """The quarters of whole days, first and last included."""
        begins = datetime.combine(first, time(), self.zone)
        return self.outer((begins, datetime.combine(last + timedelta(days=1), time(), self.zone)))

    def on_the_half_hour(self) -> int:
        """The quarters at which the local clock shows a full or half hour."""
        mask = 0
        for bit in range(self.size):
            if self.moment(bit).astimezone(self.zone).minute % 30 == 0:
                mask |= 1 << bit
        return mask

    def moment(self, bit: int) -> datetime:
        return self.origin + bit * QUARTER

    def moments(self, mask: int) -> list[datetime]:
        """The start times that a mask stands for, earliest first."""
        found = []
        while mask:
            low = mask & -mask
            found.append(self.moment(low.bit_length() - 1))
            mask ^= low
        return found


def starts(free: int, quarters: int) -> int:
    """The quarters from which `quarters` in a row are free, by doubling: log2 steps, not one a quarter."""
    run, length = free, 1
    while length < quarters:
        step = min(length, quarters - length)
        run &= run >> step
        length += step
    return run


def at_least(masks: Iterable[int], crew: int) -> int:
    """The quarters that stand in at least `crew` of the masks."""
    reached = [0] * crew
    for mask in masks:
        for level in range(crew - 1, 0, -1):
            reached[level] |= reached[level - 1] & mask
        reached[0] |= mask
    return reached[-1]


def nearest(openings: Sequence[datetime], wanted: datetime, count: int = 3) -> list[datetime]:
    """The openings nearest to a wanted time, in order of time."""
    return sorted(sorted(openings, key=lambda opening: (abs(opening - wanted), opening))[:count])
