"""What accepted shifts hear of the hours of their members."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from bookings.turns.outside_hours.outside_hours import outside_hours
from members.models import Member
from members.signals import hours_changed


@receiver(hours_changed)
def where_to_decide(*, subject: Member, at: datetime, **_facts: Any) -> str:
    """The page on which a member decides about accepted shifts outside their hours; empty when there are none."""
    return reverse("outside_hours") if outside_hours(subject, at=at) else ""
