"""What a visit costs, how long it takes, and where each cent goes. Pure: no rows, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from coop.money import least_price, split

QUARTER = 15


@dataclass(frozen=True)
class Price:
    """`minutes` of work for `cents`. `floor_raised` tells that the catalogue's price would have paid too little."""

    minutes: int
    cents: int
    floor_raised: bool = False


@dataclass(frozen=True)
class Tariff:
    """A service's numbers: minutes by rooms (or by the hour), cents an hour, and a fixed part in cents."""

    cents_per_hour: int
    fixed_cents: int = 0
    base_minutes: int = 0
    bedroom_minutes: int = 0
    bathroom_minutes: int = 0


def price(
    tariff: Tariff,
    *,
    bedrooms: int = 0,
    bathrooms: int = 0,
    minutes: int = 0,
    extras: Iterable[tuple[int, int]] = (),
    least_minutes: int,
    floor: int,
    shares: Mapping[str, Fraction],
) -> Price:
    """The price of one visit.

    Work by rooms is added up; work by the hour takes `minutes` as asked. `extras` are (minutes, cents) each.
    Time is at least `least_minutes` and rounded up to a quarter of an hour. The worker's part, when the price is
    split by `shares`, is never below the `floor` (cents an hour): the price rises until it is not.
    """
    extras = list(extras)
    work = tariff.base_minutes + bedrooms * tariff.bedroom_minutes + bathrooms * tariff.bathroom_minutes + minutes
    paid_work = _quarters(max(work, least_minutes))
    whole = _quarters(max(work + sum(extra for extra, _cents in extras), least_minutes))
    listed = (paid_work * tariff.cents_per_hour + 59) // 60 + tariff.fixed_cents + sum(cents for _m, cents in extras)
    pay = -(-floor * whole // 60)
    cents = max(listed, least_price(pay, shares["worker"] / sum(shares.values())))
    while dict(share_out(cents, shares))["worker"] < pay:  # the last cent of a split may go to somebody else
        cents += 1
    return Price(minutes=whole, cents=cents, floor_raised=cents > listed)


def _quarters(minutes: int) -> int:
    return -(-minutes // QUARTER) * QUARTER


def share_out(cents: int, shares: Mapping[str, Fraction]) -> list[tuple[str, int]]:
    """A price by the shares of its day, in the order in which people read it; the parts sum to the price."""
    return list(split(cents, shares).items())
