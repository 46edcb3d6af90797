"""What time does by itself: money becomes available, holds end, payouts arrive, pages close."""

from __future__ import annotations

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj
from payouts.sandbox.objects import bank, checkout, payments
from payouts.sandbox.store import Record


def pass_time(desk: Desk) -> None:
    """Do all that has fallen due by the desk's moment, earliest first."""
    while due := desk.store.falling_due(desk.now):
        for id in due:
            record = desk.store.get(id)
            if record is not None:
                _change(desk.at(record.account), record)
        desk.store.flush()
    bank.pay_out_what_is_there(desk)


def _change(desk: Desk, record: Record) -> None:
    record.due = None
    thing: Obj = record.body
    if record.kind == "balance_transaction":
        thing["status"] = "available"
    elif record.kind == "payment_intent":
        payments.let_go(desk, thing, "automatic")
    elif record.kind == "payout":
        thing["status"] = "paid"
        desk.announce("payout.paid", thing)
    elif record.kind == "checkout.session":
        checkout.run_out(desk, thing)
