"""Between the balance and the owner's bank: payouts by hand and by themselves, those that fail, money put in."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects.money import CURRENCY, DAY, available, everything, move, only_dollars

POOR = "You have insufficient available funds in your Stripe account."
AUTOMATIC = "automatic payouts since day"
BY_HAND = ("adjustment", "payout_minimum_balance_hold", "reserve_transaction", "stripe_fee", "topup", "tax_fee")
"""What can be made to move by a lever, as Stripe would do by itself or on its own pages."""


def pay_out(desk: Desk, params: Obj, _id: str) -> Obj:
    """From the desk's account to its owner's bank; it arrives after two days (instant: after a minute)."""
    only_dollars(params)
    cents = params["amount"]
    if cents <= 0:
        raise Refused("The amount must be more than nothing.", code="parameter_invalid_integer", param="amount")
    instant = params.get("method") == "instant"
    if cents > (everything(desk) if instant else available(desk)):
        raise Refused(POOR, code="balance_insufficient")
    payout = _send(desk, cents, instant=instant, automatic=False)
    payout["description"] = params.get("description")
    desk.describe(payout, params)
    return payout


def _send(desk: Desk, cents: int, *, instant: bool, automatic: bool) -> Obj:
    arrival = desk.now + (60 if instant else 2 * DAY)
    payout = desk.new(
        "payout",
        due=arrival,
        amount=cents,
        currency=CURRENCY,
        status="in_transit",
        method="instant" if instant else "standard",
        type="bank_account",
        automatic=automatic,
        source_type="card",
        reconciliation_status="in_progress" if automatic else "not_applicable",
        arrival_date=arrival,
    )
    payout["balance_transaction"] = move(desk, "payout", payout["id"], -cents)["id"]
    desk.announce("payout.created", payout)
    return payout


def fail(desk: Desk, payout: Obj) -> Obj:
    """The bank does not take it: the money is back in the balance, also after it was said to be paid."""
    if payout["status"] == "failed":
        raise Refused("This payout has failed already.", param="payout")
    back = move(desk, "payout_failure", payout["id"], payout["amount"])
    payout.update(status="failed", failure_code="account_closed", failure_balance_transaction=back["id"])
    desk.at_time(payout, None)
    desk.announce("payout.failed", payout)
    return payout


def switch_automatic(desk: Desk, *, on: bool) -> None:
    """From now on empty the balance once a day, or no longer: what Stripe does unless it is told otherwise."""
    desk.store.note(AUTOMATIC, str(desk.now // DAY) if on else "")


def pay_out_what_is_there(desk: Desk) -> None:
    """Once a day everything that can be spent goes to the bank, where that is switched on."""
    since = desk.store.fact(AUTOMATIC)
    if not since or int(since) >= desk.now // DAY:
        return
    desk.store.note(AUTOMATIC, str(desk.now // DAY))
    if (cents := available(desk)) > 0:
        _send(desk, cents, instant=False, automatic=True)


def by_hand(desk: Desk, told: Obj) -> Obj:
    """A movement that nobody asked for over the API: `type`, `cents`, `fee`, `words`."""
    type, cents = str(told.get("type")), int(told.get("cents", 0))
    if type not in BY_HAND or not cents:
        raise Refused(f"The type must be one of {', '.join(BY_HAND)}, and something must move.", param="type")
    moved = move(desk, type, "", cents, fee=int(told.get("fee", 0)))
    moved.update(source=None, description=told.get("words"))
    return moved
