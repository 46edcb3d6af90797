"""What somebody is told about what others saw and did of theirs: each room says it, here it stands together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from coop.policies import Text
from members.people.users import User


@dataclass(frozen=True)
class Seen:
    """Somebody looked at something, or did something to it: `what` names it in words for whom it is about."""

    at: datetime
    who: User
    what: Text


Say = Callable[[User, int], list[Seen]]
_looked: list[Say] = []
_done: list[Say] = []


def register(*, looked: Say | None = None, done: Say | None = None) -> None:
    """Let a room say who looked, or what was done, each with the last so many. What must not be inferred is not said:
    neither reports of something wrong, nor who does not want to meet whom.
    """
    for say, known in ((looked, _looked), (done, _done)):
        if say and say not in known:
            known.append(say)


def looked_at(user: User, *, most: int) -> list[Seen]:
    """Who looked at what is kept about them, the latest first."""
    return _latest(_looked, user, most)


def done_to(user: User, *, most: int) -> list[Seen]:
    """What others did to what is kept about them, the latest first."""
    return _latest(_done, user, most)


def _latest(says: list[Say], user: User, most: int) -> list[Seen]:
    found = [seen for say in says for seen in say(user, most)]
    return sorted(found, key=lambda seen: seen.at, reverse=True)[:most]
