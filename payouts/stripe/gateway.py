"""The door to Stripe: the only module that speaks to it, in the co-op's words and with typed answers.

Every call that moves money takes the key and the exact parameters that stand in the caller's row. No transaction of
the database may be open around a call.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import ceil
from time import monotonic
from typing import Any, TypeVar

import stripe
from django.conf import settings
from requests.exceptions import Timeout

from coop.delivery import Away, Breaker, Later, Undeliverable
from payouts.stripe import names

RETRIES = 2
TIMEOUT = 20
"""Seconds; a worker's lease on a row must be longer than all tries of one call together."""
PATIENCE = 8
"""Seconds for all calls together while a person waits for a page."""

Params = dict[str, Any]
Answer = TypeVar("Answer")


class GatewayTrouble(Exception):
    """Stripe did not do what it was asked for."""


class Unknown(GatewayTrouble, Later):
    """Nobody can say whether it happened: ask again with the same key.

    `replayed` tells that this very answer is kept under the key, so that asking again is no use: look it up.
    """

    def __init__(self, message: str, *, replayed: bool = False) -> None:
        super().__init__(message)
        self.replayed = replayed


class Declined(GatewayTrouble, Undeliverable):
    """The bank said no: nothing moved, and the next try takes a new key."""


class NotNow(GatewayTrouble, Later):
    """Nothing moved because something is missing that may come: money in the balance, the member's bank account."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Moved(GatewayTrouble):
    """The thing is in another state than we thought: retrieve it and converge."""


class Mistaken(GatewayTrouble, Undeliverable):
    """We asked for something that makes no sense: stop this row and tell a person."""


class Stopped(GatewayTrouble, Away):
    """Our key is not accepted: nothing can be done for any row."""


class Paused(Stopped):
    """Whoever looks after the machine has switched payments off."""


class Forged(GatewayTrouble):
    """A webhook whose signature does not fit, or whose words are no event."""


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
    """A card payment as it is now. `state` is Stripe's word: requires_capture, succeeded, canceled and so on."""

    id: str
    state: str
    held: int
    received: int
    capture_before: datetime | None
    taken: Taken | None


@dataclass(frozen=True)
class GivenBack:
    """A refund as it is now. `state` is Stripe's word: pending, succeeded, failed, canceled."""

    id: str
    state: str


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


class _Silence(Exception):
    """Stripe took the call, or never did, and says nothing."""


line = Breaker(_Silence)
"""Of all who wait for a page in a process, only the first waits for a Stripe that hangs."""
_waits_until: ContextVar[float | None] = ContextVar("until when a person waits", default=None)


@contextmanager
def while_somebody_waits() -> Iterator[None]:
    """Within this block all calls together take no longer than a person has patience."""
    token = _waits_until.set(monotonic() + PATIENCE)
    try:
        yield
    finally:
        _waits_until.reset(token)


@cache
def _client_for(key: str, base: str, *, retries: int, timeout: float | tuple[float, float]) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
        base_addresses={"api": base} if base else None,
    )


def _client() -> stripe.V1Services:
    if not settings.STRIPE_API_KEY:
        raise Stopped("STRIPE_API_KEY is not set.")
    who = settings.STRIPE_API_KEY, settings.STRIPE_BASE_URL
    until = _waits_until.get()
    if until is None:
        return _client_for(*who, retries=RETRIES, timeout=TIMEOUT).v1
    seconds = ceil(until - monotonic())
    if seconds < 2:
        raise Unknown("Stripe was too slow for somebody who waits.")
    return _client_for(*who, retries=0, timeout=(seconds / 4, seconds * 3 / 4)).v1  # to be heard, and to be answered


_silent: ContextVar[str] = ContextVar("why Stripe did not answer the last call", default="")


def listen_anew() -> None:
    """Whatever an earlier call found does not count any more."""
    _silent.set("")


def insist_on_answers() -> None:
    """Raises Away when the last call found nobody: then it is not the row's trouble, and the next would find nobody."""
    if trouble := _silent.get():
        raise Away(trouble)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Stripe's errors as ours: what they mean for the row, not what they are called."""
    _silent.set("")
    try:
        yield
    except GatewayTrouble:
        raise
    except (stripe.APIConnectionError, Away) as trouble:
        _silent.set(str(trouble))
        raise Unknown(str(trouble)) from trouble
    except (stripe.AuthenticationError, stripe.PermissionError) as trouble:
        raise Stopped(str(trouble)) from trouble
    except stripe.CardError as trouble:
        raise Declined(trouble.user_message or str(trouble)) from trouble
    except stripe.InvalidRequestError as trouble:
        raise _refused(trouble) from trouble
    except stripe.IdempotencyError as trouble:
        raise (Unknown if trouble.http_status == 409 else Mistaken)(str(trouble)) from trouble
    except stripe.StripeError as trouble:  # 429, 5xx, a reply that cannot be read
        replayed = (trouble.headers or {}).get("Idempotent-Replayed") == "true"
        raise Unknown(str(trouble), replayed=replayed) from trouble


