"""What waits for a person: each folder says what of its own does, since when, why, and what mends it.

The page *Needs attention* is made of it, and the number on an office's page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Model, QuerySet, TextChoices

from coop.policies import Text
from coop.web.http import may

if TYPE_CHECKING:
    from members.models import User

LATELY = 60
"""For how many seconds a front page may say again how much waited."""


@dataclass(frozen=True)
class Remedy:
    """One thing that mends a row: a button, or a link where it is more than one press (`is_link`).

    `verb` and `of` say whose it is, as `may` asks, or `perm` does; what has none is for all who read the list. With
    `asks` a note is asked for first, below these words.
    """

    words: Text
    address: str
    is_link: bool = False
    asks: Text = ""
    verb: str = ""
    of: Model | None = None
    perm: str = ""

    def is_for(self, user: "User") -> bool:
        """May this person take it?"""
        if self.perm and not user.has_perm(self.perm):
            return False
        return self.of is None or may(user, self.verb, self.of)


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is `about` and its `link`, since when, and why, in words for people.

    `cents` is the sum that it is about, `trace` what a machine said, for whoever looks after it.
    """

    about: str
    since: date | datetime | None = None
    reason: str = ""
    cents: int | None = None
    link: str = ""
    chip: str = ""
    remedies: tuple[Remedy, ...] = ()
    trace: str = ""


@dataclass(frozen=True)
class WaitingList:
    """Things of one kind that wait, the one that has waited longest first.

    `offices` mend it, and who holds `perm` reads it. `find` takes one query, or a few whatever their number; `show`
    takes none. `states` are those of rows with a life that wait here.
    """

    code: str
    title: Text
    perm: str
    offices: tuple[str, ...]
    find: "Callable[[User, datetime], QuerySet[Any] | Sequence[Any]]"
    show: Callable[[Any], Row]
    states: tuple[TextChoices, ...] = ()

    def count(self, user: "User", at: datetime) -> int:
        """How many wait now."""
        found = self.find(user, at)
        return found.count() if isinstance(found, QuerySet) else len(found)


_lists: dict[str, WaitingList] = {}


def register(*lists: WaitingList) -> None:
    """Let these stand under *Needs attention*. Twice is once."""
    _lists.update({one.code: one for one in lists})


def registered() -> list[WaitingList]:
    """All of them; what the highest folders wait for first, what is near the machine last."""
    return list(reversed(_lists.values()))


def lists_of(user: "User") -> list[WaitingList]:
    """Those that this person may read."""
    return [one for one in registered() if user.has_perm(one.perm)]


def remember(user: "User", count: int) -> None:
    """So much waits for this person as of now."""
    cache.set(_key(user), count, LATELY)


def counted_lately(user: "User", at: datetime) -> int:
    """How much waits that this person may read, as of a minute ago at most, for a page that many open often."""
    count: int | None = cache.get(_key(user))
    if count is None:
        count = sum(one.count(user, at) for one in lists_of(user))
        remember(user, count)
    return count


def _key(user: "User") -> str:
    return f"attention:{user.pk}"
