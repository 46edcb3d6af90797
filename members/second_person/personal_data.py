"""Acts about somebody and their answers, as part of what is kept about a person."""

from datetime import datetime

from coop.events import GONE
from coop.models import Event
from members.people.users import User
from members.personal_data import Facts, PersonalData, register
from members.second_person.concerns import Concern
from members.second_person.confirmations import Confirmation


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
    """Their words go, and those about them alone: why it was asked for, and what was answered."""
    mine = Concern.objects.filter(member__user=user)
    mine.update(words="")
    others = Concern.objects.exclude(member__user=user).filter(is_asked=True)
    about = Confirmation.objects.filter(pk__in=mine.filter(is_asked=True).values("confirmation"))
    theirs = about.exclude(pk__in=others.values("confirmation")).exclude(state=Confirmation.State.ASKED)
    theirs.exclude(reason=GONE).update(reason=GONE)
    theirs.exclude(answer="").update(answer=GONE)
    Event.objects.forget_words(theirs)


register(PersonalData("account", facts=facts, forget=forget))
