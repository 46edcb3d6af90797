"""After a restore: what Stripe has beyond the books stops all paying, is written back, and counts in what is owed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe
from django.db import transaction

from coop.errors import Refusal
from members.models import Member, Notice
from payouts.models import (
    Account,
    Card,
    Charge,
    Entry,
    Found,
    Lookout,
    Move,
    PayeeAccount,
    Payout,
    PayRun,
    Recovery,
    Refund,
)
from payouts.recovery.looking import look, look_if_it_is_time
from payouts.recovery.writing import write_all
from payouts.sandbox import Sandbox
from tests import make
from tests.payouts.stage import accept, booking, do, save_card, work_through

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
WEEK = NOW + timedelta(days=7)


@pytest.fixture
def v1(sandbox: Sandbox) -> Any:
    """Stripe on that day, with money in the balance; we looked at it last just now."""
    sandbox.set_clock(int(LATER.timestamp()))
    found = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1
    found.payment_intents.create(
        {"amount": 500_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )
    Lookout.objects.update(looked_until=LATER)
    return found


@pytest.fixture
def board(db: None) -> Any:
    return make.member("Bea Board", hours=None, roles=["board"]).user


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


@pytest.mark.parametrize("days", [0, 1, 5])
def test_pay_that_was_lost_is_taken_off_whatever_the_days_of_the_new_run(
    days: int, sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    """200.00 were sent for two days. A run for one of them pays nobody; one for all days pays the rest."""
    account = with_account(ana, sandbox)
    owe(ana, 0, 1, 5)
    with lost(sandbox):
        pay(tess, board, days=1)
    recover(tess)
    if days < 5:
        with pytest.raises(Refusal):
            pay(tess, board, at=WEEK, days=days)
    else:
        (payout,) = pay(tess, board, at=WEEK, days=days)
        assert (payout.state, payout.cents) == ("sent", 10_000)
    assert sum(cents for _to, cents in sent(v1)) == (30_000 if days == 5 else 20_000)
    assert {to for to, _cents in sent(v1)} == {account}
    assert balance(Account.pay(ana.pk)) == (0 if days == 5 else 10_000)


def test_nobody_is_asked_for_money_until_the_treasurer_has_read_it(
    sandbox: Sandbox, v1: Any, ana: Member, bo: Member, tess: Member, board: Any
) -> None:
    with_account(ana, sandbox)
    owe(ana, 0)
    waiting = PayRun.draft(ends_on=NOW.date(), at=LATER, by=tess.user)
    with lost(sandbox):
        waiting.approve(at=LATER, by=board)
        waiting.payouts.get().send(at=LATER)
    look(at=WEEK)
    look(at=WEEK)  # twice is once
    recovery = Recovery.objects.get()
    found = recovery.found.get()
    assert (found.kind, found.member, found.cents, found.means) == ("transfer", ana, 10_000, "pay")
    waiting.refresh_from_db()
    assert waiting.state == "returned"
    with pytest.raises(Refusal, match="look first"):
        PayRun.draft(ends_on=NOW.date(), at=WEEK, by=tess.user)
    told = Notice.objects.filter(key__startswith="recovery:").values_list("user__name", flat=True)
    assert list(told) == ["Tess Marin"]
    with pytest.raises(Refusal):
        recovery.let_go(at=WEEK, by=tess.user)
    assert not Lookout.objects.clear(WEEK).exists()
    recover(tess)
    assert Lookout.objects.clear(WEEK).exists()


def test_an_approved_run_of_the_backup_that_was_paid_after_it_is_paid(
    sandbox: Sandbox, v1: Any, ana: Member, bo: Member, tess: Member, board: Any
) -> None:
    for member in (ana, bo):
        with_account(member, sandbox)
    owe(ana, 0)
    moves = [Move(Account.client(1), Account.pay(bo.pk), 5_000)]
    Entry.post(key="visit:7", kind=Entry.Kind.VISIT, effective_on=NOW.date(), at=NOW, moves=moves)
    run = PayRun.draft(ends_on=NOW.date(), at=LATER, by=tess.user)
    run.approve(at=LATER, by=board)
    with lost(sandbox):
        run.payouts.get(member=ana).send(at=LATER)
    recover(tess)
    for payout in run.payouts.order_by("pk"):
        payout.send(at=WEEK)
    assert {one.member: one.state for one in run.payouts.select_related("member__user")} == {ana: "sent", bo: "sent"}
    run.refresh_from_db()
    assert run.state == "paid"
    assert [cents for _to, cents in sent(v1)] == [5_000, 10_000]
    assert [balance(Account.pay(member.pk)) for member in (ana, bo)] == [0, 0]


def test_a_restored_database_knows_by_its_tables_that_it_has_to_look(v1: Any) -> None:
    soon = LATER + timedelta(minutes=1)
    assert Lookout.objects.clear(soon).exists()
    assert not Lookout.objects.to_look(soon).exists()
    Lookout.objects.update(table=1)  # a restore makes other tables
    assert not Lookout.objects.clear(soon).exists()
    look_if_it_is_time(at=soon)
    assert Lookout.objects.clear(soon).exists()
    assert not Lookout.objects.clear(soon + timedelta(minutes=31)).exists()


def test_pay_of_minutes_ago_that_a_snapshot_of_the_disk_forgot_stops_the_next(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    """The tables are the same and the mark is fresh; but somebody was paid whom the books would pay for other days."""
    with_account(ana, sandbox)
    owe(ana, 0, 1)
    with transaction.atomic():
        pay(tess, board, days=0)
        transaction.set_rollback(True)
    (payout,) = pay(tess, board, days=1)
    payout.refresh_from_db()
    assert (payout.state, "do not know" in payout.trouble) == ("sending", True)
    assert not Lookout.objects.clear(LATER).exists()
    assert len(sent(v1)) == 1
    look_if_it_is_time(at=LATER)
    assert Recovery.objects.get().found.get().means == "pay"


def test_what_others_made_there_and_what_is_under_way_is_no_concern_of_ours(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    account = with_account(ana, sandbox)
    owe(ana, 0)
    (payout,) = pay(tess, board)
    Payout.objects.filter(pk=payout.pk).update(state="sending", sent_at=None, transfer=None)  # killed before it wrote
    other = {"installation": "another", "kind": "payout", "member": str(ana.pk), "entries": "x"}
    v1.transfers.create({"amount": 5, "currency": "usd", "destination": account, "metadata": other})
    v1.transfers.create({"amount": 5, "currency": "usd", "destination": account})
    look(at=WEEK)
    assert not Recovery.objects.exists()
    assert Lookout.objects.get().looked_until == WEEK


def test_what_was_charged_and_given_back_for_a_visit_is_its_own(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member
) -> None:
    """The visit was done after the backup: its price is there, and is not taken once more when it is done again."""
    booked = booking()
    save_card(booked, "bypassPending")
    visit = accept(booked)
    with lost(sandbox):
        done = do(visit)
        work_through(Charge.objects.filter(visit=done), at=done.completed_at)
        charge = Charge.objects.get(visit=done)
        Refund.give(charge, cents=300, responsible="coop", note="Late.", at=LATER, by=tess.user).send(at=LATER)
        Charge.tip(done, cents=500, at=LATER, by=done.booking.client.user).move(at=LATER)
    recover(tess)
    means = dict(Found.objects.values_list("name__kind", "means"))
    assert means == {"price": "charge", "refund": "refund", "tip": "credit"}
    charge = Charge.objects.get(visit=visit, kind="price")
    assert (charge.state, charge.refunds.get().state) == ("settled", "sent")
    client = visit.booking.client
    assert balance(Account.credit(client.pk)) == 500
    assert balance(Account.client(client.pk)) == visit.cents
    again = do(visit)
    work_through(Charge.objects.filter(visit=again), at=WEEK)
    assert balance(Account.client(client.pk)) == 0
    assert sorted(one.amount for one in v1.payment_intents.list().data if one.customer) == [500, visit.cents]


def test_money_of_a_household_or_a_member_that_is_lost_stands_apart(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    with lost(sandbox):
        booked = booking()
        save_card(booked, "bypassPending")
        done = do(accept(booked))
        work_through(Charge.objects.filter(visit=done), at=done.completed_at)
        newcomer = make.member("New Comer")
        with_account(newcomer, sandbox)
        owe(newcomer, 0)
        pay(tess, board)
    recover(tess, at=WEEK)
    kinds = dict(Found.objects.exclude(cents=0).values_list("kind", "means"))
    assert set(kinds.values()) == {"nobody"}
    price, paid = (Found.objects.get(kind=kind).cents for kind in ("payment", "transfer"))
    assert balance(Account.fund("unclaimed")) == price - paid


def test_payees_and_customers_that_were_made_after_the_backup_are_known_again(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    owe(ana, 0)
    client = booking().client
    with lost(sandbox):
        account, customer = with_account(ana, sandbox), Card.of(client).customer
        pay(tess, board)
    recover(tess)
    payee = PayeeAccount.objects.get(member=ana)
    assert (payee.account, payee.transfers_active, Card.objects.get(client=client).customer) == (
        account,
        True,
        customer,
    )
    assert balance(Account.pay(ana.pk)) == 0


def test_numbers_of_the_lost_days_are_not_given_out_again(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    with_account(ana, sandbox)
    owe(ana, 0)
    with lost(sandbox):
        (gone,) = pay(tess, board)
    recover(tess)
    owe(ana, 3)
    (payout,) = pay(tess, board, at=WEEK, days=5)
    assert payout.pk > gone.pk + 5_000


def test_a_card_file_alone_stops_nobody(sandbox: Sandbox, v1: Any, ana: Member) -> None:
    client = booking().client
    with lost(sandbox):
        Card.of(client)
    look(at=WEEK)
    assert not Recovery.objects.exists()


def test_what_cannot_be_written_is_left_out_by_a_person_who_says_why(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    with_account(ana, sandbox)
    owe(ana, 0)
    with lost(sandbox):
        pay(tess, board)
    look(at=WEEK)
    found = Found.objects.get()
    with pytest.raises(Refusal):
        found.leave_out(at=WEEK, by=tess.user, note="Nothing is wrong with it.")
    Found.objects.update(trouble="Stripe does not know it.")
    found.leave_out(at=WEEK, by=tess.user, note="It was taken back by phone.")
    assert not Found.objects.unwritten().exists()


def test_the_look_takes_as_many_queries_however_much_there_is(
    sandbox: Sandbox, v1: Any, ana: Member, bo: Member, tess: Member, board: Any, django_assert_max_num_queries: Any
) -> None:
    counts: list[int] = []
    for number, member in enumerate((ana, bo)):
        with_account(member, sandbox)
        moves = [Move(Account.client(1), Account.pay(member.pk), 5_000)]
        day = NOW.date() + timedelta(days=number)
        Entry.post(key=f"visit:{number}", kind=Entry.Kind.VISIT, effective_on=day, at=NOW, moves=moves)
        pay(tess, board, days=number)
        Lookout.objects.update(looked_until=LATER)
        with django_assert_max_num_queries(30) as captured:
            look(at=WEEK)
        counts.append(len(captured))
        Lookout.objects.update(looked_until=LATER)
    assert counts[0] == counts[1]
    assert not Recovery.objects.exists()
