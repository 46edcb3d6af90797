"""A clock that a story moves: what reads the time through Django in the programs of a story reads it here.

The time that matters to the co-op comes in through `django.utils.timezone.now`; the rest (signatures, brokers,
time-outs) stays real, as does the database's own clock, which no rule of ours asks for the time of day.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

VARIABLE = "STORY_CLOCK"
"""Names the file in which programs of a story find the time."""


class Clock:
    """Real time moved by the seconds that stand in a file; it goes on by itself from wherever it is set."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def set(self, moment: datetime) -> None:
        """From here on it is `moment`, for every program of the story."""
        unfinished = self.file.with_suffix(".unfinished")
        unfinished.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        unfinished.replace(self.file)

    def rule(self) -> None:
        """Make this the clock of this whole process; call it before anything else is imported."""
        from django.utils import timesince, timezone

        def since(moment: datetime, now: datetime | None = None, **words: Any) -> str:
            return real_timesince(moment, now or self.now(), **words)

        real_timesince = timesince.timesince
        timezone.now, timesince.timesince = self.now, since  # type: ignore[assignment]


def of_environment() -> Clock:
    """The clock of the story that this program was started in."""
    return Clock(Path(os.environ[VARIABLE]))
