"""This room's part of what is kept about a person: what they proposed and said, and where they voted, never how."""

from collections.abc import Iterable
from datetime import datetime

from governance.ballots.ballots import Elector
from governance.proposals.proposals import Proposal
from governance.proposals.revisions import Comment
from members.models import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Their proposals and comments, and on which rolls they stood. What a ballot says is not in this file."""
    proposals = Proposal.objects.filter(author__user=user).order_by("pk")
    comments = Comment.objects.filter(member__user=user).select_related("proposal").order_by("pk")
    rolls = Elector.objects.filter(member__user=user).select_related("proposal").order_by("pk")
    return {
        "proposals": list(proposals.values("title", "text", "state", "proposed_at")),
        "comments": [{"proposal": one.proposal.title, "at": one.at, "body": one.body} for one in comments],
        "votes": [{"proposal": one.proposal.title, "voted": one.voted} for one in rolls],
    }


def erasure_blockers(user: User, at: datetime) -> Iterable[str]:
    """Nothing here: decisions stand without the name."""
    return []


def forget(user: User, at: datetime) -> None:
    """What was decided stays as it was said; the name beside it went with the account."""


register(PersonalData("votes", facts=facts, erasure_blockers=erasure_blockers, forget=forget))
