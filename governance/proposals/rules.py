"""Who may do what with a proposal. When it can be done, its verbs say."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import predicate

from governance.proposals.proposals import Proposal
from members.rules import holds, is_member, is_owner


@predicate  # type: ignore[untyped-decorator]
def is_author(user: Any, proposal: Proposal) -> bool:
    """Who wrote it."""
    return bool(proposal.author.user_id == user.pk)


@predicate  # type: ignore[untyped-decorator]
def is_elector(user: Any, proposal: Proposal) -> bool:
    """On the roll of this vote."""
    return proposal.roll.filter(member__user=user).exists()


add_perm("governance.read", is_member)
add_perm("governance.propose", is_member)
add_perm("governance.open_discussion_proposal", is_member & is_author)
add_perm("governance.revise_proposal", is_member & is_author)
add_perm("governance.comment_proposal", is_member)
add_perm("governance.withdraw_proposal", is_member & is_author)
add_perm("governance.send_notice_proposal", is_member & (is_author | holds("elections")))
add_perm("governance.cast_proposal", is_owner & is_elector)
add_perm("governance.void_proposal", is_member & holds("elections"))
