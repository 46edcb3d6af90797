"""Money of clients that waits for a person: cards that were declined, checks to come, money that did not go back."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.charges.card_removals import CardRemoval, CardRemovalQuerySet
from payouts.charges.charges import Charge, ChargeQuerySet
from payouts.charges.refunds import Refund
from payouts.charges.sums.refund_rows import RefundQuerySet

ABOUT = ("client__user", "visit__booking__home__zip")
PERM = "payouts.see_trouble"
REFUNDS = (Refund.State.FAILED, Refund.State.ASKED, Refund.State.OWED)


def _cards(_user: User, _at: datetime) -> ChargeQuerySet:
    return Charge.objects.in_trouble().select_related(*ABOUT).order_by("due_at", "pk")


def _card(charge: Charge) -> Row:
    again = Remedy(_("Try the card once more"), reverse("retry_charge", args=[charge.pk]), verb="retry", of=charge)
    failed = charge.state == Charge.State.FAILED
    return Row(
        str(charge.client),
        since=charge.attention_since or charge.due_at,
        reason=" ".join(filter(None, [_said(charge), _(charge.trouble) if charge.trouble else "", _page(charge)])),
        cents=charge.cents,
        chip=str(charge.get_state_display()),
        remedies=(again, _paid(charge)) if failed and not charge.is_declined_tip else (again,),
    )


def _unconfirmed(_user: User, _at: datetime) -> ChargeQuerySet:
    waits = Charge.objects.to_confirm().select_related(*ABOUT)
    return waits.order_by("asked_to_confirm_at", "pk")


def _to_confirm(charge: Charge) -> Row:
    assert charge.confirm_by is not None
    until = charge.confirm_by.astimezone(charge.visit.zone)
    said = {
        "day": date_format(until, "SHORT_DATE_FORMAT"),
        "time": date_format(until, "TIME_FORMAT"),
        "address": settings.BASE_URL + reverse("booking", args=[charge.visit.booking.token]),
    }
    asks = _(
        "Their bank asks them to confirm it. We wrote to them; after %(day)s, %(time)s the card counts as declined. "
        "They can confirm it here: %(address)s"
    )
    return Row(
        str(charge.client),
        since=charge.asked_to_confirm_at,
        reason=f"{_said(charge)} {asks % said}",
        cents=charge.cents,
        chip=str(charge.get_state_display()),
        remedies=(Remedy(_("The visit"), charge.visit.get_absolute_url(), is_link=True),),
    )


def _said(charge: Charge) -> str:
    """What it is for, and the day of the visit."""
    day = date_format(charge.visit.starts_at.astimezone(charge.visit.zone), "SHORT_DATE_FORMAT")
    return f"{charge.get_kind_display().capitalize()}, {day}."


def _page(charge: Charge) -> str:
    """Where they save another card: to be said on the phone."""
    if charge.state != Charge.State.FAILED:
        return ""
    address = settings.BASE_URL + reverse("save_card", args=[charge.visit.booking.token])
    return _("They can save another card here: %(address)s") % {"address": address}


def _paid(charge: Charge) -> Remedy:
    return Remedy(
        _("It is paid by check or in cash"),
        reverse("pay_outside_charge", args=[charge.pk]),
        asks=_("Write down that it is in the bank"),
        verb="pay_outside",
        of=charge,
    )


def _to_collect(_user: User, _at: datetime) -> ChargeQuerySet:
    return Charge.objects.to_collect().select_related(*ABOUT).order_by("visit__starts_at", "pk")


def _collected(charge: Charge) -> Row:
    since = charge.visit.completed_at or charge.visit.starts_at
    return Row(str(charge.client), since=since, reason=_said(charge), cents=charge.cents, remedies=(_paid(charge),))


def _refunds(_user: User, _at: datetime) -> RefundQuerySet:
    waits = Refund.objects.filter(state__in=REFUNDS)
    return waits.select_related("charge__client__user", "charge__visit").order_by("made_at", "pk")


def _refund(refund: Refund) -> Row:
    visit = Remedy(
        _("The visit"),
        reverse("refund_visit", args=[refund.charge.visit_id]),
        is_link=True,
        perm="bookings.refund_visit",
    )
    again = Remedy(_("Send it once more"), reverse("retry_refund", args=[refund.pk]), verb="retry", of=refund)
    second = Remedy(_("Waiting for a second person"), reverse("confirmations"), is_link=True)
    outside = Remedy(
        _("It went back by check or in cash"),
        reverse("pay_outside_refund", args=[refund.pk]),
        asks=_("Write down that it is paid"),
        verb="pay_outside",
        of=refund,
    )
    remedies = {Refund.State.FAILED: (again, outside), Refund.State.OWED: (outside,)}
    return Row(
        str(refund.charge.client),
        since=refund.made_at,
        reason=" ".join(filter(None, [refund.note, refund.trouble])),
        cents=refund.cents if refund.state == Refund.State.ASKED else refund.rest,
        chip=str(refund.get_state_display()),
        remedies=(*remedies.get(Refund.State(refund.state), (second,)), visit),
    )


def _removals(_user: User, _at: datetime) -> CardRemovalQuerySet:
    return CardRemoval.objects.in_trouble().order_by("asked_at", "pk")


def _removal(removal: CardRemoval) -> Row:
    reason = _("Stripe was asked often to forget this card and did not answer. It is asked once an hour.")
    return Row(str(removal), since=removal.asked_at, reason=reason, trace=removal.trouble)


register(
    WaitingList(
        "removals",
        gettext_lazy("Cards that Stripe is to forget"),
        PERM,
        ("treasurer",),
        _removals,
        _removal,
    ),
    WaitingList(
        "refunds",
        gettext_lazy("Money that did not go back, or waits for a second person"),
        PERM,
        ("treasurer", "coordinator"),
        _refunds,
        _refund,
        states=REFUNDS,
    ),
    WaitingList(
        "to_collect",
        gettext_lazy("To be paid by check or in cash"),
        PERM,
        ("treasurer",),
        _to_collect,
        _collected,
        states=(Charge.State.DUE,),
    ),
    WaitingList(
        "to_confirm",
        gettext_lazy("Payments that clients confirm at their bank"),
        PERM,
        ("treasurer", "coordinator"),
        _unconfirmed,
        _to_confirm,
        states=(Charge.State.UNCONFIRMED,),
    ),
    WaitingList(
        "cards",
        gettext_lazy("Cards that were declined, and charges that nobody can see through"),
        PERM,
        ("treasurer",),
        _cards,
        _card,
        states=(Charge.State.FAILED,),
    ),
)
