"""Pure: how much of a worker's day and week is working time. No rows, no clock.

Whoever goes from one home to the next is at work on the way, and so is whoever waits a little for the next door; the
way to the first home and from the last one is nobody's but their own (29 CFR 785.35 and 785.38; 12 NYCRR 142-2.1).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from bookings.matching.openings import Point, way_minutes

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stop:
    """One visit of a worker's day, as it was planned. Where nobody opened, it ends as it begins."""

    starts_at: datetime
    ends_at: datetime
    place: Point

    @property
    def minutes(self) -> int:
        """Minutes of work at this home."""
        return (self.ends_at - self.starts_at) // MINUTE


@dataclass(frozen=True)
class Day:
    """Minutes of one worker's day: at homes, between them (as far as it is paid), and from first start to last end."""

    work: int = 0
    between: int = 0
    span: int = 0

    @property
    def paid(self) -> int:
        return self.work + self.between


def day_of(stops: Sequence[Stop], *, whole: int, least: int) -> Day:
    """What a day's visits come to, in the order of their time; `whole` and `least` as in `between`."""
    if not stops:
        return Day()
    pairs = itertools.pairwise(stops)
    return Day(
        work=sum(stop.minutes for stop in stops),
        between=sum(between(before, after, whole=whole, least=least) for before, after in pairs),
        span=(max(stop.ends_at for stop in stops) - stops[0].starts_at) // MINUTE,
    )


def between(before: Stop, after: Stop, *, whole: int, least: int) -> int:
    """Paid minutes from one visit to the next of the same day.

    A pause of up to `whole` minutes is paid in whole; of a longer one, which is long enough to be one's own
    (29 CFR 785.16), the way from home to home, which takes at least `least` minutes.
    """
    pause = max(0, (after.starts_at - before.ends_at) // MINUTE)
    return pause if pause <= whole else min(pause, way_minutes(before.place, after.place, least=least))


def premium(pay: int, *, minutes: int, full: int, factor: Fraction) -> int:
    """Cents on top for what a week of `minutes` has over `full`, rounded up to the cent.

    `pay` is all that the week's work was paid (cents), so each hour over is paid `factor` times what an hour of that
    week paid on average: 45 hours at 22.25 come to 1,001.25 and 55.63 on top (29 CFR 778.109; 12 NYCRR 142-2.2).
    """
    over = max(0, minutes - full)
    return ceil((factor - 1) * Fraction(pay * over, minutes)) if over else 0
