"""What tests of our programs ask about the processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from coop.parts import command_of

ROOT = Path(__file__).parents[1]


def processes_of(folder: Path) -> list[str]:
    """The command lines of all programs that were started with `folder` among their words."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [command for command in map(command_of, numbers) if str(folder) in command]


def before_long(holds: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Whether it holds within so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()
