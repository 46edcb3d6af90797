"""Who people are to the co-op: the predicates from which every room builds its table of permissions.

They say who somebody is, never what state a thing is in. Without a signed-in person every answer is no.
"""

from typing import Any

from django.db.models import Model
from rules.predicates import Predicate, predicate

from members.people.users import User


@predicate  # type: ignore[untyped-decorator]
def is_member(user: Any) -> bool:
    """A candidate, a member or a member on leave."""
    return isinstance(user, User) and user.works


@predicate  # type: ignore[untyped-decorator]
def is_owner(user: Any) -> bool:
    """In good standing: one of those who own the co-op and vote."""
    return isinstance(user, User) and user.membership is not None and user.membership.is_owner


def holds(*kinds: str) -> Predicate:
    """Somebody who holds one of these roles today."""

    def holds_role(user: Any) -> bool:
        return isinstance(user, User) and not user.roles.isdisjoint(kinds)

    role: Predicate = predicate(holds_role, name=f"holds:{'|'.join(kinds)}")
    return role


@predicate  # type: ignore[untyped-decorator]
def not_oneself(user: User, row: Model | None) -> bool:
    """Nobody decides about their own household, pay or shift: each row says whom it is about (`is_about`)."""
    return row is None or not row.is_about(user)  # type: ignore[attr-defined]
