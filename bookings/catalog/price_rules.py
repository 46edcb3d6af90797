"""The rules of prices that hold on a day, as the members voted them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from bookings.policies import CREW_MINUTES, LEAST_MINUTES, PAY_FLOOR, SHARES, _by_name
from coop.policies import Policy, values


@dataclass(frozen=True)
class PriceRules:
    """The voted numbers that a price depends on, on one day: minutes, cents an hour, shares."""

    floor: int
    least_minutes: int
    crew_from: int
    shares: dict[str, Fraction]

    @classmethod
    def on(cls, day: date) -> "PriceRules":
        """As in force on `day`. One query."""
        found = values(day, cast(tuple[Policy[Fraction], ...], (PAY_FLOOR, LEAST_MINUTES, CREW_MINUTES, *SHARES)))
        return cls(
            floor=int(found[PAY_FLOOR.key]),
            least_minutes=int(found[LEAST_MINUTES.key]),
            crew_from=int(found[CREW_MINUTES.key]),
            shares=_by_name(found),
        )
