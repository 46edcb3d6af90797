"""What is new for those who work here: each room says what changed, in the order in which it registers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from members.people.users import User


@dataclass(frozen=True)
class NewsItem:
    """One line: what changed, when, and where it stands."""

    at: datetime
    words: str
    link: str


Say = Callable[[User, datetime, datetime], list[NewsItem]]


@dataclass(frozen=True)
class Source:
    """One kind of news: `say` gives what came after the first moment and until the second, in a few queries
    however much it is. `perm` is what a reader needs for it; empty for all who work here.
    """

    say: Say
    perm: str = ""


_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Let a room tell what is new. Twice is once."""
    _sources[key] = source


def items(user: User, *, since: datetime, until: datetime) -> list[NewsItem]:
    """All that is new for somebody between two moments, the latest first."""
    mine = (source for source in _sources.values() if not source.perm or user.has_perm(source.perm))
    found = [item for source in mine for item in source.say(user, since, until)]
    return sorted(found, key=lambda item: item.at, reverse=True)
