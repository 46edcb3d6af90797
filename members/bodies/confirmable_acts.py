"""What of the bodies a second person confirms."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from members.appointing.confirmable_acts import OFFICES
from members.bodies.body_changes import KIND, BodyChange
from members.people.users import User
from members.second_person.confirmable_acts import Matter, register


def _in_words(change_ids: Collection[int]) -> dict[int, str]:
    rows = BodyChange.objects.filter(pk__in=change_ids).select_related("member__user", "body")
    return {one.pk: str(one) for one in rows}


def _link(_pk: int) -> str:
    return reverse("bodies")


def _touches(pk: int, user: User) -> bool:
    return BodyChange.objects.filter(pk=pk, member__user=user).exists()


def _confirm(pk: int, at: datetime, by: User) -> None:
    BodyChange.objects.get(pk=pk).confirm(at=at, by=by)


def _drop(pk: int, at: datetime, by: User) -> None:
    BodyChange.objects.get(pk=pk).drop(at=at, by=by)


register(KIND, Matter(OFFICES, say=_in_words, link=_link, touches=_touches, carry_out=_confirm, drop=_drop))
