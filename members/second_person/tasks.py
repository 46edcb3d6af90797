"""Whoever can be second hears when the time to answer is over."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from members.second_person.confirmations import Confirmation


@sweep("members.sweep_confirmations")
def sweep_confirmations() -> None:
    """Tell who can be second that the time to answer is over."""
    now = timezone.now()
    process_each(Confirmation.objects.ready(now).with_related()[:100], lambda one: one.tell_seconds(at=now))
