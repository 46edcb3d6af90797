"""Terms in bodies, as part of what is kept about a person."""

from datetime import datetime

from members.bodies.bodies import BodyTerm
from members.bodies.body_changes import BodyChange
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """To which bodies they belonged and by which decision; what was asked about that."""
    terms = BodyTerm.objects.filter(member__user=user).order_by("pk")
    asked = BodyChange.objects.filter(member__user=user).order_by("pk")
    return {
        "terms in bodies": list(terms.values("body__name_en", "starts_on", "ends_on", "ended_on", "decision")),
        "changes of bodies": list(asked.values("body__name_en", "act", "state", "decision", "asked_at")),
    }


def forget(user: User, at: datetime) -> None:
    """Who belonged to which body stays in the co-op's record; the name behind it is gone with the account."""


register(PersonalData("account", facts=facts, forget=forget))
