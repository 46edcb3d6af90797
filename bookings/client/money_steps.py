"""What a household has to do about the money for a visit, as rooms above know it."""

from collections.abc import Callable
from dataclasses import dataclass

from bookings.visits.visits import Visit
from coop.policies import Text


@dataclass(frozen=True)
class MoneyStep:
    """One thing to do: what it is about (`title`, `text`), its button (`action`) and where that leads (`address`)."""

    title: Text
    text: Text
    action: Text
    address: str


Find = Callable[[Visit], MoneyStep | None]
_finds: list[Find] = []


def register(find: Find) -> None:
    """Let the pages of a visit say this."""
    if find not in _finds:
        _finds.append(find)


def money_step(visit: Visit) -> MoneyStep | None:
    """What is to be done now; None when nothing is."""
    return next((step for find in _finds if (step := find(visit))), None)
