"""Who reads the register of members, and who writes in it. Nobody writes in their own file as an office."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.offices.bundles import has_bundle
from members.people.members import Member
from members.people.users import User
from members.rules import is_member

reads = has_bundle("register")


@predicate  # type: ignore[untyped-decorator]
def not_their_own(user: User, member: Member | None) -> bool:
    """Is the file somebody else's?"""
    return member is None or member.user_id != user.pk


add_perm("members.read_register", reads)
add_perm("members.read_own_file", is_member)
add_perm("members.give_skills_member", has_bundle("skills") & not_their_own)
add_perm("members.change_member", has_bundle("records") & not_their_own)
