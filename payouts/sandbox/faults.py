"""Trouble on purpose: replies that never arrive, servers that fail, answers that take their time."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from payouts.sandbox.errors import Refused

LONGEST_DELAY = 120.0


class Mode(StrEnum):
    LOST_BEFORE = "lost_before"
    """The connection breaks and nothing was done."""
    LOST_AFTER = "lost_after"
    """It was done, but the reply never arrives."""
    ERROR_BEFORE = "error_before"
    """500, and nothing was done."""
    ERROR_AFTER = "error_after"
    """500 though it was done; the same key then tells the true answer."""
    ERROR_KEPT = "error_kept"
    """500 though it was done, and the same key goes on answering 500."""
    LIMITED = "limited"
    """429: too many requests."""
    DELAY_BEFORE = "delay_before"
    DELAY_AFTER = "delay_after"


@dataclass
class Fault:
    """The next `times` calls of `method` whose path fits `path` (with * as in file names) go wrong."""

    mode: Mode
    path: str = "*"
    method: str = "POST"
    times: int = 1
    seconds: float = 1.0

    @classmethod
    def told(cls, told: Any) -> Fault:
        """A fault out of JSON; raises `Refused` if it makes no sense."""
        try:
            fault = cls(**told)
            fault.mode = Mode(fault.mode)
            fault.times, fault.seconds = int(fault.times), min(LONGEST_DELAY, max(0.0, float(fault.seconds)))
        except (TypeError, ValueError) as trouble:
            raise Refused(f"Not a fault: {trouble}", param="faults") from trouble
        return fault

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []

    def plan(self, faults: list[Fault]) -> None:
        """These, and no others."""
        with self._lock:
            self._coming = list(faults)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this call meets, counted down."""
        with self._lock:
            fault = next((fault for fault in self._coming if fault.fits(method, path)), None)
            if fault:
                fault.times -= 1
            return fault
