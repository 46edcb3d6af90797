"""Money to the members: transfers to their accounts, and their reversals."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects.bank import POOR
from payouts.sandbox.objects.money import CURRENCY, available, everything, move, only_dollars

CANNOT_RECEIVE = (
    "Your destination account needs to have at least one of the following capabilities enabled: transfers,"
    " crypto_transfers, legacy_payments"
)


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    """Pass money to a member. With `source_transaction` it travels with that charge, before it can be spent."""
    only_dollars(params)
    member = desk.get("account", params["destination"], param="destination")
    if member["capabilities"].get("transfers") != "active":
        raise Refused(CANNOT_RECEIVE, code="insufficient_capabilities_for_transfer")
    cents = _positive(params.get("amount", 0))
    source = params.get("source_transaction")
    charge = desk.get("charge", source, param="source_transaction") if source else None
    wait = _draw_on(desk, charge, cents) if charge else _draw_on_balance(desk, cents)
    made = _make(desk, params, member, charge)
    made["balance_transaction"] = move(desk, "transfer", made["id"], -cents, wait=wait)["id"]
    move(desk.at(member["id"]), "payment", made["id"], cents, wait=wait, category="transfer")
    desk.announce("transfer.created", made)
    return made


def reverse(desk: Desk, params: Obj, id: str) -> Obj:
    """Take back a transfer, or a part of it, from what the member still has at Stripe."""
    made = desk.get("transfer", id)
    left = made["amount"] - made["amount_reversed"]
    cents = _positive(params.get("amount", left))
    if cents > left:
        raise Refused(f"The reversal is more than the {left} cents left of the transfer.", param="amount")
    member = desk.at(made["destination"])
    if cents > everything(member):
        raise Refused("The connected account has insufficient funds.", code="balance_insufficient")
    back = desk.new("transfer_reversal", amount=cents, currency=CURRENCY, transfer=id)
    desk.describe(back, params)
    back["balance_transaction"] = move(desk, "transfer_refund", back["id"], cents, category="transfer_reversal")["id"]
    move(member, "payment_refund", back["id"], -cents, category="transfer_reversal")
    made["amount_reversed"] += cents
    made["reversed"] = made["amount_reversed"] == made["amount"]
    made["reversals"]["data"].insert(0, back)
    desk.announce("transfer.reversed", made)
    return back


def reversals(desk: Desk, _params: Obj, id: str) -> Obj:
    shown: Obj = desk.get("transfer", id)["reversals"]
    return shown


def _positive(cents: int) -> int:
    if cents <= 0:
        raise Refused("The amount must be more than nothing.", code="parameter_invalid_integer", param="amount")
    return cents


def _draw_on_balance(desk: Desk, cents: int) -> int:
    if cents > available(desk):
        raise Refused(POOR, code="balance_insufficient")
    return 0


def _draw_on(desk: Desk, charge: Obj, cents: int) -> int:
    """Count what a charge has paid for; seconds until its money can be spent."""
    used = desk.private(charge).get("transferred", 0)
    if used + cents > charge["amount_captured"]:
        message = f"The charge of {charge['amount_captured']} cents has already given {used} cents to transfers."
        raise Refused(message, param="amount")
    desk.private(charge)["transferred"] = used + cents
    moved = desk.get("balance_transaction", charge["balance_transaction"])
    return max(0, int(moved["available_on"]) - desk.now)


def _make(desk: Desk, params: Obj, member: Obj, charge: Obj | None) -> Obj:
    made = desk.new(
        "transfer",
        amount=params["amount"],
        currency=CURRENCY,
        destination=member["id"],
        description=params.get("description"),
        transfer_group=params.get("transfer_group") or (charge["transfer_group"] if charge else None),
        source_transaction=charge["id"] if charge else None,
        source_type="card",
        amount_reversed=0,
        reversed=False,
    )
    made["reversals"] = {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": f"/v1/transfers/{made['id']}/reversals",
    }
    desk.describe(made, params)
    return made
