"""What the tests of recovery begin with: days that are lost, who is paid in them, and how it is found again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from members.models import Member
from payouts.models import Account, Entry, Move, PayeeAccount, Payout, PayRun, Recovery
from payouts.recovery.looking import look
from payouts.recovery.writing import write_all
from payouts.sandbox import Sandbox

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
WEEK = NOW + timedelta(days=7)


@contextmanager
def lost(sandbox: Sandbox) -> Iterator[None]:
    """What is done in the database within is lost with it; a backup brings back what was before, a day later."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    sandbox.advance(25 * 3600)


def owe(member: Member, *numbers: int, cents: int = 10_000) -> None:
    for number in numbers:
        moves = [Move(Account.client(1), Account.pay(member.pk), cents)]
        day = NOW.date() + timedelta(days=number)
        Entry.post(key=f"visit:{number}", kind=Entry.Kind.VISIT, effective_on=day, at=NOW, moves=moves)


def with_account(member: Member, sandbox: Sandbox) -> str:
    payee = PayeeAccount.of(member)
    sandbox.onboard(payee.account)
    payee.look(at=NOW)
    return payee.account


def pay(tess: Member, board: Any, *, at: datetime = LATER, days: int = 0) -> list[Payout]:
    """Draft, approve and send what is owed for so many days from the first."""
    run = PayRun.draft(ends_on=NOW.date() + timedelta(days=days), at=at, by=tess.user)
    run.approve(at=at, by=board)
    for payout in run.payouts.order_by("pk"):
        payout.send(at=at)
    return list(run.payouts.order_by("pk"))


def recover(by: Member, *, at: datetime = WEEK) -> Recovery:
    """Look, write back, read, let go."""
    look(at=at)
    recovery = Recovery.objects.going().get()
    recovery.write_back(at=at, by=by.user)
    write_all(recovery, at=at)
    recovery.refresh_from_db()
    recovery.let_go(at=at, by=by.user)
    return recovery


def sent(v1: Any) -> list[tuple[str, int]]:
    return [(row.destination, row.amount) for row in v1.transfers.list({"limit": 100}).data]


def balance(account: Account) -> int:
    return Account.objects.with_balance().get(code=account.code).balance
