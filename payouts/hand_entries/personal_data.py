"""What somebody was paid by an entry by hand, as part of what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime

from members.models import User
from members.personal_data import Facts, PersonalData, register
from payouts.hand_entries.hand_entries import HandEntry


def facts(user: User, at: datetime) -> Facts:
    """What was paid to somebody as a member, besides pay."""
    rows = HandEntry.objects.filter(to_member__user=user).order_by("pk")
    return {"paid beside pay": list(rows.values("kind", "what", "day", "cents", "note", "state"))}


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """Nothing here keeps anybody."""
    yield from ()


def forget(user: User, at: datetime) -> None:
    """What was paid stays in the books."""


register(PersonalData("money", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
