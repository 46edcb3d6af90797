"""What shifts hear of the hours and the standing of their members."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from bookings.turns.outside_hours.outside_hours import outside_hours
from bookings.turns.standings import fit_to_standing
from members.models import Member, User
from members.signals import hours_changed, standing_changed


@receiver(hours_changed)
def where_to_decide(*, subject: Member, at: datetime, **_facts: Any) -> str:
    """The page on which a member decides about accepted shifts outside their hours; empty when there are none."""
    return reverse("outside_hours") if outside_hours(subject, at=at) else ""


@receiver(standing_changed)
def work_follows(*, subject: Member, at: datetime, by: User | None, **_facts: Any) -> None:
    """Shifts of days on which they do not work go on in turn; what is still free comes back to whoever is back."""
    fit_to_standing(subject, at=at, by=by)
