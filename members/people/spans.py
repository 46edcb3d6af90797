"""A part of somebody's usual week, as they say it."""

from datetime import time
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Weeks(models.TextChoices):
    """In which weeks a span comes back; `members.hours.free_hours` says which are A and which are B."""

    EVERY = "every", _("every week")
    A = "a", _("A weeks")
    B = "b", _("B weeks")


class Span(NamedTuple):
    """From when to when on a weekday (Monday is 0), and in which weeks."""

    weekday: int
    starts: time
    ends: time
    weeks: str = Weeks.EVERY

    @property
    def when(self) -> str:
        """In which weeks, for people; empty for every week."""
        return "" if self.weeks == Weeks.EVERY else str(Weeks(self.weeks).label)
