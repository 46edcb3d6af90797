"""What Stripe has that the books do not know, and households that paid more than they owe."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Client
from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.recovery.balances import overpaid_clients
from payouts.recovery.recoveries import Recovery


def _going(_user: User, _at: datetime) -> QuerySet[Recovery]:
    return Recovery.objects.going()


def _recovery(recovery: Recovery) -> Row:
    reason = _(
        "Stripe has moved money in our name that our books do not know. That happens when a backup was restored. So "
        "that nobody is paid twice, everything waits until this is in the books and somebody has read it."
    )
    read = Remedy(_("Read what it is, and let paying go on"), reverse("recovery"), is_link=True)
    about, chip = _("Nobody is paid or charged just now"), str(recovery.get_state_display())
    return Row(about, since=recovery.opened_at, reason=reason, chip=chip, remedies=(read,))


def _overpaid(_user: User, _at: datetime) -> list[tuple[Client, int]]:
    return overpaid_clients()


def _client(found: tuple[Client, int]) -> Row:
    client, cents = found
    reason = _(
        "A visit that was done after the backup is paid by it once it is written down again. What is left can be given "
        "back from the visit."
    )
    return Row(str(client), reason=reason, cents=cents, link=reverse("recovery"))


register(
    WaitingList(
        "overpaid",
        gettext_lazy("Paid us more than they owe"),
        "payouts.see_trouble",
        ("treasurer",),
        _overpaid,
        _client,
    ),
    WaitingList(
        "recovery",
        gettext_lazy("Paid at Stripe, and not in the books"),
        "payouts.see_trouble",
        ("treasurer",),
        _going,
        _recovery,
        states=(Recovery.State.OPEN, Recovery.State.WRITING, Recovery.State.WRITTEN),
    ),
)
