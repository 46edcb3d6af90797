"""What a second person confirms about a suspension."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from members.membership.proposed import KIND, ProposedSuspension
from members.offices.roles import Role
from members.people.users import User
from members.second_person.confirmable_acts import Matter, register

OFFICES = (Role.Kind.MEMBERSHIP, Role.Kind.BOARD, Role.Kind.COORDINATOR)


def _say(numbers: Collection[int]) -> dict[int, str]:
    rows = ProposedSuspension.objects.filter(pk__in=numbers).select_related("member__user")
    return {row.pk: str(row) for row in rows}


def _link(number: int) -> str:
    return reverse("read_standing", args=[ProposedSuspension.objects.get(pk=number).member_id])


def _touches(number: int, user: User) -> bool:
    return ProposedSuspension.objects.filter(pk=number, member__user=user).exists()


def _carry_out(number: int, at: datetime, by: User) -> None:
    ProposedSuspension.objects.select_related("member__user").get(pk=number).carry_out(at=at, by=by)


def _drop(_number: int, _at: datetime, _by: User) -> None:
    """Nothing happened yet, and nothing does."""


register(KIND, Matter(offices=OFFICES, say=_say, link=_link, touches=_touches, carry_out=_carry_out, drop=_drop))
