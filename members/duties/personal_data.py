"""Duties of the year, as part of what is kept about a person."""

from datetime import datetime

from members.duties.duties import Duty
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """What they look after or did, papers stand on their pages."""
    if user.membership is None:
        return {}
    theirs = Duty.objects.of(user.membership) | Duty.objects.filter(done_by=user.membership)
    rows = theirs.distinct().order_by("due_on", "pk").values("title_en", "due_on", "state", "done_at")
    return {"work": {"duties": list(rows)}}


def forget(user: User, at: datetime) -> None:
    """Nobody who is gone looks after anything; what they did stays, with a number in place of the person."""
    Duty.objects.standing().filter(owner__user=user).update(owner=None)
    Duty.objects.standing().filter(deputy__user=user).update(deputy=None)


register(PersonalData("account", facts=facts, forget=forget))
