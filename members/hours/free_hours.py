"""When somebody takes work, in the local clock time of the home. Pure: no rows, no clock.

Weeks are called A and B in turn, counted from one fixed Monday: the numbers of the calendar would put two odd weeks
side by side at the end of a year with 53 of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FIRST_MONDAY = date(2024, 1, 1)
"""The first day of an A week."""

Minutes = tuple[int, int]
"""From and to, in minutes since local midnight."""


def day_number(day: date) -> int:
    """Days since the Monday from which weeks are counted."""
    return (day - FIRST_MONDAY).days


def is_a_week(day: date) -> bool:
    """Does this day lie in an A week? The week after it is a B week."""
    return day_number(day) % 14 < 7


@dataclass(frozen=True)
class Hours:
    """The hours of one person: a fortnight that comes back, single days that differ, and days off.

    `fortnight` is keyed by the number of the day in it (0 is the Monday of an A week), the others by the number of
    the day. A single day without spans is a day without work.
    """

    fortnight: Mapping[int, tuple[Minutes, ...]]
    single: Mapping[int, tuple[Minutes, ...]] = field(default_factory=dict)
    off: tuple[tuple[int, int], ...] = ()
    holidays: bool = False

    def on(self, day: date, *, holiday: bool) -> tuple[Minutes, ...]:
        """The spans of one day. A day off counts before all, then what was said for that very day, then a holiday."""
        number = day_number(day)
        if any(first <= number <= last for first, last in self.off):
            return ()
        if number in self.single:
            return self.single[number]
        if holiday and not self.holidays:
            return ()
        return self.fortnight.get(number % 14, ())
