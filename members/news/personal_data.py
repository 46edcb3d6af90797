"""Until when somebody has read what is new, as part of what is kept about a person."""

from datetime import datetime

from members.news.reading import NewsRead
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    return {"news read until": list(NewsRead.objects.filter(member__user=user).values_list("until", flat=True))}


def forget(user: User, at: datetime) -> None:
    NewsRead.objects.filter(member__user=user).delete()


register(PersonalData("account", facts=facts, forget=forget))
