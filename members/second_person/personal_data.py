"""Acts about somebody and their answers, as part of what is kept about a person."""

from datetime import datetime

from members.people.users import User
from members.personal_data import Facts, PersonalData, register
from members.second_person.confirmations import Concern


def facts(user: User, at: datetime) -> Facts:
    """What was asked for that is about them, and what they said to it."""
    rows = Concern.objects.filter(member__user=user, is_asked=True).select_related("confirmation").order_by("pk")
    acts = [
        {
            "asked": one.confirmation.asked_at,
            "reason": one.confirmation.reason,
            "state": one.confirmation.state,
            "you": one.said,
            "your words": one.words,
        }
        for one in rows
    ]
    return {"acts that a second person confirms": acts}


def forget(user: User, at: datetime) -> None:
    """Their words go."""
    Concern.objects.filter(member__user=user).update(words="")


register(PersonalData("account", facts=facts, forget=forget))
