"""Weeks that are over are looked at."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from payouts.ledger.weeks import WorkWeek

AT_A_TIME = 50


@sweep("payouts.sweep_weeks")
def sweep_weeks() -> None:
    """Days and weeks that are over: time between visits, hours over a full week, long days."""
    now = timezone.now()
    process_each(WorkWeek.objects.due(now).order_by("due_at", "pk")[:AT_A_TIME], lambda week: week.look(at=now))
