"""A real Celery worker is killed again and again in a pay run: nobody is paid twice, and nobody not at all."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
import stripe
from django.db import connection

from members.models import Member
from payouts.models import Account, Entry, Move, PayeeAccount, Payout, PayRun
from payouts.payroll.tasks import sweep_payouts
from payouts.sandbox import Fault, Mode, Sandbox
from tests import make
from tests.payouts.stage import NOW
from tests.proofs import rounds, some

ROOT = Path(__file__).parents[3]
PEOPLE, KILLS = rounds(24, short=8), rounds(6, short=1)
TROUBLE = [
    Fault(mode, path="/v1/transfers", times=times, seconds=0.4)
    for mode, times in [
        (Mode.DELAY_AFTER, 4),
        (Mode.LOST_AFTER, 4),
        (Mode.DELAY_BEFORE, 3),
        (Mode.ERROR_AFTER, 4),
        (Mode.DELAY_AFTER, 4),
        (Mode.ERROR_KEPT, 2),
        (Mode.LOST_BEFORE, 4),
        (Mode.DELAY_AFTER, 6),
        (Mode.LIMITED, 2),
        (Mode.DELAY_AFTER, 8),
    ]
]


class Worker:
    """Real workers against the test's database, one at a time (`tests/payouts/workers.py`)."""

    def __init__(self, sandbox: Sandbox, log: IO[str]) -> None:
        name = connection.settings_dict["NAME"]
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        self.alive = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.payouts.workers"],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database,
                "STRIPE_API_KEY": "sk_test_money",
                "STRIPE_BASE_URL": sandbox.url,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def start(self) -> None:
        self._tell("start")
        self.alive = True

    def kill(self) -> None:
        """Kill -9, children and all."""
        self._tell("kill")
        self.alive = False

    def end(self) -> None:
        if self.alive:
            self.kill()
        self.process.communicate()

    def _tell(self, word: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"


@pytest.fixture
def worker(sandbox: Sandbox, tmp_path: Path) -> Iterator[Worker]:
    with (tmp_path / "worker.log").open("a") as log:
        made = Worker(sandbox, log)
        yield made
        made.end()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_a_pay_run_pays_nobody_twice_and_nobody_not_at_all(
    sandbox: Sandbox, worker: Worker, tess: Member
) -> None:
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})
    client.v1.payment_intents.create(
        {"amount": 5_000_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )
    accounts = {account_of(sandbox, number): 10_000 + number for number in range(PEOPLE)}
    board = make.member("Bea Board", hours=None, roles=["board"]).user
    run = PayRun.draft(ends_on=NOW.date(), at=NOW + timedelta(days=3), by=tess.user)
    sandbox.faults(*some(TROUBLE, of=3))
    run.approve(at=NOW + timedelta(days=3), by=board)
    for _kill in range(KILLS):
        more_than = sent()
        worker.start()
        sending = Payout.objects.filter(state="sending")
        soon(lambda more_than=more_than, sending=sending: sent() > more_than and sending.exists())  # type: ignore[misc]
        worker.kill()
    worker.start()
    soon(lambda: not Payout.objects.exclude(state="sent").exists())
    soon(lambda: PayRun.objects.filter(state="paid").exists())
    made = [(row.destination, row.amount) for row in client.v1.transfers.list({"limit": 100}).auto_paging_iter()]
    assert sorted(made) == sorted(accounts.items())
    assert Entry.objects.filter(kind=Entry.Kind.PAYOUT).count() == PEOPLE
    assert {account.balance for account in Account.objects.filter(kind="pay").with_balance()} == {0}


def account_of(sandbox: Sandbox, number: int) -> str:
    """A member with a bank account, who is owed 100 dollars and as many cents as their number."""
    member = make.member(f"Somebody {number}", hours=None)
    payee = PayeeAccount.of(member)
    assert payee.account is not None
    sandbox.onboard(payee.account)
    payee.look(at=NOW)
    owed = [Move(Account.client(1), Account.pay(member.pk), 10_000 + number)]
    Entry.post(key=f"visit:{number}", kind=Entry.Kind.VISIT, effective_on=NOW.date(), at=NOW, moves=owed)
    return payee.account


def sent() -> int:
    return Payout.objects.filter(state="sent").count()


def soon(holds: Callable[[], bool]) -> None:
    """Ring for the sweep, as beat does each minute, and let the minutes of dead senders pass, until it holds."""
    deadline = time.monotonic() + 90
    rung = 0.0
    while not holds():
        assert time.monotonic() < deadline, list(Payout.objects.values_list("state", "trouble"))
        if time.monotonic() - rung > 1:
            rung = time.monotonic()
            Payout.objects.filter(state="sending", attempts__gt=0).update(lease_until=NOW)
            sweep_payouts.delay()
        time.sleep(0.02)
