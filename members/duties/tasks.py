"""Duties come round each year, and are spoken of before their day and after it."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from members.duties.duties import Duty
from members.duties.reminders import remind_of_duties


@sweep("members.sweep_duties")
def sweep_duties() -> None:
    """Let next year's stand where a day has passed, and write what is due."""
    now = timezone.now()
    passed = Duty.objects.to_repeat(timezone.localdate(now)).defer("paper")
    process_each(passed, lambda duty: duty.go_on(at=now, by=None))
    remind_of_duties(at=now)
