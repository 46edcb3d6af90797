"""Who looked, as part of what is kept about a person."""

from datetime import datetime

from django.utils import timezone

from members.looks.looks import Look
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Who looked at what is kept about them."""
    rows = Look.objects.filter(about=user).select_related("by").order_by("at", "pk")
    looks = [{"on": timezone.localdate(row.at), "person": row.by.short_name, "what": row.page} for row in rows]
    return {"who looked at what is kept about you": looks}


def forget(user: User, at: datetime) -> None:
    """Nobody is left to be told; what they looked at themselves is told to the others, without their name."""
    Look.objects.filter(about=user).delete()


register(PersonalData("account", facts=facts, forget=forget))
