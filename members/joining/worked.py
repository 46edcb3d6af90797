"""What the rooms above know of the work that was done: they say it here, and joining reads it."""

from collections.abc import Callable, Collection
from datetime import date
from statistics import median_low

from members.people.members import Member

Minutes = Callable[[Collection[Member]], dict[int, int]]
"""The minutes that each of these members has worked since they started, by their number."""
Hourly = Callable[[date, date], Collection[int]]
"""What each member who worked was paid an hour (cents) on these days, first and last included."""

CROWD = 5
"""So few people can be told apart by a figure of all of them: it is not told."""
_minutes: list[Minutes] = []
_hourly: list[Hourly] = []


def count_minutes(known: Minutes) -> None:
    """Let a room say how long somebody has worked."""
    if known not in _minutes:
        _minutes.append(known)


def tell_hourly(known: Hourly) -> None:
    """Let a room say what work was paid."""
    if known not in _hourly:
        _hourly.append(known)


def minutes_of(members: Collection[Member]) -> dict[int, int]:
    """Minutes of work since they started, by the member's number; nothing for whoever has not worked yet."""
    found: dict[int, int] = {}
    for known in _minutes:
        for member, minutes in known(members).items():
            found[member] = found.get(member, 0) + minutes
    return found


def usual_pay(first: date, last: date) -> int | None:
    """What the person in the middle was paid an hour (cents), if at least five people worked on these days."""
    paid = [cents for known in _hourly for cents in known(first, last)]
    return median_low(paid) if len(paid) >= CROWD else None
