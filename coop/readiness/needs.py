"""What a co-op still lacks: each room says what it needs, where that is mended, and by whom.

Read by the page of setting up, by the office's home until nothing is missing, and by `manage.py doctor`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from coop.policies import Text

BELOW = gettext_lazy("Its answer stands with “Try it”. Once it is mended, try it again.")
"""What to do about something outside that was tried in vain (`coop.readiness.trials`)."""
LATELY = 60
"""For how many seconds a front page may say again what was missing."""


@dataclass(frozen=True)
class Need:
    """One thing that a co-op needs, in words for people.

    `lacks` says what is missing, `mend` what to do about it; `address` names the page where that is done, empty where
    only whoever looks after the machine can. `offices` are the codes of those who may; `is_met` asks whether it is
    there, in at most a few queries. What `opens` has to be there before clients can book.
    """

    key: str
    lacks: Text
    mend: Text
    is_met: Callable[[], bool]
    address: str = ""
    offices: tuple[str, ...] = ()
    opens: bool = False


_needs: dict[str, Need] = {}


def register(*needs: Need) -> None:
    """Let a room's needs be looked after, in the order in which they come. Twice is once."""
    _needs.update({need.key: need for need in needs})


def lacking(*, to_open: bool = False) -> list[Need]:
    """What is not there yet; with `to_open`, only that without which nobody can book."""
    return [need for need in _needs.values() if (need.opens or not to_open) and not need.is_met()]


def lacking_lately() -> list[Need]:
    """The same as of a minute ago at most, for a page that many open often."""
    keys = cache.get_or_set("lacking", lambda: [need.key for need in lacking()], LATELY) or []
    return [_needs[key] for key in keys if key in _needs]
