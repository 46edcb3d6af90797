"""What we ask Stripe for, in the co-op's words and with typed answers.

Every call that moves money takes the key and the exact parameters that stand in the caller's row; what we would like to
be shown of it is asked for afterwards, so that it may change without making another request of the same key. No
transaction of the database may be open around a call. What was made before is found by `finding`.
"""

import json
import re
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings

from payouts.stripe import errors, names
from payouts.stripe.answers import (
    Checkout,
    Event,
    GivenBack,
    Onboarding,
    Payment,
    Sent,
    checkout_of,
    event_of,
    payment_of,
    refund_of,
    transfer_of,
)
from payouts.stripe.calls import ask, move

Params = dict[str, Any]


# Cards


def create_customer(*, email: str, called: str, name: names.Name) -> str:
    """Open a customer for a client; the id."""
    params: Params = {"name": called, "metadata": name} | ({"email": email} if email else {})
    key = names.key_of(name)
    return ask(lambda v1: v1.customers.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def open_checkout(params: Params, *, key: str) -> Checkout:
    """A hosted page on which a card is saved or something is paid."""
    call = ask if params["mode"] == "setup" else move
    return checkout_of(call(lambda v1: v1.checkout.sessions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def checkout(id: str) -> Checkout:
    """The page as it is now, with the card once there is one."""
    expand: Params = {"expand": ["setup_intent.payment_method"]}
    return checkout_of(ask(lambda v1: v1.checkout.sessions.retrieve(id, expand)))  # type: ignore[arg-type]


def close_page(id: str) -> Checkout:
    """Let nobody save or pay anything on a hosted page any more; the page as it is then."""
    try:
        return checkout_of(ask(lambda v1: v1.checkout.sessions.expire(id)))
    except (errors.Moved, errors.Mistaken):  # it is over already
        return checkout(id)


def forget_cards(customer: str, *, wholly: bool) -> None:
    """Take every card off a customer, so that none can be charged again; with `wholly` their name and e-mail, too."""
    asked: Params = {"customer": customer, "type": "card", "limit": 100}
    for method in ask(lambda v1: list(v1.payment_methods.list(asked).auto_paging_iter())):  # type: ignore[arg-type]
        ask(lambda v1, id=method.id: v1.payment_methods.detach(id))  # type: ignore[misc]
    if wholly:
        blank: Params = {"email": "", "name": ""}
        ask(lambda v1: v1.customers.update(customer, blank))  # type: ignore[arg-type]


# Charges

PAYMENT_IN_FULL = ["latest_charge.balance_transaction"]


def pay(params: Params, *, key: str) -> Payment:
    """Hold or take money on a saved card, as the parameters say."""
    return payment(move(lambda v1: v1.payment_intents.create(params, {"idempotency_key": key})).id)  # type: ignore[arg-type]


def capture(id: str, *, cents: int, key: str) -> Payment:
    """Take `cents` of what is held; the rest goes back to the card."""
    asked: Params = {"amount_to_capture": cents}
    return payment(move(lambda v1: v1.payment_intents.capture(id, asked, {"idempotency_key": key})).id)  # type: ignore[arg-type]


def release(id: str, *, key: str) -> Payment:
    """Give back what is held."""
    return payment_of(move(lambda v1: v1.payment_intents.cancel(id, {}, {"idempotency_key": key})))


def payment(id: str) -> Payment:
    """The payment as it is now."""
    asked: Params = {"expand": PAYMENT_IN_FULL}
    return payment_of(ask(lambda v1: v1.payment_intents.retrieve(id, asked)))  # type: ignore[arg-type]


def refund(params: Params, *, key: str) -> GivenBack:
    """Give back a part of a payment, or all of it, as the parameters say."""
    return refund_of(move(lambda v1: v1.refunds.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def look_at_refund(id: str) -> GivenBack:
    """The refund as it is now."""
    return refund_of(ask(lambda v1: v1.refunds.retrieve(id)))


# Members' accounts and transfers


def create_account(*, email: str, name: names.Name) -> str:
    """Open an account to which a member's pay can be sent; the co-op bears its fees and losses. The id.

    Whoever has no `email` (it is empty then) gives Stripe one, or none, on its own pages.
    """
    params: Params = {
        "country": "US",
        **({"email": email} if email else {}),
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "metadata": name,
    }
    key = names.key_of(name)
    return ask(lambda v1: v1.accounts.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def onboarding_link(account: str, *, back_to: str, again_at: str) -> str:
    """The address of the hosted page for bank details: good for one use, for a few minutes."""
    params: Params = {
        "account": account,
        "type": "account_onboarding",
        "return_url": back_to,
        "refresh_url": again_at,
    }
    return ask(lambda v1: v1.account_links.create(params)).url  # type: ignore[arg-type]


def onboarding(account: str) -> Onboarding:
    """How far a member's account is now."""
    found = ask(lambda v1: v1.accounts.retrieve(account))
    transfers = getattr(found.capabilities, "transfers", None)
    return Onboarding(ready=transfers == "active", filled_in=bool(found.details_submitted))


def transfer(params: Params, *, key: str) -> Sent:
    """Send pay to a member's account."""
    return transfer_of(move(lambda v1: v1.transfers.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def available_cents() -> int:
    """What Stripe holds for the co-op and can be sent on now."""
    return sum(part.amount for part in ask(lambda v1: v1.balance.retrieve()).available)


def is_real() -> bool:
    """Does our key move real money, or is it one for trials?"""
    return ask(lambda v1: v1.balance.retrieve()).livemode


# Webhooks


def called_addresses() -> set[str]:
    """The addresses that Stripe calls when something happens."""
    asked: Params = {"limit": 100}
    found = ask(lambda v1: list(v1.webhook_endpoints.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    return {endpoint.url for endpoint in found if endpoint.status == "enabled"}


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
        raise errors.Forged(str(trouble)) from trouble
    raise errors.Forged("These are not the words of an event.")


def _name(text: Any, *, least: int = 1, most: int = 100) -> str:
    """A name at Stripe: letters, digits and a few signs, as long as we keep them."""
    if not isinstance(text, str) or not least <= len(text) <= most or not re.fullmatch(r"[\w.:-]*", text, re.ASCII):
        raise ValueError("That is no name at Stripe.")
    return text


def events_since(moment: datetime) -> list[Event]:
    """What has happened at Stripe since then, oldest first: the webhooks that should have come."""
    asked: Params = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    found = ask(lambda v1: list(v1.events.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    return [event_of(event) for event in reversed(found)]
