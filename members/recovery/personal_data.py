"""New ways into an account, as part of what is kept about a person."""

from datetime import datetime

from members.people.users import User
from members.personal_data import Facts, PersonalData, register
from members.recovery.recoveries import AccountRecovery


def facts(user: User, at: datetime) -> Facts:
    """What the office asked for."""
    rows = AccountRecovery.objects.filter(user=user).order_by("pk")
    return {"new ways into the account": list(rows.values("asked_at", "state", "email", "phone", "reason"))}


def forget(user: User, at: datetime) -> None:
    """The addresses and the words go; that it was, and who decided it, stays."""
    over = {"email": "", "phone": "", "reason": "–", "state": AccountRecovery.State.LAPSED}
    AccountRecovery.objects.filter(user=user).update(**over)


register(PersonalData("account", facts=facts, forget=forget))
