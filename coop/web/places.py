"""Where those who work here go: each folder names its pages and counts what waits on them.

The menu is made of it, and an office's own page: nothing has to be remembered in a template.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy

from coop.policies import Text

if TYPE_CHECKING:
    from members.models import User


class Group(TextChoices):
    """What pages are for, in the order of the menu."""

    OFFICE = "office", gettext_lazy("Office")
    MONEY = "money", gettext_lazy("Money")
    MEMBERSHIP = "membership", gettext_lazy("Membership")
    AGREED = "agreed", gettext_lazy("What we agreed")
    OFFERED = "offered", gettext_lazy("What we offer")


@dataclass(frozen=True)
class Place:
    """One page: the name of its address, its words, and whose it is.

    `perm` is what the page asks for, so that nobody is shown the way to a closed door; empty for all who work here.
    """

    name: str
    label: Text
    group: Group
    perm: str = ""
    about: "Callable[[User], object] | None" = None
    """What stands in the address, where it is of somebody."""

    def address(self, user: "User") -> str:
        """The way there for this person."""
        return reverse(self.name, args=[self.about(user)] if self.about else [])


@dataclass(frozen=True)
class Waits:
    """How much waits, and since when its oldest does, where that is known."""

    count: int
    since: datetime | None = None

    @classmethod
    def oldest_first(cls, rows: Sequence[Any], since: str) -> "Waits":
        """As many as there are rows; `since` names the field that says from when on the first one has waited."""
        return cls(len(rows), getattr(rows[0], since) if rows else None)


@dataclass(frozen=True)
class Waiting:
    """A number on an office's page: where it is looked after, its words, whose (`perm`), and how it is found.

    `find` takes one query. What is not `always` shown is there only while something waits.
    """

    name: str
    label: Text
    perm: str
    find: "Callable[[User], Waits]"
    always: bool = False


_places: dict[str, Place] = {}
_waiting: dict[Any, Waiting] = {}


def register(*places: Place) -> None:
    """Let these stand on the lists, in the order in which they come. Twice is once."""
    _places.update({place.name: place for place in places})


def register_waiting(*waiting: Waiting) -> None:
    """Let these be counted, in the order in which they come. Twice is once."""
    _waiting.update({one.find: one for one in waiting})


def registered() -> list[Place]:
    """All places, whoever asks."""
    return list(_places.values())


def places_of(user: "User") -> dict[str, list[Place]]:
    """Where this person may go, under the name of each group that has something in it."""
    mine = [place for place in _places.values() if not place.perm or user.has_perm(place.perm)]
    grouped = {str(group.label): [place for place in mine if place.group == group] for group in Group}
    return {label: places for label, places in grouped.items() if places}


def waiting_for(user: "User") -> list[tuple[Waiting, Waits]]:
    """What waits for this person now."""
    found = [(one, one.find(user)) for one in _waiting.values() if user.has_perm(one.perm)]
    return [(one, waits) for one, waits in found if waits.count or one.always]
