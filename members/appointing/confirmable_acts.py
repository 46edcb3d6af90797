"""What of the offices a second person confirms."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from members.appointing.office_changes import KIND, OfficeChange
from members.people.users import User
from members.second_person.confirmable_acts import Matter, register

OFFICES = ("membership", "board", "coordinator")


def _in_words(change_ids: Collection[int]) -> dict[int, str]:
    rows = OfficeChange.objects.filter(pk__in=change_ids).select_related("member__user")
    return {one.pk: str(one) for one in rows}


def _link(_pk: int) -> str:
    return reverse("offices")


def _touches(pk: int, user: User) -> bool:
    return OfficeChange.objects.filter(pk=pk, member__user=user).exists()


def _confirm(pk: int, at: datetime, by: User) -> None:
    OfficeChange.objects.get(pk=pk).confirm(at=at, by=by)


def _drop(pk: int, at: datetime, by: User) -> None:
    OfficeChange.objects.get(pk=pk).drop(at=at, by=by)


register(KIND, Matter(OFFICES, say=_in_words, link=_link, touches=_touches, carry_out=_confirm, drop=_drop))
