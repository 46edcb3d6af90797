"""Who may do what while a co-op is set up."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.founding.invitations import FounderInvitation
from members.people.users import User
from members.rules import holds, is_owner


@predicate  # type: ignore[untyped-decorator]
def founds(user: User) -> bool:
    """One of those who own the co-op, whose standing lets them act: not on leave, not suspended."""
    member = user.membership
    return member is not None and member.is_owner and member.means.acts


@predicate  # type: ignore[untyped-decorator]
def is_invited(user: User, invited: FounderInvitation | None) -> bool:
    """Whom it asks."""
    return invited is not None and invited.is_for(user)


add_perm("members.set_up", is_owner)
add_perm("members.try_out", holds("coordinator", "treasurer", "board"))
add_perm("members.share_offices", founds)
add_perm("members.invite_founderinvitation", founds)
add_perm("members.accept_founderinvitation", is_invited)
add_perm("members.withdraw_founderinvitation", founds | is_invited)
