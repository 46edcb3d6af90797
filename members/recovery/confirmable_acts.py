"""What a second person confirms about a new way into an account."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from members.people.users import User
from members.recovery.recoveries import KIND, AccountRecovery
from members.recovery.rules import OFFICES
from members.second_person.confirmable_acts import Matter, register


def _say(numbers: Collection[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in AccountRecovery.objects.filter(pk__in=numbers).select_related("user")}


def _link(number: int) -> str:
    return reverse("recover_user", args=[AccountRecovery.objects.get(pk=number).user_id])


def _touches(number: int, user: User) -> bool:
    return AccountRecovery.objects.filter(pk=number, user=user).exists()


def _carry_out(number: int, at: datetime, by: User) -> None:
    AccountRecovery.objects.get(pk=number).confirm(at=at, by=by)


def _drop(number: int, at: datetime, by: User) -> None:
    """Nothing is left to drop where its owner was forgotten meanwhile."""
    for asked in AccountRecovery.objects.filter(pk=number, state=AccountRecovery.State.ASKED):
        asked.drop(at=at, by=by)


register(
    KIND,
    Matter(OFFICES, say=_say, link=_link, touches=_touches, carry_out=_carry_out, drop=_drop, always_two=True),
)
