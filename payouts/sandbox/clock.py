"""The sandbox's own time: real time, or moved from it by as much as a demo or a test needs."""

from __future__ import annotations

import time

from payouts.sandbox.store import Store


class Clock:
    """Seconds since 1970. It keeps running wherever it is set, and stays there over a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction():
            self._ahead = int(store.fact("clock") or 0)

    def now(self) -> int:
        return int(time.time()) + self._ahead

    def set(self, epoch: int) -> None:
        self._shift(epoch - int(time.time()))

    def advance(self, seconds: int) -> None:
        self._shift(self._ahead + seconds)

    def run_real(self) -> None:
        self._shift(0)

    def _shift(self, ahead: int) -> None:
        with self._store.transaction():
            self._store.note("clock", str(ahead))
        self._ahead = ahead
