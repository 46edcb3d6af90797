"""The three ways in which something does not arrive, the same for mail, text messages, screens and payments."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import TypeVar

Answer = TypeVar("Answer")

PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
REST = 15.0
"""Seconds in which nobody asks again who did not answer."""


class NotDelivered(Exception):
    """It did not arrive; which of the three it is says what to do."""


class Undeliverable(NotDelivered):
    """This one row, for good: however often it is tried, it will not arrive. It ends at once, in these words."""


class Later(NotDelivered):
    """This one row, not now: it is tried again, after a longer and longer pause."""


class Away(NotDelivered):
    """All of us: whoever carries it does not answer, or does not know us. Nothing is wrong with the row."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try: longer and longer, at most an hour."""
    return min(LONGEST_PAUSE, PAUSE * int(2 ** min(attempts, 6)))


class Breaker:
    """Remembers for a while that somebody did not answer: of all who ask in a process, only the first waits in vain.

    `trouble` are the errors by which one knows it; any other goes through as it is.
    """

    def __init__(self, *trouble: type[Exception]) -> None:
        self.trouble = trouble
        self.rests_until = 0.0

    def ask(self, call: Callable[[], Answer]) -> Answer:
        """The answer. Raises Away when there is none, or was none a moment ago."""
        if monotonic() < self.rests_until:
            raise Away("It did not answer a moment ago.")
        try:
            return call()
        except self.trouble as found:
            self.rests_until = monotonic() + REST
            raise Away(str(found)) from found

    def close(self) -> None:
        """Ask again from now on."""
        self.rests_until = 0.0
