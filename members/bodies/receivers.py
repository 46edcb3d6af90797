"""Whoever leaves the co-op belongs to none of its bodies any more."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from members.people.members import Member
from members.signals import standing_changed


@receiver(standing_changed)
def end_terms(*, subject: Member, verb: str, at: datetime, **_facts: Any) -> None:
    """Their terms end on the day."""
    if verb == "leave_coop":
        today = timezone.localdate(at)
        subject.body_terms.running(today).filter(ended_on=None).update(ended_on=today)
