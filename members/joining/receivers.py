"""What this folder says when somebody leaves, and what ends then."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from members.joining.admissions import told_no
from members.joining.candidates import Mentoring
from members.membership.receivers import other_words
from members.people.members import Member
from members.signals import membership_ended

other_words.append(told_no)


@receiver(membership_ended)
def end_mentorings(*, subject: Member, at: datetime, **_facts: Any) -> None:
    """Nobody is helped by, or helps, whoever has left; where they return, a mentor is chosen anew."""
    Mentoring.objects.standing().filter(Q(candidate=subject) | Q(mentor=subject)).update(ended_at=at)
