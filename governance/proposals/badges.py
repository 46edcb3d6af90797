"""What waits for somebody's vote."""

from coop.web import badges
from governance.proposals.proposals import Proposal
from members.models import User


def waiting_votes(user: User) -> int:
    """In how many open votes this person may vote and has not."""
    return Proposal.objects.waiting_for(user).count()


badges.register("proposals", waiting_votes)
