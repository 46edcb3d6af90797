"""What a second person is asked to confirm: each room says what its acts are, and what happens on a yes or a no."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from members.people.users import User

Step = Callable[[int, datetime, User], None]


@dataclass(frozen=True)
class Matter:
    """One kind of act, by the number of the row that it is about.

    `offices` are the roles that may confirm it; `say` puts several in words, `link` is where it stands. `touches` says
    whether it is about this person: their household, pay or shift. `carry_out` and `drop` run in the transaction of
    the answer, and may refuse. `always_two`: also where the members voted the rule of two away.
    `falls` with the membership of whom it concerns: it is about that, or about an office of theirs.
    """

    offices: tuple[str, ...]
    say: Callable[[Collection[int]], dict[int, str]]
    link: Callable[[int], str]
    touches: Callable[[int, User], bool]
    carry_out: Step
    drop: Step
    always_two: bool = False
    falls: bool = False


matters: dict[str, Matter] = {}


def register(kind: str, matter: Matter) -> None:
    """Let a room's acts of this kind wait for a second person."""
    matters[kind] = matter
