"""What drafts hear of their households, and what joining is told of work that was done."""

from typing import Any

from django.dispatch import receiver

from bookings.households.clients import Client
from bookings.signals import household_taken_over
from bookings.visits.quotes import Quote
from bookings.visits.visits import Visit
from bookings.visits.worked_minutes import worked_minutes
from coop.contact import settles_zone
from members.joining.worked import count_minutes

count_minutes(worked_minutes)
settles_zone.append(Visit.objects.exists)


@receiver(household_taken_over)
def hand_drafts_on(*, subject: Client, claimed: Client, **_facts: Any) -> None:
    """The drafts of a household that only claimed its address belong to whoever proved it."""
    Quote.objects.filter(client=claimed).update(client=subject)
