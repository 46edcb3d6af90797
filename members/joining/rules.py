"""Who looks after applications and candidates. When something may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.joining.candidates import OFFICES, Candidate
from members.people.members import Member
from members.people.users import User
from members.rules import holds, is_member

looks_after = holds(*OFFICES)


@predicate  # type: ignore[untyped-decorator]
def is_mentor(user: User, candidate: Candidate | None) -> bool:
    """Whoever helps this candidate, and holds the office for it."""
    helps = candidate is not None and candidate.mentor is not None and candidate.mentor.user_id == user.pk
    return helps and "mentor" in user.roles


@predicate  # type: ignore[untyped-decorator]
def is_candidate(user: User) -> bool:
    """Somebody in their time as a candidate."""
    return user.membership is not None and user.membership.state == Member.State.CANDIDATE


add_perm("members.read_applications", looks_after)
add_perm("members.invite_application", looks_after)
add_perm("members.note_application", looks_after)
add_perm("members.accept_application", looks_after)
add_perm("members.decline_application", looks_after)

add_perm("members.read_candidates", looks_after | holds("mentor"))
add_perm("members.choose_mentor_candidate", looks_after)
add_perm("members.learn_candidate", looks_after | is_mentor)
add_perm("members.put_forward_candidate", looks_after)
add_perm("members.turn_down_candidate", looks_after)
add_perm("members.read_progress", is_member & is_candidate)
add_perm("members.read_lessons", is_member)
add_perm("members.keep_lessons", looks_after)
