"""Who may answer, confirm, decline and withdraw. When it may be done is for the verbs to say."""

from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import predicate

from members.people.users import User
from members.rules import is_member
from members.second_person.confirmations import Confirmation


@predicate  # type: ignore[untyped-decorator]
def is_second(user: User, asked: Confirmation | None) -> bool:
    """Who can be the second person."""
    return asked is not None and user in asked.seconds(timezone.now())


@predicate  # type: ignore[untyped-decorator]
def asked_for_the_act(user: User, asked: Confirmation | None) -> bool:
    """Who asked for it."""
    return asked is not None and asked.asked_by_id == user.pk


@predicate  # type: ignore[untyped-decorator]
def is_asked_about_it(user: User, asked: Confirmation | None) -> bool:
    """Whom it is about, and who is asked what they say to it."""
    return asked is not None and any(one.member.user_id == user.pk for one in asked.answers)


add_perm("members.read_confirmations", is_member)
add_perm("members.answer_confirmation", is_asked_about_it)
add_perm("members.confirm_confirmation", is_member & is_second)
add_perm("members.decline_confirmation", is_member & is_second)
add_perm("members.withdraw_confirmation", asked_for_the_act)
