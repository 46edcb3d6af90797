"""Votes: what is proposed, who may decide it, what they said, and what came of it."""

from governance.models.ballots import Ballot, Count, Elector
from governance.models.proposals import Proposal
from governance.models.revisions import Change, Comment, Revision
from governance.models.rule import Rule

__all__ = ["Ballot", "Change", "Comment", "Count", "Elector", "Proposal", "Revision", "Rule"]
