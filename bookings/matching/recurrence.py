"""The days of a series: every so many weeks at the same local time. Pure: no rows, no clock.

Days are counted as local dates and only then become moments, so that nine stays nine when clocks change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Rule:
    """From the day `since` on: every `every` weeks, first on `first`, at the local time `clock`.

    `first` may be later than `since`: on the days between nothing takes place.
    """

    since: date
    first: date
    every: int
    clock: time

    def days(self, start: date, end: date) -> list[date]:
        """Its days from `start` to `end`, both included."""
        step = timedelta(weeks=self.every)
        begin = max(start, self.since, self.first)
        day = self.first + -(-(begin - self.first) // step) * step
        return [day + number * step for number in range(max(0, (end - day) // step + 1))]


@dataclass(frozen=True)
class Occasion:
    """One day of a series with the rule that it follows."""

    day: date
    rule: Rule

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return moment(self.day, self.rule.clock, zone)


def occasions(rules: Iterable[Rule], start: date, end: date) -> list[Occasion]:
    """The days from `start` to `end` (both included); each rule holds until the day before the next one begins."""
    order = sorted(rules, key=lambda rule: rule.since)
    ends = [following.since - A_DAY for _rule, following in pairwise(order)]
    return [
        Occasion(day, rule)
        for rule, last in zip(order, [*ends, end], strict=True)
        for day in rule.days(start, min(last, end))
    ]


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the local clock shows `clock` on that day, in UTC.

    A time that clocks jump over in spring becomes the first that they show after it; of a time that they show twice
    in autumn it is the first.
    """
    local = datetime.combine(day, clock)
    while local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        local += A_MINUTE
    return local.replace(tzinfo=zone).astimezone(UTC)


def from_here(rules: Iterable[Rule], new: Rule) -> list[Rule]:
    """The rules once `new` holds from its `since` on: what would have begun later is gone."""
    return [*(rule for rule in rules if rule.since < new.since), new]


def first_in_week(day: date, weekday: int, *, not_before: date) -> date:
    """The day of that weekday (Monday is 0) in the week of `day`, or in the first week in which it is not too soon."""
    wanted = day - timedelta(days=day.weekday()) + timedelta(days=weekday)
    late_by = max(0, (not_before - wanted).days)
    return wanted + timedelta(weeks=-(-late_by // 7))


def next_few(rule: Rule, zone: ZoneInfo, *, count: int) -> Sequence[datetime]:
    """The first moments of a rule."""
    days = rule.days(rule.first, rule.first + timedelta(weeks=rule.every * (count - 1)))
    return [moment(day, rule.clock, zone) for day in days]
