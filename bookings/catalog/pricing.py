"""What a visit costs, how long it takes, how many come, and where each cent goes. Pure: no rows, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from coop.money import least_price, split

QUARTER = 15


def minutes_each(minutes: int, crew: int) -> int:
    """Minutes that each of a crew is there who share so many, rounded up."""
    return -(-minutes // crew)


@dataclass(frozen=True)
class Price:
    """`minutes` of work, shared by `crew` people, for `cents`.

    `floor_raised` tells that the catalogue's price would have paid too little.
    """

    minutes: int
    cents: int
    floor_raised: bool = False
    crew: int = 1

    @property
    def each(self) -> int:
        """Minutes that each of the crew is there."""
        return minutes_each(self.minutes, self.crew)


@dataclass(frozen=True)
class Takes:
    """What work takes: minutes for any home and by its rooms (none by the hour), and how many come at least."""

    base_minutes: int = 0
    bedroom_minutes: int = 0
    bathroom_minutes: int = 0
    crew: int = 1


@dataclass(frozen=True)
class Tariff:
    """A service's numbers: cents an hour, a fixed part in cents, and what the work takes."""

    cents_per_hour: int
    fixed_cents: int = 0
    takes: Takes = Takes()


@dataclass(frozen=True)
class Asked:
    """What is asked for: rooms, or minutes of work by the hour."""

    bedrooms: int = 0
    bathrooms: int = 0
    minutes: int = 0


def price(
    tariff: Tariff,
    asked: Asked = Asked(),
    *,
    extras: Iterable[tuple[int, int]] = (),
    crew_from: int | None = None,
    least_minutes: int,
    floor: int,
    shares: Mapping[str, Fraction],
    off: Fraction = Fraction(0),
) -> Price:
    """The price of one visit.

    Work by rooms is added up; work by the hour takes its minutes as asked. `extras` are (minutes, cents) each; `off`
    is the discount of a later visit in a series. Time is at least `least_minutes` and rounded up to a quarter of an
    hour; from `crew_from` minutes on at least two people share it. The worker's part, when the price is split by
    `shares`, is never below the `floor` (cents an hour): the price rises until it is not.
    """
    extras = list(extras)
    takes = tariff.takes
    rooms = asked.bedrooms * takes.bedroom_minutes + asked.bathrooms * takes.bathroom_minutes
    work = takes.base_minutes + rooms + asked.minutes
    paid_work = _quarters(max(work, least_minutes))
    whole = _quarters(max(work + sum(extra for extra, _cents in extras), least_minutes))
    listed = (paid_work * tariff.cents_per_hour + 59) // 60 + tariff.fixed_cents + sum(cents for _m, cents in extras)
    listed = split(listed, {"paid": 1 - off, "off": off})["paid"]
    cents = _raised(listed, whole, floor, shares)
    together = max(takes.crew, 2) if crew_from is not None and whole >= crew_from else takes.crew
    return Price(minutes=whole, cents=cents, floor_raised=cents > listed, crew=together)


def least_rate(
    tariff: Tariff, *, homes: Collection[Asked], least_minutes: int, floor: int, shares: Mapping[str, Fraction]
) -> int:
    """The least cents an hour, beside the tariff's fixed part, at which no home pays below the floor."""

    def priced(home: Asked, rate: int, fixed: int) -> Price:
        changed = replace(tariff, cents_per_hour=rate, fixed_cents=fixed)
        return price(changed, home, least_minutes=least_minutes, floor=floor, shares=shares)

    needed = [priced(home, 0, 0) for home in homes]
    rate = max([0, *(-(-(60 * (one.cents - tariff.fixed_cents) - 59) // one.minutes) for one in needed)])
    while any(priced(home, rate, tariff.fixed_cents).floor_raised for home in homes):
        rate += 1
    return rate


def least_extra(minutes: int, *, floor: int, shares: Mapping[str, Fraction]) -> int:
    """The least price of an extra that takes so many minutes, at which they pay the floor; in whole quarters."""
    return _raised(0, _quarters(minutes), floor, shares)


def _raised(listed: int, minutes: int, floor: int, shares: Mapping[str, Fraction]) -> int:
    """The listed price, or the least above it whose worker's part pays the floor for so many minutes."""
    pay = -(-floor * minutes // 60)
    cents = max(listed, least_price(pay, shares["worker"] / sum(shares.values())))
    while dict(share_out(cents, shares))["worker"] < pay:  # the last cent of a split may go to somebody else
        cents += 1
    return cents


def _quarters(minutes: int) -> int:
    return -(-minutes // QUARTER) * QUARTER


def share_out(cents: int, shares: Mapping[str, Fraction]) -> list[tuple[str, int]]:
    """A price by the shares of its day, in the order in which people read it; the parts sum to the price."""
    return list(split(cents, shares).items())
