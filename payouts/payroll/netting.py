"""How much of what is to be taken back a pay run takes: never so much that an hour pays less than it must."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Correction:
    """Cents below zero that correct somebody's pay, by the number of their transfer in the books.

    `earlier` says that the work was paid in a run before this one. `of_tips`: it is taken back from tips alone.
    """

    transfer: int
    kind: str
    cents: int
    earlier: bool
    of_tips: bool = False


@dataclass(frozen=True)
class Taken:
    """What a run takes of a correction, and what of it waits (`leaves`), in cents that are zero or below."""

    correction: Correction
    cents: int
    leaves: int


def take(corrections: Iterable[Correction], *, room: int, most: int, tips: int) -> list[Taken]:
    """Take what corrects this run's own work first, then of earlier work at most `most`; together at most `room`.

    What is of tips is taken from the `tips` of the run. In cents; the rest of each waits for a later run.
    """
    found = []
    for one in sorted(corrections, key=lambda one: one.earlier):
        limit = tips if one.of_tips else min(room, most) if one.earlier else room
        part = max(0, min(-one.cents, limit))
        found.append(Taken(one, -part, one.cents + part))
        if one.of_tips:
            tips -= part
        else:
            room -= part
            most -= part if one.earlier else 0
    return found
