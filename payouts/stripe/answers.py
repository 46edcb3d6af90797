"""What Stripe answers, in the co-op's words and only as much as the co-op reads."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe


@dataclass(frozen=True)
class Checkout:
    """A hosted page on which a card is saved (`setup`) or something is paid (`intent`, once it is tried).

    `state` is open, complete or expired; `declined` by a bank.
    """

    id: str
    state: str
    setup: str
    intent: str
    declined: bool
    url: str
    ends_at: datetime
    card: "SavedCard | None"


@dataclass(frozen=True)
class SavedCard:
    """A card that may be charged later: never its number. It is good to the end of its month."""

    method: str
    brand: str
    last4: str
    month: int
    year: int


@dataclass(frozen=True)
class Taken:
    """Money that a card payment brought to the balance, in cents; the fee is already kept back from it."""

    id: str
    cents: int
    fee: int


@dataclass(frozen=True)
class Payment:
    """A card payment as it is now. `state` is Stripe's word: requires_capture, succeeded, canceled and so on.

    `cents` is what it was made for, `whom` the customer whose card it is.
    """

    id: str
    cents: int
    whom: str
    state: str
    held: int
    received: int
    capture_before: datetime | None
    taken: Taken | None


@dataclass(frozen=True)
class GivenBack:
    """A refund as it is now. `state` is Stripe's word: pending, succeeded, failed, canceled; `whom` the payment."""

    id: str
    cents: int
    whom: str
    state: str


@dataclass(frozen=True)
class Sent:
    """A transfer as it is now: `cents` without what was taken back, `whom` the account that it went to."""

    id: str
    cents: int
    whom: str


@dataclass(frozen=True)
class Made:
    """Something that was made at Stripe in our name: what it is, `whom` it concerns there, and the name it carries.

    `kind` is transfer, payment, hold, refund, customer or payee; `cents` is 0 where no money is in it.
    """

    kind: str
    id: str
    cents: int
    whom: str
    at: datetime
    name: dict[str, str]


@dataclass(frozen=True)
class Event:
    """What a webhook tells: only where to look."""

    id: str
    type: str
    subject: str


@dataclass(frozen=True)
class Onboarding:
    """How far a member's account is: `ready` to receive transfers, or `filled_in` and being checked."""

    ready: bool
    filled_in: bool


def checkout_of(session: stripe.checkout.Session) -> Checkout:
    setup = session.setup_intent
    known = setup if isinstance(setup, stripe.SetupIntent) else None
    return Checkout(
        id=session.id,
        state=session.status or "",
        setup=known.id if known else str(setup or ""),
        intent=_id(session.payment_intent),
        declined=bool(known and known.last_setup_error),
        url=session.url or "",
        ends_at=datetime.fromtimestamp(session.expires_at, UTC),
        card=_saved(known) if known else None,
    )


def _id(thing: Any) -> str:
    """The id of something that Stripe names or shows whole."""
    return str(getattr(thing, "id", thing) or "")


def _saved(setup: stripe.SetupIntent) -> SavedCard | None:
    if setup.status != "succeeded":
        return None
    method = setup.payment_method
    if not isinstance(method, stripe.PaymentMethod) or method.card is None:
        return None
    card = method.card
    return SavedCard(method.id, card.brand, card.last4, card.exp_month, card.exp_year)


def refund_of(refund: stripe.Refund) -> GivenBack:
    return GivenBack(refund.id, refund.amount, _id(refund.payment_intent), refund.status or "")


def transfer_of(made: stripe.Transfer) -> Sent:
    return Sent(made.id, made.amount - made.amount_reversed, _id(made.destination))


def made_of(kind: str, thing: Any, *, cents: int = 0, whom: Any = "") -> Made:
    moment = datetime.fromtimestamp(thing.created, UTC)
    name = thing.metadata.to_dict() if thing.metadata else {}
    return Made(kind, thing.id, cents, _id(whom), moment, name)


def payment_of(intent: stripe.PaymentIntent) -> Payment:
    charge = intent.latest_charge if isinstance(intent.latest_charge, stripe.Charge) else None
    return Payment(
        id=intent.id,
        cents=intent.amount,
        whom=_id(intent.customer),
        state=intent.status,
        held=intent.amount_capturable,
        received=intent.amount_received,
        capture_before=_capture_before(charge),
        taken=_taken(charge),
    )


def _capture_before(charge: stripe.Charge | None) -> datetime | None:
    card = charge.payment_method_details.card if charge and charge.payment_method_details else None
    until = getattr(card, "capture_before", None)
    return datetime.fromtimestamp(until, UTC) if until else None


def _taken(charge: stripe.Charge | None) -> Taken | None:
    moved = charge.balance_transaction if charge else None
    if not isinstance(moved, stripe.BalanceTransaction):
        return None
    return Taken(moved.id, moved.amount, moved.fee)


def event_of(event: stripe.Event) -> Event:
    return Event(event.id, event.type, str(getattr(event.data.object, "id", "")))
