"""Why somebody left, as part of what is kept about a person."""

from datetime import datetime

from coop.events import GONE
from coop.models import Event
from members.membership.proposed import ProposedReturn, ProposedSuspension
from members.membership.reasons import LeavingReason
from members.people.members import Member
from members.people.users import User
from members.personal_data import Facts, PersonalData, register
from members.standing.standings import Standing


def facts(user: User, at: datetime) -> Facts:
    """What they said when they left, and what was decided about their standing."""
    said = LeavingReason.objects.filter(leaving__member__user=user).order_by("pk")
    asked = ProposedSuspension.objects.filter(member__user=user).order_by("pk")
    back = ProposedReturn.objects.filter(member__user=user).order_by("pk")
    return {
        "why they left": list(said.values("said_at", "why", "words")),
        "suspensions that were asked for": list(asked.values("asked_at", "reason")),
        "returns that were asked for": list(back.values("asked_at", "reason")),
    }


def forget(user: User, at: datetime) -> None:
    """Their words and those of decisions go; that somebody left, and which of few words they chose, stays.

    So does who did what to their membership, and when, without what was written down about it.
    """
    suspensions = ProposedSuspension.objects.filter(member__user=user)
    Event.objects.forget_words(suspensions)
    suspensions.exclude(reason=GONE).update(reason=GONE)
    ProposedReturn.objects.filter(member__user=user).exclude(reason=GONE).update(reason=GONE)
    Event.objects.forget_words(Member.objects.filter(user=user), "members.candidate")
    LeavingReason.objects.filter(leaving__member__user=user).update(words="")
    Standing.objects.filter(member__user=user).exclude(decision="").update(decision="")


register(PersonalData("account", facts=facts, forget=forget))
