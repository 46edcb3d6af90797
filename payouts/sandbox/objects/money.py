"""The money of an account: every cent that moves is a balance transaction, the balance is their sum."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused

DAY = 86400
ON_THE_WAY = 2 * DAY
"""Seconds until the money of a card payment can be spent (United States)."""
CURRENCY = "usd"


def fee_on(cents: int) -> int:
    """Stripe's list price for a card: 2.9 % and 30 cents."""
    return (cents * 29 + 500) // 1000 + 30


def move(
    desk: Desk, type: str, source: str, cents: int, *, fee: int = 0, wait: int = 0, category: str | None = None
) -> Obj:
    """Book a movement in the desk's account; negative cents leave it. It can be spent after `wait` seconds."""
    available_on = desk.now + wait
    moved = desk.new(
        "balance_transaction",
        due=available_on if wait > 0 else None,
        type=type,
        source=source,
        amount=cents,
        fee=fee,
        net=cents - fee,
        currency=CURRENCY,
        available_on=available_on,
        status="pending" if wait > 0 else "available",
        reporting_category=category or type,
        balance_type="payments",
        fee_details=[_fee_line(fee)] if fee else [],
    )
    desk.store.move(desk.account, cents=cents - fee, available_on=available_on)
    return moved


def balance(desk: Desk, _params: Obj, _id: str) -> Obj:
    available, pending = desk.store.balance(desk.account, now=desk.now)
    return {
        "object": "balance",
        "available": [_amount(available)],
        "pending": [_amount(pending)],
        "livemode": False,
    }


def available(desk: Desk) -> int:
    return desk.store.balance(desk.account, now=desk.now)[0]


def everything(desk: Desk) -> int:
    """Cents available and on their way."""
    return sum(desk.store.balance(desk.account, now=desk.now))


def only_dollars(params: Obj) -> None:
    if params.get("currency", CURRENCY) != CURRENCY:
        raise Refused("The sandbox knows US dollars only.", param="currency")


def _fee_line(fee: int) -> Obj:
    return {
        "amount": fee,
        "application": None,
        "currency": CURRENCY,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }


def _amount(cents: int) -> Obj:
    return {"amount": cents, "currency": CURRENCY, "source_types": {"card": cents}}
