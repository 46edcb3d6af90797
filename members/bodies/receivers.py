"""Whoever leaves the co-op belongs to none of its bodies any more."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from members.people.members import Member
from members.signals import membership_ended


@receiver(membership_ended)
def end_terms(*, subject: Member, since: datetime, **_facts: Any) -> None:
    """Their terms end on the day."""
    day = timezone.localdate(since)
    subject.body_terms.running(day).filter(ended_on=None).update(ended_on=day)
