"""What of the money a second person confirms."""

from datetime import datetime

from django.urls import reverse

from members.confirmable_acts import Matter, register
from members.models import User
from payouts.charges.refunds import KIND, in_words
from payouts.models import Refund

OFFICES = ("treasurer", "coordinator", "board")


def listen() -> None:
    register(KIND, Matter(OFFICES, say=in_words, link=_link, touches=_touches, carry_out=_confirm, drop=_drop))


def _link(pk: int) -> str:
    return reverse("refund_visit", args=[Refund.objects.get(pk=pk).charge.visit_id])


def _touches(pk: int, user: User) -> bool:
    return Refund.objects.get(pk=pk).touches(user)


def _confirm(pk: int, at: datetime, by: User) -> None:
    Refund.objects.get(pk=pk).confirm(at=at, by=by)


def _drop(pk: int, at: datetime, by: User) -> None:
    Refund.objects.get(pk=pk).drop(at=at, by=by)
