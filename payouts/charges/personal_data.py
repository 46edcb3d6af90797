"""What clients paid, as part of what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Client
from members.models import User
from members.personal_data import Facts, PersonalData, register
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.charges.credit import credit_of
from payouts.charges.gift_cards import GiftCard
from payouts.charges.receipts.receipts import paid_for, receipted


def facts(user: User, at: datetime) -> Facts:
    """Charges, receipts, credit and gifts."""
    client = Client.objects.filter(user=user).first()
    gifts = GiftCard.objects.filter(buyer=user).order_by("pk")
    return {
        "as a client": _paid(client) if client else None,
        "gift cards bought": list(gifts.values("asked_at", "cents", "to_name", "message", "state")),
    }


def _paid(client: Client) -> Facts:
    visits = list(receipted(client.user).filter(booking__home__client=client))
    paid, card = paid_for(visits), Card.objects.filter(client=client).exclude(method="").first()
    charges = Charge.objects.filter(client=client).select_related("visit").order_by("pk")
    return {
        "card": {"brand": card.brand, "last4": card.last4, "saved_at": card.saved_at} if card else None,
        "read before a card was saved": list(client.card_terms.order_by("pk").values("shown_at", "language", "text")),
        "credit in cents": credit_of(client),
        "charges": [
            {"visit": one.visit.starts_at, "kind": one.kind, "cents": one.cents, "state": one.state} for one in charges
        ],
        "receipts": [{"visit": visit.starts_at, "cents": paid[visit.pk]} for visit in visits],
    }


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """Whoever owes money is known until that is settled."""
    if Charge.objects.on_its_way().filter(client__user_id=user.pk).exists():
        yield _("A payment is still on its way, or was declined.")


def forget(user: User, at: datetime) -> None:
    """The card goes here at once and at Stripe from its own queue; what was written on gifts goes, too."""
    if client := Client.objects.filter(user=user).first():
        Card.remove(client, at=at, wholly=True)
    GiftCard.objects.filter(buyer=user).update(to_name="", message="")


register(PersonalData("money", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
