"""Customers, and the setup intents that save a card for a visit weeks away."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects import cards

KEPT_OF_A_CUSTOMER = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    customer = desk.new("customer")
    _tell(desk, customer, params)
    if params.get("payment_method"):
        cards.save(desk, cards.take(desk, params["payment_method"]), customer["id"])
    desk.announce("customer.created", customer)
    return customer


def update(desk: Desk, params: Obj, id: str) -> Obj:
    customer = desk.get("customer", id)
    _tell(desk, customer, params)
    desk.announce("customer.updated", customer)
    return customer


def _tell(desk: Desk, customer: Obj, params: Obj) -> None:
    desk.describe(customer, params)
    customer.update({name: params[name] or None for name in KEPT_OF_A_CUSTOMER if name in params})
    if "invoice_settings" in params:
        customer["invoice_settings"].update(params["invoice_settings"])


def create_setup(desk: Desk, params: Obj, _id: str) -> Obj:
    """A wish to save a card; with `confirm` it is carried out at once."""
    if params.get("customer"):
        desk.get("customer", params["customer"], param="customer")
    setup = desk.new(
        "setup_intent",
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
        payment_method_types=params.get("payment_method_types", ["card"]),
        customer=params.get("customer"),
        description=params.get("description"),
    )
    setup["client_secret"] = f"{setup['id']}_secret_test"
    desk.describe(setup, params)
    if params.get("payment_method"):
        setup.update(payment_method=cards.take(desk, params["payment_method"])["id"], status="requires_confirmation")
    desk.announce("setup_intent.created", setup)
    return confirm_setup(desk, params, setup["id"]) if params.get("confirm") else setup


def confirm_setup(desk: Desk, params: Obj, id: str) -> Obj:
    """Save the card, or wait for its holder's proof on a hosted page where the bank asks for it."""
    setup = desk.get("setup_intent", id)
    if setup["status"] in ("succeeded", "canceled"):
        raise Refused(
            f"This SetupIntent has a status of {setup['status']}.",
            code="setup_intent_unexpected_state",
            setup_intent=setup,
        )
    chosen = params.get("payment_method") or setup["payment_method"]
    if not chosen:
        raise Refused("You must provide a payment method.", code="parameter_missing", param="payment_method")
    method = cards.take(desk, chosen)
    setup["payment_method"] = method["id"]
    if cards.wants_proof(desk, method):
        return _ask_for_proof(desk, setup, params.get("return_url"))
    return finish_setup(desk, setup, method)


def finish_setup(desk: Desk, setup: Obj, method: Obj) -> Obj:
    """The card is saved from here on; a refusal (402) is remembered on the setup intent."""
    try:
        cards.save(desk, method, setup["customer"])
    except Refused as refusal:
        error = refusal.body["error"]
        setup.update(status="requires_payment_method", payment_method=None)
        setup["last_setup_error"] = {**error, "payment_method": method}
        desk.announce("setup_intent.setup_failed", setup)
        error["setup_intent"] = setup
        raise
    desk.private(method)["proved"] = True
    setup.update(status="succeeded", payment_method=method["id"], next_action=None, last_setup_error=None)
    desk.announce("setup_intent.succeeded", setup)
    return setup


def _ask_for_proof(desk: Desk, setup: Obj, return_url: str | None) -> Obj:
    page = {"url": f"{desk.base}/proof/{setup['id']}", "return_url": return_url}
    setup.update(status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": page})
    desk.announce("setup_intent.requires_action", setup)
    return setup
