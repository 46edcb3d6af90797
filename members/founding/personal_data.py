"""Invitations to found the co-op, as part of what is kept about a person."""

from datetime import datetime

from members.founding.invitations import FounderInvitation
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """That they were invited, and what was written down of them for that."""
    invited = FounderInvitation.objects.filter(user=user).order_by("pk")
    return {"invitations": list(invited.values("state", "offices", "invited_at", "told", "phone"))}


def forget(user: User, at: datetime) -> None:
    """What was written down of them goes; that they were invited stays."""
    FounderInvitation.objects.filter(user=user).update(told={}, phone="")


register(PersonalData("account", facts=facts, forget=forget))
