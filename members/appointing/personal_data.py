"""Changes of offices, as part of what is kept about a person."""

from datetime import datetime

from members.appointing.office_changes import OfficeChange
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """What was asked for about their offices."""
    rows = OfficeChange.objects.filter(member__user=user).order_by("pk")
    return {"changes of offices": list(rows.values("office", "starts_on", "ends_on", "decision", "state", "asked_at"))}


def forget(user: User, at: datetime) -> None:
    """Who held which office stays in the co-op's record; the name behind it is gone with the account."""


register(PersonalData("account", facts=facts, forget=forget))
