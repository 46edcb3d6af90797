"""What the house keeps about a person: each room says what it is, what stands against forgetting it, and forgets it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from coop.errors import Refusal
from members.models import User

Facts = dict[str, Any]


@dataclass(frozen=True)
class PersonalData:
    """One room's part. `facts` gives what is the person's own, never what others
    said in confidence or wrote of them.

    `erasure_blockers` names, in sentences, what must come to an end first. `forget` runs inside one transaction with
    the other rooms' and may run twice.
    """

    room: str
    facts: Callable[[User, datetime], Facts]
    erasure_blockers: Callable[[User, datetime], Iterable[str]]
    forget: Callable[[User, datetime], None]


_keepers: dict[str, PersonalData] = {}


def register(keeper: PersonalData) -> None:
    """Let a room take part, in the order in which the rooms moved in."""
    _keepers[keeper.room] = keeper


def told(user: User, *, at: datetime) -> Facts:
    """Everything about this person that is theirs, by room."""
    return {keeper.room: keeper.facts(user, at) for keeper in _keepers.values()}


def erasure_blockers(user: User, *, at: datetime) -> list[str]:
    """What must come to an end before this person can be forgotten."""
    return [str(sentence) for keeper in _keepers.values() for sentence in keeper.erasure_blockers(user, at)]


def erase(user: User, *, at: datetime) -> None:
    """Forget who this person is, in every room or in none. Twice is once. Refused while something is open.

    What happened stays: the books and past visits, with a number in place of the person.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.erased_at:
            return
        if open_ones := erasure_blockers(locked, at=at):
            raise Refusal(open_ones[0])
        locked.note("erase", at=at, by=locked)
        for keeper in reversed(_keepers.values()):
            keeper.forget(locked, at)
