"""What a card is made to pay: charges, holds and their end, and the refunds that give money back."""

from __future__ import annotations

import copy

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects import cards, disputes
from payouts.sandbox.objects.money import CURRENCY, DAY, ON_THE_WAY, fee_on, move

HOLD = 7 * DAY
HOLD_OF_AN_ABSENT_VISA = 4 * DAY + 18 * 3600
"""How long a card keeps money set aside; Visa gives less time when its holder was not there."""


def charge(desk: Desk, payment: Obj, method: Obj, *, off_session: bool) -> None:
    """Try the card. Raises `Refused` (402) when it declines, which is remembered on the payment."""
    made = _make(desk, payment, method)
    payment["latest_charge"] = made["id"]
    if cards.card_of(desk, method).refuses_to_pay:
        raise _declined(desk, payment, made, method)
    if payment["setup_future_usage"] and payment["customer"]:
        method["customer"] = payment["customer"]
    if payment["capture_method"] == "manual":
        _hold(desk, payment, made, absent=off_session)
    else:
        settle(desk, payment, made, payment["amount"])


def settle(desk: Desk, payment: Obj, made: Obj, cents: int) -> None:
    """The money is taken: it is on its way to the account, less the fee."""
    card = cards.card_of(desk, desk.get("payment_method", made["payment_method"]))
    wait = 0 if card.pays_at_once else ON_THE_WAY
    was_held = payment["status"] == "requires_capture"
    moved = move(desk, "charge", made["id"], cents, fee=fee_on(cents), wait=wait)
    made.update(captured=True, amount_captured=cents, balance_transaction=moved["id"])
    payment.update(status="succeeded", amount_received=cents, amount_capturable=0, next_action=None)
    payment["last_payment_error"] = None
    desk.at_time(payment, None)
    if was_held and cents < made["amount"]:
        _give_back_the_rest(desk, made, made["amount"] - cents)
    desk.announce("charge.captured" if was_held else "charge.succeeded", made)
    desk.announce("payment_intent.succeeded", payment)
    if card.is_disputed:
        disputes.open(desk, made, reason="fraudulent")


def release(desk: Desk, made: Obj, *, expired: bool) -> None:
    """A hold ends without being taken: Stripe shows that as a refund of money that never moved."""
    _give_back_the_rest(desk, made, made["amount"])
    made["refunded"] = True
    desk.announce("charge.expired" if expired else "charge.refunded", made)


def refund(desk: Desk, params: Obj, _id: str) -> Obj:
    made = _to_refund(desk, params)
    left = made["amount_captured"] - desk.private(made).get("paid_back", 0)
    if made["disputed"]:
        raise Refused("The charge has been charged back; it cannot be refunded.", code="charge_disputed")
    if left <= 0:
        raise Refused(f"Charge {made['id']} has already been refunded.", code="charge_already_refunded")
    cents = params.get("amount", left)
    if not 0 < cents <= left:
        raise Refused(f"The refund must be between 1 and {left} cents, what is left of the charge.", param="amount")
    return _pay_back(desk, made, cents, params)


def _make(desk: Desk, payment: Obj, method: Obj) -> Obj:
    shown = desk.document.skeleton("payment_method_details_card")
    shown.update({name: method["card"][name] for name in ("brand", "last4", "exp_month", "exp_year", "funding")})
    same = ("currency", "customer", "description", "transfer_group", "statement_descriptor_suffix")
    return desk.new(
        "charge",
        amount=payment["amount"],
        payment_intent=payment["id"],
        payment_method=method["id"],
        payment_method_details={"type": "card", "card": shown},
        metadata=dict(payment["metadata"]),
        paid=True,
        status="succeeded",
        captured=False,
        **{name: payment[name] for name in same},
    )


def _declined(desk: Desk, payment: Obj, made: Obj, method: Obj) -> Refused:
    refusal = cards.card_of(desk, method).refusal(charge=made["id"])
    error = refusal.body["error"]
    made.update(status="failed", paid=False, failure_code=error["code"], failure_message=error["message"])
    told = {**error, "payment_method": copy.deepcopy(method)}
    payment.update(status="requires_payment_method", payment_method=None, last_payment_error=told, next_action=None)
    desk.announce("charge.failed", made)
    desk.announce("payment_intent.payment_failed", payment)
    error["payment_intent"] = copy.deepcopy(payment)
    return refusal


def _hold(desk: Desk, payment: Obj, made: Obj, *, absent: bool) -> None:
    shown = made["payment_method_details"]["card"]
    short = absent and shown["brand"] == "visa"
    shown["capture_before"] = desk.now + (HOLD_OF_AN_ABSENT_VISA if short else HOLD)
    desk.at_time(payment, shown["capture_before"])
    payment.update(status="requires_capture", amount_capturable=payment["amount"], next_action=None)
    payment["last_payment_error"] = None
    desk.announce("charge.succeeded", made)
    desk.announce("payment_intent.amount_capturable_updated", payment)


def _give_back_the_rest(desk: Desk, made: Obj, cents: int) -> None:
    """Stripe records the part of a hold that is let go as a refund; no balance transaction belongs to it."""
    same = ("currency", "payment_intent")
    desk.new("refund", amount=cents, charge=made["id"], status="succeeded", **{name: made[name] for name in same})
    made["amount_refunded"] += cents


def _to_refund(desk: Desk, params: Obj) -> Obj:
    if params.get("charge"):
        return desk.get("charge", params["charge"], param="charge")
    payment = desk.get("payment_intent", params.get("payment_intent") or "", param="payment_intent")
    if not payment["latest_charge"]:
        raise Refused(f"{payment['id']} has no charge to refund.", param="payment_intent")
    return desk.get("charge", payment["latest_charge"])


def _pay_back(desk: Desk, made: Obj, cents: int, params: Obj) -> Obj:
    back = desk.new(
        "refund",
        amount=cents,
        currency=CURRENCY,
        charge=made["id"],
        payment_intent=made["payment_intent"],
        status="succeeded",
        reason=params.get("reason"),
    )
    desk.describe(back, params)
    back["balance_transaction"] = move(desk, "refund", back["id"], -cents)["id"]
    _count_back(desk, made, cents)
    desk.announce("charge.refunded", made)
    desk.announce("refund.created", back)
    if cards.card_of(desk, desk.get("payment_method", made["payment_method"])).refunds_fail:
        _fail(desk, made, back)
    return back


def _fail(desk: Desk, made: Obj, back: Obj) -> None:
    """The bank sends the money back to the account."""
    returned = move(desk, "refund_failure", back["id"], back["amount"])
    back.update(status="failed", failure_reason="expired_or_canceled_card", failure_balance_transaction=returned["id"])
    _count_back(desk, made, -back["amount"])
    desk.announce("refund.failed", back)


def _count_back(desk: Desk, made: Obj, cents: int) -> None:
    paid_back = desk.private(made).get("paid_back", 0) + cents
    desk.private(made)["paid_back"] = paid_back
    made["amount_refunded"] += cents
    made["refunded"] = made["amount_refunded"] == made["amount"]
