"""Background work of this room."""

from django.utils import timezone

from coop.errors import WrongState
from coop.jobs import sweep
from governance.models import Proposal


@sweep("governance.sweep_proposals")
def sweep_proposals() -> None:
    """Open, remind, close, count and enact whatever is due; one proposal in trouble does not hold up the others."""
    now, trouble = timezone.now(), []
    for proposal in Proposal.objects.underway(now):
        try:
            proposal.advance(at=now)
        except WrongState:
            continue  # somebody else took the step in the same moment
        except Exception as error:
            trouble.append(error)
    if trouble:
        raise ExceptionGroup("proposals that did not move on", trouble)
