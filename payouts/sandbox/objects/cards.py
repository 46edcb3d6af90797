"""Stripe's test cards and what each of them does, and the payment methods made of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused, card_refused, no_such

DECLINED = "Your card was declined."
SENTENCES = {
    "generic_decline": ("card_declined", DECLINED),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "Your card has expired."),
}


@dataclass(frozen=True)
class Card:
    """One published test number. Its name is also the suffix of Stripe's `pm_card_...` token."""

    name: str
    number: str
    brand: str = "visa"
    refuses_to_pay: str = ""
    refuses_to_be_saved: bool = False
    asks_for_proof: str = ""
    pays_at_once: bool = False
    is_disputed: bool = False
    refunds_fail: bool = False

    @property
    def token(self) -> str:
        return f"pm_card_{self.name}"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    def refusal(self, **details: object) -> Refused:
        code, message = SENTENCES[self.refuses_to_pay]
        return card_refused(code, message, decline_code=self.refuses_to_pay, **details)


CARDS = (
    Card("visa", "4242424242424242"),
    Card("mastercard", "5555555555554444", "mastercard"),
    Card("bypassPending", "4000000000000077", pays_at_once=True),
    Card("visa_chargeDeclined", "4000000000000002", refuses_to_pay="generic_decline", refuses_to_be_saved=True),
    Card(
        "visa_chargeDeclinedInsufficientFunds",
        "4000000000009995",
        refuses_to_pay="insufficient_funds",
        refuses_to_be_saved=True,
    ),
    Card("chargeDeclinedExpiredCard", "4000000000000069", refuses_to_pay="expired_card", refuses_to_be_saved=True),
    Card("chargeCustomerFail", "4000000000000341", refuses_to_pay="generic_decline"),
    Card("authenticationRequiredOnSetup", "4000002500003155", asks_for_proof="once"),
    Card("authenticationRequired", "4000002760003184", asks_for_proof="always"),
    Card("createDispute", "4000000000000259", is_disputed=True),
    Card("refundFail", "4000000000005126", refunds_fail=True),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS}


def make(desk: Desk, card: Card) -> Obj:
    """A payment method of a test card, belonging to nobody yet."""
    shown = desk.document.skeleton("payment_method_card")
    print_of = hashlib.sha256(card.number.encode()).hexdigest()[:16]
    shown.update(brand=card.brand, last4=card.last4, exp_month=12, exp_year=2034, funding="credit", country="US")
    shown["fingerprint"] = print_of
    return desk.new("payment_method", type="card", card=shown, private={"number": card.number})


def take(desk: Desk, id: str) -> Obj:
    """The payment method of this id; a `pm_card_...` token makes a fresh one, as at Stripe."""
    return make(desk, BY_TOKEN[id]) if id in BY_TOKEN else desk.get("payment_method", id, param="payment_method")


def card_of(desk: Desk, method: Obj) -> Card:
    return BY_NUMBER[desk.private(method)["number"]]


def wants_proof(desk: Desk, method: Obj) -> bool:
    """Whether the bank would ask the holder to confirm a payment with this card now."""
    asks = card_of(desk, method).asks_for_proof
    return asks == "always" or (asks == "once" and not desk.private(method).get("proved"))


def save(desk: Desk, method: Obj, customer: str | None) -> Obj:
    """Tie a card to a customer; raises `Refused` (402) if the bank will not have it kept."""
    card = card_of(desk, method)
    if card.refuses_to_be_saved:
        raise card.refusal()
    if customer:
        desk.get("customer", customer, param="customer")
        if method["customer"] not in (None, customer):
            raise Refused("This PaymentMethod already belongs to another customer.", param="customer")
        method["customer"] = customer
        desk.announce("payment_method.attached", method)
    return method


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    number = (params.get("card") or {}).get("number", "")
    if number not in BY_NUMBER:
        raise no_such("test card", number, param="card[number]")
    method = make(desk, BY_NUMBER[number])
    method["billing_details"].update(params.get("billing_details") or {})
    desk.describe(method, params)
    return method


def attach(desk: Desk, params: Obj, id: str) -> Obj:
    return save(desk, take(desk, id), params["customer"])


def detach(desk: Desk, _params: Obj, id: str) -> Obj:
    method = desk.get("payment_method", id)
    if not method["customer"]:
        raise Refused("This PaymentMethod is not attached to a customer.", param="payment_method")
    method["customer"] = None
    desk.announce("payment_method.detached", method)
    return method
