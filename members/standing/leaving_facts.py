"""What becomes of what somebody has when they leave: each room says its part, in sentences, what ends first first."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import IntEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.people.members import Member

Part = Callable[["Member", date, datetime], Iterable[str]]
"""From a member, the first day on which they are gone, and now: what ends, goes on or is owed."""


class Place(IntEnum):
    """What ends first is told first."""

    WORK = auto()
    OFFICES = auto()
    MONEY = auto()
    ACCESS = auto()


_parts: list[tuple[Place, Part]] = []


def tells(place: Place) -> Callable[[Part], Part]:
    """Let a room say its part, in a `leaving.py` of one of its folders."""

    def register(part: Part) -> Part:
        _parts.append((place, part))
        return part

    return register


def leaving_facts(member: "Member", *, gone_on: date, at: datetime) -> list[str]:
    """All of it, in words for people."""
    parts = sorted(_parts, key=lambda one: one[0])
    return [str(sentence) for _place, part in parts for sentence in part(member, gone_on, at)]
