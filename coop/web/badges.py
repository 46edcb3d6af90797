"""Numbers on the worker's tabs: each room says what waits for a person, and the frame of the page shows it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.models import User

Count = Callable[["User"], int]
_counts: dict[str, Count] = {}


def register(tab: str, count: Count) -> None:
    """Let `count` say how many things wait under a tab (named like its page); one query, as every page asks it."""
    _counts[tab] = count


def of(user: "User") -> dict[str, int]:
    """What waits for this person now, by tab."""
    return {tab: count(user) for tab, count in _counts.items()}
