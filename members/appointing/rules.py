"""Who reads who holds which office, and who asks that it changes. Whoever gives up their own may always do so."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.offices.bundles import has_bundle
from members.offices.roles import Role
from members.people.users import User
from members.rules import is_member

may_change = has_bundle("offices")


@predicate  # type: ignore[untyped-decorator]
def holds_the_term(user: User, term: Role | None) -> bool:
    """Is it their own?"""
    return term is not None and term.member.user_id == user.pk


add_perm("members.read_offices", is_member)
add_perm("members.change_offices", may_change)
add_perm("members.end_role", may_change | holds_the_term)
