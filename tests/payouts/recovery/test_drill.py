"""The drill (`make drill`): a backup is made, people are paid and charged, the backup is restored, and it recovers.

A real dump and a real restore, in some ways that such days go. Nobody is paid or charged a second time, what is owed is
paid in the end, and the books have to the cent what Stripe has.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import stripe
from django.db import connection

from bookings.models import Visit
from coop.errors import Refusal
from coop.policies import policy_cache
from members.models import Member, User
from payouts.models import (
    Account,
    Card,
    Charge,
    Entry,
    Found,
    Lookout,
    PayeeAccount,
    Payout,
    PayRun,
    Recovery,
    Refund,
)
from payouts.recovery.looking import look_if_it_is_time
from payouts.recovery.writing import write_all
from payouts.sandbox import Sandbox
from tests import databases, make
from tests.payouts.stage import NOW, accept, booking, do, save_card, work_through
from tests.proofs import rounds, some
from tests.stack import HELPER

DRILL = f"drill_{HELPER}"
VISITS = rounds(8, short=2)
LAST = NOW + timedelta(days=2 + VISITS)
"""The visit of the day after the backup."""
PAID = LAST + timedelta(days=4)
TIP = 700
WAYS = {
    "another end day, a day later": {"back": 1, "hours": 25},
    "the same days, at once": {"back": 0, "hours": 0},
    "another end day, at once": {"back": 1, "hours": 0},
    "the same days, two days later": {"back": 0, "hours": 50},
}


@dataclass
class Coop:
    """Who does what in the drill."""

    v1: Any
    tess: User
    board: User
    lost_visit: int


def begin(sandbox: Sandbox) -> Coop:
    """Members with accounts, visits that were done and charged, and one that is still to come; money in the balance."""
    sandbox.set_clock(int(PAID.timestamp()))
    v1 = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1
    v1.payment_intents.create(
        {"amount": 1_000_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )
    tess = make.member("Tess Marin", hours=None, roles=["treasurer"]).user
    board = make.member("Bea Board", hours=None, roles=["board"]).user
    for number in range(max(2, VISITS // 2)):
        with_account(make.member(f"Somebody {number}"), sandbox)
    for day in range(VISITS):
        complete(booked(NOW + timedelta(days=2 + day)))
    return Coop(v1, tess, board, booked(LAST).pk)


def with_account(member: Member, sandbox: Sandbox) -> None:
    payee = PayeeAccount.of(member)
    sandbox.onboard(payee.account)
    payee.look(at=NOW)


def booked(starts_at: datetime) -> Visit:
    made = booking(starts_at=starts_at)
    save_card(made, "bypassPending")
    return accept(made)


@policy_cache()
def complete(visit: Visit) -> None:
    done = do(visit)
    work_through(Charge.objects.filter(visit=done), at=PAID)


def run(coop: Coop, *, ends_on: datetime, at: datetime) -> None:
    """A pay run, if anybody is owed anything for those days."""
    with suppress(Refusal):
        made = PayRun.draft(ends_on=ends_on.date(), at=at, by=coop.tess)
        made.approve(at=at, by=coop.board)
        for payout in made.payouts.order_by("pk"):
            payout.send(at=at)


def live_the_days_that_are_lost(coop: Coop, sandbox: Sandbox) -> None:
    """The visit is done, charged and tipped, a part of it given back; a newcomer comes; everybody is paid."""
    visit = Visit.objects.get(pk=coop.lost_visit)
    complete(visit)
    charge = Charge.objects.get(visit=visit)
    Charge.tip(charge.visit, cents=TIP, at=PAID, by=visit.booking.client.user).move(at=PAID)
    Refund.give(charge, cents=300, responsible="coop", note="Late.", at=PAID, by=coop.tess).send(at=PAID)
    with_account(make.member("New Comer"), sandbox)
    Card.of(booking(starts_at=LAST + timedelta(days=9)).client)
    run(coop, ends_on=LAST, at=PAID)
    assert not Payout.objects.exclude(state="sent").exists()


def recover(coop: Coop, *, at: datetime) -> None:
    """What the sweep and the treasurer do after a restore; before that no money is asked for."""
    assert not Lookout.objects.clear(at).exists()
    with pytest.raises(Refusal):
        PayRun.draft(ends_on=LAST.date(), at=at, by=coop.tess)
    look_if_it_is_time(at=at)
    recovery = Recovery.objects.going().get()
    recovery.write_back(at=at, by=coop.tess)
    write_all(recovery, at=at)
    assert list(Found.objects.exclude(trouble="")) == []
    recovery.refresh_from_db()
    recovery.let_go(at=at, by=coop.tess)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", some(list(WAYS), of=len(WAYS)))
def test_a_restored_backup_pays_and_charges_nobody_twice(way: str, sandbox: Sandbox) -> None:
    coop, at = begin(sandbox), PAID + timedelta(hours=WAYS[way]["hours"])
    Lookout.objects.update(looked_until=PAID)
    with databases.restored(connection.settings_dict["NAME"], DRILL):
        live_the_days_that_are_lost(coop, sandbox)
        before = made_at(coop)
        sandbox.advance(WAYS[way]["hours"] * 3600)
        with databases.spoken_to(DRILL):
            recover(coop, at=at)
            run(coop, ends_on=LAST - timedelta(days=WAYS[way]["back"]), at=at)
            assert made_at(coop) == before  # all of that was paid before
            complete(Visit.objects.get(pk=coop.lost_visit))
            much_later = at + timedelta(days=5)
            Lookout.objects.update(looked_until=much_later)
            work_through(Charge.objects.all(), at=at + timedelta(hours=9))
            run(coop, ends_on=LAST + timedelta(days=9), at=much_later)
            assert new_since(before, coop) == [TIP]  # which waited for its 48 hours; all else was paid before
            balances = {one.code: one.balance for one in Account.objects.with_balance()}
            assert [code for code, cents in balances.items() if code.startswith(("pay:", "tips:")) and cents] == []
            assert [code for code, cents in balances.items() if code.startswith("client:") and cents] == []
            assert -balances["stripe"] == in_the_balance(coop)
            assert Entry.objects.filter(kind="recovered").exists()


def made_at(coop: Coop) -> tuple[list[tuple[str, int]], ...]:
    """What moved money at Stripe, whatever for."""
    lists = (coop.v1.payment_intents, coop.v1.transfers, coop.v1.refunds)
    return tuple(sorted((one.id, one.amount) for one in rows.list({"limit": 100}).data) for rows in lists)


def new_since(before: tuple[list[tuple[str, int]], ...], coop: Coop) -> list[int]:
    """The cents of what moved since then."""
    known = {id for rows in before for id, _cents in rows}
    return [cents for rows in made_at(coop) for id, cents in rows if id not in known]


def in_the_balance(coop: Coop) -> int:
    """What is there, without what was put there to begin with, which no book knows."""
    found = coop.v1.balance.retrieve()
    begun = coop.v1.payment_intents.list({"limit": 100, "expand": ["data.latest_charge.balance_transaction"]}).data[-1]
    ours: int = sum(part.amount for part in [*found.available, *found.pending])
    return ours - int(begun.latest_charge.balance_transaction.net)
