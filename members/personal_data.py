"""What is kept about a person: each part says what it is, what stands against forgetting it, and forgets it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from coop.errors import Refusal

if TYPE_CHECKING:
    from members.people.users import User

Facts = dict[str, Any]


def nothing_open(user: "User", at: datetime) -> Iterable[str]:
    """Nothing that has to come to an end."""
    return ()


@dataclass(frozen=True)
class PersonalData:
    """One part of what a room keeps. `facts` gives what is the person's own, never what others
    said in confidence or wrote of them.

    `erasure_blockers` names, in sentences, what must come to an end first. `forget` runs inside one transaction with
    all others and may run twice.
    """

    room: str
    facts: Callable[["User", datetime], Facts]
    forget: Callable[["User", datetime], None]
    erasure_blockers: Callable[["User", datetime], Iterable[str]] = nothing_open


_parts: list[PersonalData] = []


def register(part: PersonalData) -> None:
    """Let a part be told, and forgotten: told in the order in which they come, forgotten the last one first."""
    _parts.append(part)


def told(user: "User", *, at: datetime) -> Facts:
    """Everything about this person that is theirs, by room; what several parts know of one thing stands together."""
    found: Facts = {}
    for part in _parts:
        _put_together(found, {part.room: part.facts(user, at)})
    return found


def _put_together(found: Facts, more: Facts) -> None:
    for name, facts in more.items():
        if isinstance(facts, dict) and isinstance(found.get(name), dict):
            _put_together(found[name], facts)
        else:
            found[name] = facts


def erasure_blockers(user: "User", *, at: datetime) -> list[str]:
    """What must come to an end before this person can be forgotten."""
    return [str(sentence) for part in _parts for sentence in part.erasure_blockers(user, at)]


def erase(user: "User", *, at: datetime) -> None:
    """Forget who this person is, in every room or in none. Twice is once. Refused while something is open.

    What happened stays: the books and past visits, with a number in place of the person.
    """
    with transaction.atomic():
        locked = user.locked()
        if locked.erased_at:
            return
        if open_ones := erasure_blockers(locked, at=at):
            raise Refusal(open_ones[0])
        locked.note("erase", at=at, by=locked)
        for part in reversed(_parts):
            part.forget(locked, at)
