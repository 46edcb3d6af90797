"""Whose account a number opens."""

from collections.abc import Callable, Iterable
from typing import Any

from members.notices.contact_preferences import Reach
from members.people.users import User

claiming: list[Callable[[Any], Iterable[User]]] = []
"""Rooms above say whom they call at a number who has no address: the code that goes there proves that it is theirs."""


def opened_by(phone: Any) -> User | None:
    """Whoever has shown that this number is theirs; else the one person without an address whom we call there."""
    if owner := Reach.owner_of(phone):
        return owner
    called = {user for find in claiming for user in find(phone) if user.is_active and not user.address}
    return called.pop() if len(called) == 1 else None
