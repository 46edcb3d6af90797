"""Pure: what it costs a client to cancel. No rows, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.policies import CANCELLING, FREE_CANCEL_HOURS, LATE_FEE, LATE_HOURS, THINK_MINUTES
from coop.policies import (
    values_by_day,
)


@dataclass(frozen=True)
class Rules:
    """What cancelling costs by the rules of one day.

    Nothing until `free` before the visit, then `late_cents`, and the whole price once it is nearer than `full`.
    Within `think` after booking it is free in any case.
    """

    free: timedelta
    late_cents: int
    full: timedelta
    think: timedelta

    @property
    def free_hours(self) -> int:
        return self.free // timedelta(hours=1)

    @property
    def full_hours(self) -> int:
        return self.full // timedelta(hours=1)

    def cents(self, price: int, *, notice: timedelta) -> int:
        """The fee for so much notice; never more than the price."""
        if notice >= self.free:
            return 0
        return min(self.late_cents, price) if notice >= self.full else price


@dataclass(frozen=True)
class Fee:
    """What cancelling costs at one moment, in cents, and until when it is free or was."""

    cents: int
    free_until: datetime


def fee(
    price: int,
    *,
    clock: datetime,
    booked_at: datetime | None,
    way_out: datetime | None,
    at: datetime,
    rules: Collection[Rules],
) -> Fee:
    """What it costs to cancel a visit of `price` cents at the moment `at`.

    `clock` is the start that notice is counted to: a visit moved at short notice keeps its first one. `booked_at` is
    when the booking was confirmed; before that nothing was agreed, and nothing is owed. Until `way_out` it is free
    because the co-op changed something. Of several `rules` the kindest counts.
    """
    free_until = max(clock - each.free for each in rules)
    if booked_at:
        free_until = max(free_until, *(booked_at + each.think for each in rules))
    if way_out:
        free_until = max(free_until, way_out)
    if booked_at is None or at <= free_until:
        return Fee(0, free_until)
    return Fee(min(each.cents(price, notice=clock - at) for each in rules), free_until)


def lock_out(price: int, *, most: int) -> int:
    """What a client owes who does not open: the price, but at most so many cents."""
    return min(price, most)


@dataclass(frozen=True)
class AtTheDoor:
    """How it stands at a door that nobody opens: how many tries are `missing`, and `until` when one waits."""

    missing: int
    until: datetime


def at_the_door(attempts: Sequence[datetime], *, starts_at: datetime, needed: int, wait: timedelta) -> AtTheDoor:
    """The wait begins with the first try, but not before the visit does."""
    first = max(starts_at, min(attempts, default=starts_at))
    return AtTheDoor(missing=max(0, needed - len(attempts)), until=first + wait)


def cancel_rules(days: Collection[date]) -> dict[date, Rules]:
    """What cancelling costs by the rules of each of these days. One query."""
    return {day: _cancel_rules(found) for day, found in values_by_day(days, CANCELLING).items()}


def _cancel_rules(found: dict[str, int]) -> Rules:
    return Rules(
        free=timedelta(hours=found[FREE_CANCEL_HOURS.key]),
        late_cents=found[LATE_FEE.key],
        full=timedelta(hours=found[LATE_HOURS.key]),
        think=timedelta(minutes=found[THINK_MINUTES.key]),
    )
