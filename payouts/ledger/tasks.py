"""Weeks that are over, and funds that have run out, are looked at."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from payouts.ledger.shortfalls import shortfalls
from payouts.ledger.weeks import WorkWeek

AT_A_TIME = 50


@sweep("payouts.sweep_weeks")
def sweep_weeks() -> None:
    """Days and weeks that are over: time between visits, hours over a full week, long days."""
    now = timezone.now()
    process_each(WorkWeek.objects.due(now).order_by("due_at", "pk")[:AT_A_TIME], lambda week: week.look(at=now))


@sweep("payouts.sweep_funds")
def sweep_funds() -> None:
    """Funds that have fallen below zero: the treasurers are told."""
    now = timezone.now()
    for short in shortfalls():
        short.tell(at=now)
