"""What speaks against paying just now, as folders above know it. Whoever approves all the same says why."""

from collections.abc import Callable
from datetime import datetime

from coop.policies import Text

_finds: dict[str, tuple[Text, str, Callable[[datetime], int]]] = {}


def register(code: str, said: Text, name: str, find: Callable[[datetime], int]) -> None:
    """`find` counts what there is at a moment, `said` names it, `name` is the address of its page. Twice is once."""
    _finds[code] = said, name, find


def doubts(at: datetime) -> list[tuple[Text, str, int]]:
    """What there is now: its words, the name of its page, and how much of it."""
    found = [(said, name, find(at)) for said, name, find in _finds.values()]
    return [(said, name, count) for said, name, count in found if count]
