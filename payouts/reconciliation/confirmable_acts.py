"""What of movements at Stripe a second person confirms."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from coop.money import dollars
from members.models import User
from members.second_person.confirmable_acts import Matter, register
from payouts.reconciliation import explanations, take_backs
from payouts.reconciliation.explanations import Explanation
from payouts.reconciliation.take_backs import TakeBack

OFFICES = ("treasurer", "board")


def _explained(pks: Collection[int]) -> dict[int, str]:
    said = _("%(what)s at Stripe (%(day)s) is written into the books: %(belongs)s")
    rows = Explanation.objects.filter(pk__in=pks).select_related("movement")
    return {
        one.pk: said
        % {
            "what": one.movement.said,
            "day": date_format(localdate(one.movement.moved_at), "SHORT_DATE_FORMAT"),
            "belongs": one.get_belongs_display(),
        }
        for one in rows
    }


def _taken_back(pks: Collection[int]) -> dict[int, str]:
    said = _("%(amount)s of the pay of %(who)s (%(days)s) is taken back from their account at Stripe")
    rows = TakeBack.objects.filter(pk__in=pks).select_related("payout__member__user", "payout__run")
    return {
        one.pk: said % {"amount": dollars(one.cents), "who": one.payout.member.short_name, "days": one.payout.run.days}
        for one in rows
    }


def _the_movement(pk: int) -> str:
    return reverse("movement", args=[Explanation.objects.get(pk=pk).movement_id])


def _the_payout(pk: int) -> str:
    return reverse("take_back_payout", args=[TakeBack.objects.get(pk=pk).payout_id])


def _its_own_pay(pk: int, user: User) -> bool:
    return TakeBack.objects.select_related("payout__member").get(pk=pk).is_about(user)


def _nobodys(_pk: int, _user: User) -> bool:
    return False


def _carry_out(pk: int, at: datetime, by: User) -> None:
    Explanation.objects.get(pk=pk).carry_out(at=at, by=by)


def _leave(pk: int, at: datetime, by: User) -> None:
    Explanation.objects.get(pk=pk).drop(at=at, by=by)


def _take_back(pk: int, at: datetime, by: User) -> None:
    TakeBack.objects.get(pk=pk).confirm(at=at, by=by)


def _leave_it_there(pk: int, at: datetime, by: User) -> None:
    TakeBack.objects.get(pk=pk).drop(at=at, by=by)


register(
    explanations.KIND,
    Matter(OFFICES, say=_explained, link=_the_movement, touches=_nobodys, carry_out=_carry_out, drop=_leave),
)
register(
    take_backs.KIND,
    Matter(
        OFFICES,
        say=_taken_back,
        link=_the_payout,
        touches=_its_own_pay,
        carry_out=_take_back,
        drop=_leave_it_there,
        always_two=True,
    ),
)
