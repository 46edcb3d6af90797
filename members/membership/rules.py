"""Who may do what about a standing. When it may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.people.members import Member
from members.people.users import User
from members.rules import holds, not_oneself
from members.standing.standings import Standing


@predicate  # type: ignore[untyped-decorator]
def oneself(user: User, row: Member | Standing | None) -> bool:
    """Whose standing it is."""
    return row is not None and row.is_about(user)


office = holds("membership", "board")

add_perm("members.read_standing_member", oneself | holds("membership", "board", "coordinator"))
add_perm("members.go_on_leave_member", oneself | office)
add_perm("members.come_back_member", oneself | office)
add_perm("members.give_notice_member", oneself | office)
add_perm("members.take_back_standing", oneself | office)
add_perm("members.suspend_member", office & not_oneself)
add_perm("members.reinstate_member", office & not_oneself)
add_perm("members.return_as_candidate_member", office & not_oneself)
add_perm("members.return_as_member_member", office & not_oneself)
add_perm("members.read_leaving_reasons", holds("membership", "board"))
