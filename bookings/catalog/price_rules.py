"""The rules of prices that hold on a day, as the members voted them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from bookings.catalog.wages.floors import Floors, known_wages
from bookings.policies import CREW_MINUTES, LEAST_MINUTES, PAY_FLOOR, SHARES, _by_name
from coop.policies import Policy, values


@dataclass(frozen=True)
class PriceRules:
    """The numbers that a price depends on, on one day: minutes, cents an hour, shares. The `floor` is the greater of
    what the members voted and what the law asks for, in the place where it asks for most.
    """

    floor: int
    least_minutes: int
    crew_from: int
    shares: dict[str, Fraction]

    @classmethod
    def on(cls, day: date, *, care: bool = False) -> "PriceRules":
        """As in force on `day`, of `care` or of other work. Two queries."""
        found = values(day, cast(tuple[Policy[Fraction], ...], (PAY_FLOOR, LEAST_MINUTES, CREW_MINUTES, *SHARES)))
        floors = Floors({day: int(found[PAY_FLOOR.key])}, known_wages())
        return cls(
            floor=floors.at(day, care=care),
            least_minutes=int(found[LEAST_MINUTES.key]),
            crew_from=int(found[CREW_MINUTES.key]),
            shares=_by_name(found),
        )
