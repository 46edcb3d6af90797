"""Who reads, keeps and does the duties of the year. When something may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.duties.duties import KEEPERS, Duty
from members.people.users import User
from members.rules import holds, is_member


@predicate  # type: ignore[untyped-decorator]
def looks_after_it(user: User, duty: Duty | None) -> bool:
    """Its owner or its deputy, while they belong to the co-op."""
    return duty is not None and user.works and duty.is_in_care_of(user)


add_perm("members.read_duties", is_member)
add_perm("members.keep_duties", holds(*KEEPERS))
add_perm("members.finish_duty", looks_after_it | holds(*KEEPERS))
add_perm("members.change_duty", holds(*KEEPERS))
add_perm("members.reopen_duty", holds(*KEEPERS))
add_perm("members.drop_duty", holds(*KEEPERS))
