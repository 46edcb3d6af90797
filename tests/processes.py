"""What tests of our programs ask about the processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from coop.dev.processes import command_of

ROOT = Path(__file__).parents[1]


def processes_of(folder: Path) -> dict[int, str]:
    """The programs whose command or environment names `folder`: their command lines by number."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {pid: command_of(pid) for pid in numbers if str(folder) in command_of(pid) + _environment_of(pid)}


def _environment_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    return ""


def before_long(holds: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Whether it holds within so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()
