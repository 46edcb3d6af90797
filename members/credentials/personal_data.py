"""Certificates, as part of what is kept about a person."""

from datetime import datetime

from members.credentials.credentials import Credential
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    if user.membership is None:
        return {}
    rows = Credential.objects.filter(member=user.membership).order_by("pk")
    return {"work": {"certificates": list(rows.values("kind", "number", "issued_on", "expires_on"))}}


def forget(user: User, at: datetime) -> None:
    """Their numbers go."""
    Credential.objects.filter(member__user=user).update(number="")


register(PersonalData("account", facts=facts, forget=forget))
