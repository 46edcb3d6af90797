"""What of the money a second person confirms."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.money import dollars
from members.models import User
from members.second_person.confirmable_acts import Matter, register
from payouts.charges.charges import Charge
from payouts.charges.refunds import KIND, Refund
from payouts.charges.sums.refund_rows import paid_by

OFFICES = ("treasurer", "coordinator", "board")


def _in_words(refund_ids: Collection[int]) -> dict[int, str]:
    """What a second person is asked to confirm, of each."""
    return {one.pk: _said(one) for one in Refund.objects.filter(pk__in=refund_ids).select_related("charge__visit")}


def _said(refund: Refund) -> str:
    said = _("%(amount)s of %(of)s back to the client of visit %(visit)s (%(day)s)")
    if refund.charge.kind == Charge.Kind.TIP:
        said = _("%(amount)s of a tip of %(of)s back to the client of visit %(visit)s (%(day)s), from the tips")
    elif refund.from_pay:
        said = _("%(amount)s of %(of)s back to the client of visit %(visit)s (%(day)s), from the pay of who did it")
    return said % {
        "amount": dollars(refund.cents),
        "of": dollars(paid_by(refund.charge).total),
        "visit": refund.charge.visit_id,
        "day": date_format(timezone.localdate(refund.visit.starts_at), "SHORT_DATE_FORMAT"),
    }


def _link(pk: int) -> str:
    return reverse("refund_visit", args=[Refund.objects.get(pk=pk).charge.visit_id])


def _touches(pk: int, user: User) -> bool:
    return Refund.objects.get(pk=pk).touches(user)


def _confirm(pk: int, at: datetime, by: User) -> None:
    Refund.objects.get(pk=pk).agree(at=at, by=by)


def _drop(pk: int, at: datetime, by: User) -> None:
    Refund.objects.get(pk=pk).drop(at=at, by=by)


register(KIND, Matter(OFFICES, say=_in_words, link=_link, touches=_touches, carry_out=_confirm, drop=_drop))
