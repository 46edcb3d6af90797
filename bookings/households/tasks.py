"""Background work of households; it may run twice or be killed at any point."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from bookings.households.housemates import HouseholdMember
from bookings.signals import cleanup_due
from coop.jobs import process_each
from members.personal_data import erase


@receiver(cleanup_due)
def forget_unanswered_invitations(*, at: datetime, **_facts: Any) -> None:
    """Who was invited with an address that nobody proved."""
    process_each(HouseholdMember.objects.abandoned(at).select_related("user")[:200], lambda one: erase(one.user, at=at))
