"""Payment intents: paying at once, holding money on a card until a visit is done, letting go of it."""

from __future__ import annotations

import copy

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused, card_refused
from payouts.sandbox.objects import cards, charges
from payouts.sandbox.objects.money import CURRENCY, only_dollars

LEAST_CENTS = 50
MOST_CENTS = 99_999_999
KEPT = (
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor_suffix",
    "transfer_group",
)
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (*CONFIRMABLE, "requires_capture")
NEEDS_PROOF = "Your card was declined. This transaction requires authentication."


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    _check_amount(params)
    only_dollars(params)
    if params.get("customer"):
        desk.get("customer", params["customer"], param="customer")
    method = cards.take(desk, params["payment_method"]) if params.get("payment_method") else None
    if method and method["customer"] not in (None, params.get("customer")):
        raise Refused("The payment method belongs to another customer.", param="payment_method")
    if params.get("confirm") and not method:
        raise Refused("You must provide a payment method to confirm.", code="parameter_missing", param="payment_method")
    payment = _make(desk, params, method)
    if params.get("confirm"):
        _pay(desk, payment, params)
    return payment


def update(desk: Desk, params: Obj, id: str) -> Obj:
    payment = desk.get("payment_intent", id)
    changes = {name: params[name] for name in ("amount", "payment_method", *KEPT) if name in params}
    if changes and payment["status"] not in CONFIRMABLE:
        raise unexpected(payment, "updated")
    if "amount" in changes:
        _check_amount(params)
    if "payment_method" in changes:
        changes["payment_method"] = cards.take(desk, changes["payment_method"])["id"]
    payment.update(changes)
    desk.describe(payment, params)
    return payment


def confirm(desk: Desk, params: Obj, id: str) -> Obj:
    payment = desk.get("payment_intent", id)
    if params.get("payment_method"):
        payment["payment_method"] = cards.take(desk, params["payment_method"])["id"]
    if payment["status"] not in CONFIRMABLE or not payment["payment_method"]:
        raise unexpected(payment, "confirmed")
    _pay(desk, payment, params)
    return payment


def capture(desk: Desk, params: Obj, id: str) -> Obj:
    """Take what was held, or a part of it; the rest goes back to the card."""
    payment = desk.get("payment_intent", id)
    if payment["status"] != "requires_capture":
        raise unexpected(payment, "captured")
    held: int = payment["amount_capturable"]
    cents: int = params.get("amount_to_capture", held)
    if not 0 < cents <= held:
        message = f"The amount to capture must be between 1 and {held}, the amount that is held."
        raise Refused(message, code="amount_too_large" if cents > held else None, param="amount_to_capture")
    desk.describe(payment, params)
    charges.settle(desk, payment, desk.get("charge", payment["latest_charge"]), cents)
    return payment


def cancel(desk: Desk, params: Obj, id: str) -> Obj:
    payment = desk.get("payment_intent", id)
    if payment["status"] not in CANCELABLE:
        raise unexpected(payment, "canceled")
    return let_go(desk, payment, params.get("cancellation_reason"))


def let_go(desk: Desk, payment: Obj, reason: str | None) -> Obj:
    """End a payment that took nothing. A hold on a card is given back."""
    if payment["status"] == "requires_capture":
        charges.release(desk, desk.get("charge", payment["latest_charge"]), expired=reason == "automatic")
    payment.update(status="canceled", amount_capturable=0, canceled_at=desk.now, cancellation_reason=reason)
    payment["next_action"] = None
    desk.at_time(payment, None)
    desk.announce("payment_intent.canceled", payment)
    return payment


def prove(desk: Desk, payment: Obj, *, accepted: bool) -> Obj:
    """The holder's answer on the bank's page."""
    method = desk.get("payment_method", payment["payment_method"])
    payment["next_action"] = None
    if accepted:
        desk.private(method)["proved"] = True
        charges.charge(desk, payment, method, off_session=False)
        return payment
    error = {
        "type": "invalid_request_error",
        "code": "payment_intent_authentication_failure",
        "message": "The card holder could not be confirmed.",
        "payment_method": copy.deepcopy(method),
    }
    payment.update(status="requires_payment_method", payment_method=None, last_payment_error=error)
    desk.announce("payment_intent.payment_failed", payment)
    return payment


def unexpected(payment: Obj, verb: str) -> Refused:
    message = f"This PaymentIntent could not be {verb} because it has a status of {payment['status']}."
    return Refused(message, code="payment_intent_unexpected_state", payment_intent=copy.deepcopy(payment))


def _check_amount(params: Obj) -> None:
    if params["amount"] < LEAST_CENTS:
        raise Refused("Amount must be at least $0.50 usd", code="amount_too_small", param="amount")
    if params["amount"] > MOST_CENTS:
        raise Refused("Amount must be no more than $999,999.99", code="amount_too_large", param="amount")


def _make(desk: Desk, params: Obj, method: Obj | None) -> Obj:
    payment = desk.new(
        "payment_intent",
        amount=params["amount"],
        amount_capturable=0,
        amount_received=0,
        currency=CURRENCY,
        capture_method=params.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        payment_method_types=params.get("payment_method_types", ["card", "link"]),
        payment_method=method["id"] if method else None,
        status="requires_confirmation" if method else "requires_payment_method",
        **{name: params[name] for name in KEPT if name in params},
    )
    payment["client_secret"] = f"{payment['id']}_secret_test"
    desk.describe(payment, params)
    desk.announce("payment_intent.created", payment)
    return payment


def _pay(desk: Desk, payment: Obj, params: Obj) -> None:
    method = desk.get("payment_method", payment["payment_method"])
    away = bool(params.get("off_session"))
    if cards.wants_proof(desk, method):
        if away:
            raise _proof_impossible(desk, payment, method)
        _ask_for_proof(desk, payment, params.get("return_url"))
        return
    charges.charge(desk, payment, method, off_session=away)


def _proof_impossible(desk: Desk, payment: Obj, method: Obj) -> Refused:
    refusal = card_refused("authentication_required", NEEDS_PROOF, decline_code="authentication_required")
    error = refusal.body["error"]
    error["payment_method"] = copy.deepcopy(method)
    payment.update(status="requires_payment_method", payment_method=None, last_payment_error=dict(error))
    desk.announce("payment_intent.payment_failed", payment)
    error["payment_intent"] = copy.deepcopy(payment)
    return refusal


def _ask_for_proof(desk: Desk, payment: Obj, return_url: str | None) -> None:
    page = {"url": f"{desk.base}/proof/{payment['id']}", "return_url": return_url}
    payment.update(status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": page})
    desk.announce("payment_intent.requires_action", payment)