def _refused(trouble: stripe.InvalidRequestError) -> GatewayTrouble:
    code = trouble.code or ""
    if code in ("balance_insufficient", "insufficient_capabilities_for_transfer"):
        return NotNow(str(trouble), code=code)
    if code.endswith("_unexpected_state"):
        return Moved(str(trouble))
    if trouble.http_status == 409:
        return Unknown(str(trouble))
    return Mistaken(str(trouble))


def _ask(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    with _in_our_words():
        if _waits_until.get() is None:
            return call(_client())
        return line.ask(lambda: _quickly(call))


def _quickly(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    """A line that broke is tried once more, with the same key; silence is not."""
    try:
        try:
            return call(_client())
        except stripe.APIConnectionError as trouble:
            if isinstance(trouble.__cause__, Timeout):
                raise
            return call(_client())
    except stripe.APIConnectionError as trouble:
        if isinstance(trouble.__cause__, Timeout):
            raise _Silence(str(trouble)) from trouble
        raise


def _move(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    """Ask for something that moves money. Raises Paused, too."""
    if not settings.PAYMENTS:
        raise Paused("Payments are switched off (PAYMENTS=off).")
    return _ask(call)


# Cards


def create_customer(*, email: str, called: str, name: names.Name) -> str:
    """Open a customer for a client; the id."""
    params: Params = {"name": called, "metadata": name} | ({"email": email} if email else {})
    key = names.key_of(name)
    return _ask(lambda v1: v1.customers.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def open_checkout(params: Params, *, key: str) -> Checkout:
    """A hosted page on which a card is saved or something is paid."""
    ask = _ask if params["mode"] == "setup" else _move
    return _checkout(ask(lambda v1: v1.checkout.sessions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def checkout(id: str) -> Checkout:
    """The page as it is now, with the card once there is one."""
    expand: Params = {"expand": ["setup_intent.payment_method"]}
    return _checkout(_ask(lambda v1: v1.checkout.sessions.retrieve(id, expand)))  # type: ignore[arg-type]


def forget_cards(customer: str, *, wholly: bool) -> None:
    """Take every card off a customer, so that none can be charged again; with `wholly` their name and e-mail, too."""
    asked: Params = {"customer": customer, "type": "card", "limit": 100}
    for method in _ask(lambda v1: list(v1.payment_methods.list(asked).auto_paging_iter())):  # type: ignore[arg-type]
        _ask(lambda v1, id=method.id: v1.payment_methods.detach(id))  # type: ignore[misc]
    if wholly:
        blank: Params = {"email": "", "name": ""}
        _ask(lambda v1: v1.customers.update(customer, blank))  # type: ignore[arg-type]


def _checkout(session: stripe.checkout.Session) -> Checkout:
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


# Charges

PAYMENT_IN_FULL = ["latest_charge.balance_transaction"]


def pay(params: Params, *, key: str) -> Payment:
    """Hold or take money on a saved card, as the parameters say."""
    asked = {**params, "expand": PAYMENT_IN_FULL}
    return _payment(_move(lambda v1: v1.payment_intents.create(asked, {"idempotency_key": key})))  # type: ignore[arg-type]


def capture(id: str, *, cents: int, key: str) -> Payment:
    """Take `cents` of what is held; the rest goes back to the card."""
    asked: Params = {"amount_to_capture": cents, "expand": PAYMENT_IN_FULL}
    return _payment(_move(lambda v1: v1.payment_intents.capture(id, asked, {"idempotency_key": key})))  # type: ignore[arg-type]


def release(id: str, *, key: str) -> Payment:
    """Give back what is held."""
    return _payment(_move(lambda v1: v1.payment_intents.cancel(id, {}, {"idempotency_key": key})))


def payment(id: str) -> Payment:
    """The payment as it is now."""
    asked: Params = {"expand": PAYMENT_IN_FULL}
    return _payment(_ask(lambda v1: v1.payment_intents.retrieve(id, asked)))  # type: ignore[arg-type]


def find_payment(*, customer: str, named: Mapping[str, str]) -> Payment | None:
    """The newest payment that carries these metadata and was not refused, if there is one."""
    asked: Params = {"customer": customer, "limit": 100}
    payments = _ask(lambda v1: list(v1.payment_intents.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    mine = (found for found in payments if _carries(found, named))
    alive = next((found.id for found in mine if found.status in ("requires_capture", "succeeded")), None)
    return payment(alive) if alive else None


def refund(params: Params, *, key: str) -> GivenBack:
    """Give back a part of a payment, or all of it, as the parameters say."""
    return _given_back(_move(lambda v1: v1.refunds.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def look_at_refund(id: str) -> GivenBack:
    """The refund as it is now."""
    return _given_back(_ask(lambda v1: v1.refunds.retrieve(id)))


def find_refund(*, payment: str, named: Mapping[str, str]) -> GivenBack | None:
    """The refund of this payment that carries these metadata, if there is one."""
    asked: Params = {"payment_intent": payment, "limit": 100}
    refunds = _ask(lambda v1: list(v1.refunds.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    mine = (found for found in refunds if _carries(found, named))
    return next((_given_back(found) for found in mine), None)


def _carries(found: stripe.PaymentIntent | stripe.Refund, named: Mapping[str, str]) -> bool:
    return bool(named) and found.metadata is not None and named.items() <= found.metadata.to_dict().items()


def _given_back(refund: stripe.Refund) -> GivenBack:
    return GivenBack(refund.id, refund.status or "")


def _payment(intent: stripe.PaymentIntent) -> Payment:
    charge = intent.latest_charge if isinstance(intent.latest_charge, stripe.Charge) else None
    return Payment(
        id=intent.id,
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


# Members' accounts and transfers


def create_account(*, email: str, name: names.Name) -> str:
    """Open an account to which a member's pay can be sent; the co-op bears its fees and losses. The id."""
    params: Params = {
        "country": "US",
        "email": email,
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "metadata": name,
    }
    key = names.key_of(name)
    return _ask(lambda v1: v1.accounts.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def onboarding_link(account: str, *, back_to: str, again_at: str) -> str:
    """The address of the hosted page for bank details: good for one use, for a few minutes."""
    params: Params = {
        "account": account,
        "type": "account_onboarding",
        "return_url": back_to,
        "refresh_url": again_at,
    }
    return _ask(lambda v1: v1.account_links.create(params)).url  # type: ignore[arg-type]


def onboarding(account: str) -> Onboarding:
    """How far a member's account is now."""
    found = _ask(lambda v1: v1.accounts.retrieve(account))
    transfers = getattr(found.capabilities, "transfers", None)
    return Onboarding(ready=transfers == "active", filled_in=bool(found.details_submitted))


def transfer(params: Params, *, key: str) -> str:
    """Send pay to a member's account; the id of the transfer."""
    return _move(lambda v1: v1.transfers.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def find_transfer(*, group: str) -> str | None:
    """The transfer of this group, if one was made; its id."""
    asked: Params = {"transfer_group": group, "limit": 1}
    found = _ask(lambda v1: v1.transfers.list(asked)).data  # type: ignore[arg-type]
    return found[0].id if found else None


def available_cents() -> int:
    """What Stripe holds for the co-op and can be sent on now."""
    return sum(part.amount for part in _ask(lambda v1: v1.balance.retrieve()).available)


# Webhooks


def heard(body: bytes, *, signature: str) -> Event:
    """What a webhook tells, once its signature is found to fit the raw body. Raises Forged, also for odd words."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(
            text, signature, settings.STRIPE_WEBHOOK_SECRET, stripe.Webhook.DEFAULT_TOLERANCE
        )
        match json.loads(text):
            case {"id": str(id), "type": str(type), "data": {"object": {**subject}}}:
                return Event(_name(id), _name(type, most=80), _name(subject.get("id", ""), least=0))
    except (ValueError, RecursionError, stripe.SignatureVerificationError) as trouble:
        raise Forged(str(trouble)) from trouble
    raise Forged("These are not the words of an event.")


def _name(text: Any, *, least: int = 1, most: int = 100) -> str:
    """A name at Stripe: letters, digits and a few signs, as long as we keep them."""
    if not isinstance(text, str) or not least <= len(text) <= most or not re.fullmatch(r"[\w.:-]*", text, re.ASCII):
        raise ValueError("That is no name at Stripe.")
    return text


def events_since(moment: datetime) -> list[Event]:
    """What has happened at Stripe since then, oldest first: the webhooks that should have come."""
    asked: Params = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    found = _ask(lambda v1: list(v1.events.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    return [_event(event) for event in reversed(found)]


def _event(event: stripe.Event) -> Event:
    return Event(event.id, event.type, str(getattr(event.data.object, "id", "")))
