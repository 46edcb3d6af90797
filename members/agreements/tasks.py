"""Agreements that wait for somebody are told of."""

from django.utils import timezone

from coop.jobs import sweep
from members.agreements.telling import tell_of_agreements


@sweep("members.sweep_agreements")
def sweep_agreements() -> None:
    """Tell whoever has something to read and accept, once before its day and once on it."""
    tell_of_agreements(at=timezone.now())
