"""This room's part of what is kept about a person: what they paid and were paid."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Client
from coop.money import dollars
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register
from payouts.charges.credit import credit_of
from payouts.charges.receipts import paid_for, receipted
from payouts.models import Card, Charge, GiftCard, Payout
from payouts.payroll.presenters import balances_of, unpaid_work


def listen() -> None:
    register(PersonalData("money", facts=facts, erasure_blockers=erasure_blockers, forget=forget))


def facts(user: User, at: datetime) -> Facts:
    """Charges, receipts, credit and gifts as a client; pay and tips as somebody who works here."""
    client, member = Client.objects.filter(user=user).first(), Member.objects.filter(user=user).first()
    gifts = GiftCard.objects.filter(buyer=user).order_by("pk")
    return {
        "as a client": _paid(client) if client else None,
        "gift cards bought": list(gifts.values("asked_at", "cents", "to_name", "message", "state")),
        "as somebody who works here": _earned(member) if member else None,
    }


def _paid(client: Client) -> Facts:
    visits = list(receipted(client.user).filter(booking__home__client=client))
    paid, card = paid_for(visits), Card.objects.filter(client=client).exclude(method="").first()
    charges = Charge.objects.filter(client=client).select_related("visit").order_by("pk")
    return {
        "card": {"brand": card.brand, "last4": card.last4, "saved_at": card.saved_at} if card else None,
        "credit in cents": credit_of(client),
        "charges": [
            {"visit": one.visit.starts_at, "kind": one.kind, "cents": one.cents, "state": one.state} for one in charges
        ],
        "receipts": [{"visit": visit.starts_at, "cents": paid[visit.pk]} for visit in visits],
    }


def _earned(member: Member) -> Facts:
    pay, tips = balances_of(member)
    payouts = Payout.objects.of(member).approved().select_related("run").order_by("pk")
    return {
        "owed in cents": {"work": pay, "tips": tips},
        "not paid yet": [
            {"day": work.day, "kind": work.kind, "minutes": work.minutes, "cents": work.cents}
            for work in unpaid_work(member)
        ],
        "payouts": [
            {
                "from": one.run.starts_on,
                "to": one.run.ends_on,
                "minutes": one.minutes,
                "visit cents": one.visit_cents,
                "tip cents": one.tip_cents,
                "cents": one.cents,
                "state": one.state,
            }
            for one in payouts
        ],
    }


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """Whoever is owed money, or owes it, is known until that is settled."""
    if Charge.objects.on_its_way().filter(client__user_id=user.pk).exists():
        yield _("A payment is still on its way, or was declined.")
    member = Member.objects.filter(user=user).first()
    if owed := sum(balances_of(member)) if member else 0:
        yield _("We still owe you %(amount)s. It is paid with the next pay run.") % {"amount": dollars(owed)}


def forget(user: User, at: datetime) -> None:
    """The card goes here at once and at Stripe from its own queue; what was written on gifts goes, too."""
    if client := Client.objects.filter(user=user).first():
        Card.remove(client, at=at, wholly=True)
    GiftCard.objects.filter(buyer=user).update(to_name="", message="")
