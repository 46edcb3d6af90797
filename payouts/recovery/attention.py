"""What Stripe has that the books do not know, and households that paid more than they owe."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Client
from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.ledger.ledger import Account
from payouts.recovery.balances import overpaid_clients, unclaimed
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


def _unclaimed(_user: User, _at: datetime) -> list[Account]:
    return unclaimed()


def _nobodys(account: Account) -> Row:
    reason = _(
        "It was found at Stripe after a restore. Once you know whose it is, move it to a fund or pay it back, by an "
        "entry by hand. Below zero it was paid to somebody whom the books do not know."
    )
    page, perm = reverse("draft_hand_entry"), "payouts.draft_handentry"
    move = Remedy(_("Write an entry by hand"), page, is_link=True, perm=perm)
    about = str(Account.Kind.UNCLAIMED.label).capitalize()
    return Row(about, reason=reason, cents=account.balance, link=reverse("recovery"), remedies=(move,))


register(
    WaitingList(
        "unclaimed",
        gettext_lazy("Money that nobody is known for"),
        "payouts.see_trouble",
        ("treasurer", "board"),
        _unclaimed,
        _nobodys,
    ),
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
