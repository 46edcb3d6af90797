"""Who shows, checks and ends certificates. When something may be done is for the verbs to say."""

from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import predicate

from members.credentials.evidence import STAND_INS, Evidence
from members.people.users import User
from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def may_check(user: User, evidence: Evidence | None) -> bool:
    """Another person of the membership office; of the other offices where there is none."""
    if evidence is None or evidence.is_about(user):
        return False
    if "membership" in user.roles:
        return True
    return not user.roles.isdisjoint(STAND_INS) and user in evidence.checkers(timezone.now())


@predicate  # type: ignore[untyped-decorator]
def sent_it(user: User, evidence: Evidence | None) -> bool:
    """Is it theirs, or written down by them?"""
    return evidence is not None and evidence.is_about(user)


add_perm("members.read_certificate_kinds", is_member)
add_perm("members.keep_certificates", holds("membership"))
add_perm("members.write_down_certificates", holds("membership"))
add_perm("members.read_certificates", holds("membership", *STAND_INS))
add_perm("members.show_evidence", is_member)
add_perm("members.accept_evidence", may_check)
add_perm("members.refuse_evidence", may_check)
add_perm("members.withdraw_evidence", sent_it)
add_perm("members.end_credential", holds("membership") & not_oneself)
