"""What somebody accepted, as part of what is kept about a person."""

from datetime import datetime

from members.agreements.agreements import Acceptance
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Each version that they accepted: its text in the language in which they read it, from which day, and when."""
    if user.membership is None:
        return {}
    rows = Acceptance.objects.filter(member=user.membership).select_related("version__agreement").order_by("pk")
    return {"work": {"agreements": [_told(one) for one in rows]}}


def _told(one: Acceptance) -> Facts:
    facts = {"agreement": str(one.version.agreement), "in force from": one.version.starts_on}
    if one.version.taken_back_on:
        facts["taken back before, on"] = one.version.taken_back_on
    return facts | {"language": one.language, "accepted_at": one.accepted_at, "text": one.text}


def forget(user: User, at: datetime) -> None:
    """What was agreed stays, with a number in place of the person."""


register(PersonalData("account", facts=facts, forget=forget))
