"""What of Stripe and the bank waits for a person: disputes, differences, pay to take back."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.reconciliation.differences import Difference, Kind, differences
from payouts.reconciliation.disputes.disputes import Dispute, DisputeQuerySet
from payouts.reconciliation.movements import Movement, MovementQuerySet
from payouts.reconciliation.take_backs import TakeBack, TakeBackQuerySet

TREASURER, MONEY = ("treasurer",), ("treasurer", "board")


def _disputes(_user: User, _at: datetime) -> DisputeQuerySet:
    return Dispute.objects.to_answer().select_related("charge__client__user")


def _dispute(dispute: Dispute) -> Row:
    reason = _("A bank took this back, and waits for our answer.")
    if dispute.due_by:
        due = timezone.localtime(dispute.due_by)
        until = {"day": date_format(due, "SHORT_DATE_FORMAT"), "time": date_format(due, "TIME_FORMAT")}
        reason = _("A bank took this back. We can answer until %(day)s, %(time)s, and not after that.") % until
    look = Remedy(_("Read what we know, and answer"), dispute.get_absolute_url(), is_link=True)
    whose = str(dispute.charge.client) if dispute.charge else dispute.dispute
    return Row(whose, since=dispute.opened_at, reason=reason, cents=dispute.cents, remedies=(look,))


def _movements(_user: User, _at: datetime) -> MovementQuerySet:
    return Movement.objects.waiting().order_by("moved_at", "pk")


def _movement(movement: Movement) -> Row:
    look = Remedy(_("Say what it is"), movement.get_absolute_url(), is_link=True)
    reason = _(movement.reason) if movement.reason else ""
    return Row(movement.said, since=movement.moved_at, reason=reason, remedies=(look,))


def _others(_user: User, at: datetime) -> list[Difference]:
    return [one for one in differences(at=at) if one.kind != Kind.MOVEMENT]


def _other(found: Difference) -> Row:
    look = Remedy(_("Look at it"), found.address or reverse("reconciliation"), is_link=True)
    return Row(found.said, since=found.since, reason=str(found.kind.label), cents=found.cents, remedies=(look,))


def _take_backs(_user: User, _at: datetime) -> TakeBackQuerySet:
    return TakeBack.objects.in_trouble().select_related("payout__member__user").order_by("made_at", "pk")


def _take_back(found: TakeBack) -> Row:
    again = Remedy(_("Try once more"), reverse("retry_take_back", args=[found.pk]), verb="retry", of=found)
    leave = Remedy(_("Leave it with them"), reverse("give_up_take_back", args=[found.pk]), verb="give_up", of=found)
    who = str(found.payout.member)
    return Row(who, since=found.made_at, reason=found.trouble, cents=found.cents, remedies=(again, leave))


register(
    WaitingList(
        "take_backs",
        gettext_lazy("Pay that could not be taken back"),
        "payouts.see_waiting_pay",
        TREASURER,
        _take_backs,
        _take_back,
        states=(TakeBack.State.FAILED,),
    ),
    WaitingList(
        "differences",
        gettext_lazy("What does not fit between the books, Stripe and the bank"),
        "payouts.see_reconciliation",
        MONEY,
        _others,
        _other,
    ),
    WaitingList(
        "movements",
        gettext_lazy("Movements at Stripe that nobody knows"),
        "payouts.see_reconciliation",
        MONEY,
        _movements,
        _movement,
        states=(Movement.State.WAITS,),
    ),
    WaitingList(
        "disputes",
        gettext_lazy("Disputes that wait for our answer"),
        "payouts.see_disputes",
        ("treasurer", "coordinator"),
        _disputes,
        _dispute,
        states=(Dispute.State.OPEN,),
    ),
)
