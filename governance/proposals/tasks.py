"""Background work of this room."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from governance.proposals.proposals import Proposal


@sweep("governance.sweep_proposals")
def sweep_proposals() -> None:
    """Open, remind, close, count and enact whatever is due; one proposal in trouble does not hold up the others."""
    now = timezone.now()
    process_each(Proposal.objects.underway(now), lambda proposal: proposal.advance(at=now))
