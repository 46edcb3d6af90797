"""What a price would mean at the door: typical homes, what they pay, and what that is an hour for whoever comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bookings.catalog.price_rules import PriceRules
from bookings.catalog.pricing import Asked, Price, Tariff, price, share_out
from bookings.catalog.services import Service

TYPICAL_ROOMS = (Asked(0, 1), Asked(1, 1), Asked(2, 1), Asked(3, 2), Asked(4, 3))
TYPICAL_HOURS = (Asked(minutes=120), Asked(minutes=180), Asked(minutes=240), Asked(minutes=480))


@dataclass(frozen=True)
class Sample:
    """One typical home: what is listed for it (cents), what whoever comes gets of that, and what must be paid.

    Below the floor, the listed price would be raised until it is reached.
    """

    asked: Asked
    price: Price
    listed: int
    pay: int
    floor: int

    @property
    def pay_an_hour(self) -> int:
        """Cents an hour, rounded down as on statements."""
        return self.pay * 60 // self.price.minutes

    @property
    def is_enough(self) -> bool:
        return self.pay * 60 >= self.floor * self.price.minutes


def extra_pay(minutes: int, cents: int, *, rules: PriceRules) -> int:
    """What an extra pays for an hour of its minutes, in cents, rounded down; 0 for one that takes no time."""
    return dict(share_out(cents, rules.shares))["worker"] * 60 // minutes if minutes else 0


def samples(service: Service, tariff: Tariff, *, on: date) -> list[Sample]:
    """Typical homes at these sums and minutes, by the rules and shares of a day. Two queries."""
    rules = PriceRules.on(on, care=service.is_care)
    homes: Iterable[Asked] = TYPICAL_HOURS if service.by_the_hour else TYPICAL_ROOMS
    found = []
    for home in homes:
        due = price(
            tariff,
            home,
            crew_from=None if service.by_the_hour else rules.crew_from,
            least_minutes=rules.least_minutes,
            floor=rules.floor,
            shares=rules.shares,
        )
        bare = price(tariff, home, least_minutes=rules.least_minutes, floor=0, shares=rules.shares)
        pay = dict(share_out(bare.cents, rules.shares))["worker"]
        found.append(Sample(home, due, bare.cents, pay, rules.floor))
    return found
