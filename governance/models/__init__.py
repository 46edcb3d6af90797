"""Votes: what is proposed, who may decide it, what they said, and what came of it."""

from governance.ballots.ballots import Ballot, Count, Elector
from governance.ballots.rule import Rule
from governance.proposals.proposals import Proposal
from governance.proposals.revisions import Change, Comment, Revision

__all__ = ["Ballot", "Change", "Comment", "Count", "Elector", "Proposal", "Revision", "Rule"]
