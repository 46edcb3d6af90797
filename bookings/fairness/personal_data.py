"""What a member answered to what the numbers asked."""

from datetime import datetime

from bookings.fairness.flag_answers import FlagAnswer
from bookings.households.personal_data import of_work
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """In their own words."""
    return of_work(user, _work)


def _work(member: Member) -> Facts:
    answers = member.flag_answers.exclude(words="").order_by("pk")
    return {"answers to what the numbers asked": list(answers.values("written_at", "words"))}


def forget(user: User, at: datetime) -> None:
    """The words go; the numbers stay."""
    FlagAnswer.objects.filter(member__user=user).exclude(words="").update(words="")


register(PersonalData("home", facts=facts, forget=forget))
