"""What drafts hear of their households."""

from typing import Any

from django.dispatch import receiver

from bookings.households.clients import Client
from bookings.signals import household_taken_over
from bookings.visits.quotes import Quote


@receiver(household_taken_over)
def hand_drafts_on(*, subject: Client, claimed: Client, **_facts: Any) -> None:
    """The drafts of a household that only claimed its address belong to whoever proved it."""
    Quote.objects.filter(client=claimed).update(client=subject)
