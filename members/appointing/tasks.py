"""Whoever holds an office hears when its term ends soon."""

from django.utils import timezone

from coop.jobs import sweep
from members.appointing.reminders import remind_of_ends


@sweep("members.sweep_terms")
def sweep_terms() -> None:
    """Tell of terms that end soon."""
    remind_of_ends(at=timezone.now())
