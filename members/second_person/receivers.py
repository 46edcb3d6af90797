"""What waits about the membership or an office of somebody falls when they leave."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from members.people.members import Member
from members.people.users import User
from members.second_person.confirmations import Confirmation
from members.signals import membership_ended


@receiver(membership_ended)
def withdraw(*, subject: Member, since: datetime, at: datetime, by: User | None, **_facts: Any) -> None:
    """Whoever asked is told; nothing of it happens, not when they return either."""
    for asked in Confirmation.objects.falling_with(subject, since):
        asked.withdraw(at=at, by=by or subject.user)
