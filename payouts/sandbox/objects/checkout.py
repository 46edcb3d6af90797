"""Checkout sessions: the hosted page on which a client saves a card or pays."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused, card_refused
from payouts.sandbox.objects import cards, charges, customers, payments
from payouts.sandbox.objects.cards import Card
from payouts.sandbox.objects.money import CURRENCY, DAY, only_dollars
from payouts.sandbox.web.http import checked_url, optional_url

SAME = ("client_reference_id", "customer", "customer_email", "locale")
OF_A_PAYMENT = (
    "capture_method",
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor_suffix",
    "transfer_group",
)
OF_A_SETUP = ("description", "metadata")
NOT_CONFIRMED = "The bank could not confirm that it was you."


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    if params.get("mode") not in ("setup", "payment"):
        raise Refused("The sandbox knows the modes `setup` and `payment`.", param="mode")
    only_dollars(params)
    if params.get("customer"):
        desk.get("customer", params["customer"], param="customer")
    if not params.get("success_url"):
        raise Refused("Missing required param: success_url.", code="parameter_missing", param="success_url")
    session = _make(desk, params)
    if session["mode"] == "setup":
        told = _only(params.get("setup_intent_data") or {}, OF_A_SETUP)
        session["setup_intent"] = customers.create_setup(desk, {"customer": session["customer"], **told}, "")["id"]
    else:
        total = _total(params.get("line_items") or [])
        session.update(amount_total=total, amount_subtotal=total, payment_status="unpaid")
        desk.private(session)["payment"] = _only(params.get("payment_intent_data") or {}, OF_A_PAYMENT)
    return session


def expire(desk: Desk, _params: Obj, id: str) -> Obj:
    session = desk.get("checkout.session", id)
    if session["status"] != "open":
        raise Refused(f"Only an open session can be expired; this one is {session['status']}.", param="session")
    return run_out(desk, session)


def run_out(desk: Desk, session: Obj) -> Obj:
    session.update(status="expired", url=None)
    desk.at_time(session, None)
    desk.announce("checkout.session.expired", session)
    return session


def needs_proof(card: Card, *, proof: str) -> bool:
    """Whether the page must first ask the holder to confirm at the bank."""
    return bool(card.asks_for_proof) and not proof


def complete(desk: Desk, session: Obj, card: Card, *, proof: str) -> Obj:
    """The client chose a card. `proof` is "" (not asked), "yes" or "no". Raises `Refused` (402) for a try again."""
    if session["status"] != "open":
        raise Refused("This page is no longer open.")
    if proof == "no":
        raise card_refused("authentication_required", NOT_CONFIRMED, decline_code="authentication_not_handled")
    method = cards.make(desk, card)
    if session["mode"] == "setup":
        customers.finish_setup(desk, desk.get("setup_intent", session["setup_intent"]), method)
    else:
        _pay(desk, session, method)
    session.update(status="complete", url=None)
    desk.at_time(session, None)
    desk.announce("checkout.session.completed", session)
    return session


def _pay(desk: Desk, session: Obj, method: Obj) -> None:
    """One payment intent for the page, however many cards are tried on it."""
    kept = desk.private(session)
    if "payment_id" not in kept:
        wish = {**kept["payment"], "amount": session["amount_total"], "customer": session["customer"]}
        kept["payment_id"] = payments.create(desk, wish, "")["id"]
    payment = desk.get("payment_intent", kept["payment_id"])
    payment["payment_method"] = method["id"]
    charges.charge(desk, payment, method, off_session=False)
    desk.private(method)["proved"] = True
    paid = payment["status"] == "succeeded"
    session.update(payment_intent=payment["id"], payment_status="paid" if paid else "unpaid")


def _make(desk: Desk, params: Obj) -> Obj:
    ends = params.get("expires_at", desk.now + DAY)
    session = desk.new(
        "checkout.session",
        due=ends,
        mode=params["mode"],
        status="open",
        payment_status="no_payment_required",
        success_url=checked_url(params["success_url"], param="success_url"),
        cancel_url=optional_url(params.get("cancel_url"), param="cancel_url"),
        currency=CURRENCY,
        payment_method_types=params.get("payment_method_types", ["card", "link"]),
        ui_mode="hosted_page",
        expires_at=ends,
        **_only(params, SAME),
    )
    session["url"] = f"{desk.base}/checkout/{session['id']}"
    desk.describe(session, params)
    return session


def _total(lines: list[Obj]) -> int:
    if not lines:
        raise Refused("You must provide line items to be paid.", code="parameter_missing", param="line_items")
    try:
        return sum(line.get("quantity", 1) * line["price_data"]["unit_amount"] for line in lines)
    except KeyError as missing:
        raise Refused(f"Each line item needs {missing} in the sandbox.", param="line_items") from missing


def _only(params: Obj, names: tuple[str, ...]) -> Obj:
    return {name: params[name] for name in names if name in params}
