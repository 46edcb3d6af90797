"""Before anything is asked of Stripe it is looked up there: nothing is paid twice, whatever our books forgot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import transaction

from members.models import Member
from payouts.models import Account, Card, Charge, Entry, Move, PayeeAccount, Payout, PayRun, Refund
from payouts.sandbox import Sandbox
from payouts.stripe import gateway
from tests import make
from tests.payouts.stage import NOW, accept, booking, do, paid_visit, save_card, work_through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
A_DAY_AND_MORE = 25 * 3600


@pytest.fixture
def v1(sandbox: Sandbox) -> Any:
    """Stripe, with money in the balance."""
    found = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1
    found.payment_intents.create(
        {"amount": 500_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )
    return found


@contextmanager
def forgotten(sandbox: Sandbox) -> Iterator[None]:
    """What is done in the database within is lost, and a day later Stripe has forgotten all keys."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    sandbox.advance(A_DAY_AND_MORE)


def an_account(member: Member, sandbox: Sandbox) -> str:
    payee = PayeeAccount.of(member)
    sandbox.onboard(payee.account)
    payee.look(at=NOW)
    return payee.account


def owed(member: Member, *, cents: int = 13_300) -> None:
    moves = [Move(Account.client(1), Account.pay(member.pk), cents)]
    Entry.post(key="visit:1", kind=Entry.Kind.VISIT, effective_on=NOW.date(), at=NOW, moves=moves)


@pytest.fixture
def pay(ana: Member, sandbox: Sandbox, v1: Any, tess: Member) -> Callable[[], Payout]:
    """Draft, approve and send what Ana is owed: 133.00."""
    an_account(ana, sandbox)
    owed(ana)
    board = make.member("Bea Board", hours=None, roles=["board"]).user

    def run() -> Payout:
        made = PayRun.draft(ends_on=NOW.date(), at=LATER, by=tess.user)
        made.approve(at=LATER, by=board)
        payout = made.payouts.get()
        payout.send(at=LATER)
        payout.refresh_from_db()
        return payout

    return run


def test_pay_that_the_books_forgot_is_found_after_stripe_forgot_its_key(
    pay: Callable[[], Payout], sandbox: Sandbox, v1: Any
) -> None:
    with forgotten(sandbox):
        lost = pay()
    anew = pay()
    assert (lost.state, anew.state, anew.transfer) == ("sent", "sent", lost.transfer)
    assert len(v1.transfers.list().data) == 1


def test_a_transfer_of_another_sum_or_to_somebody_else_is_never_taken_for_this_one(
    pay: Callable[[], Payout], bo: Member, sandbox: Sandbox, v1: Any, tess: Member
) -> None:
    with forgotten(sandbox):
        params = pay().params
    group, metadata = params["transfer_group"], params["metadata"]
    (right,) = v1.transfers.list().data
    v1.transfers.reversals.create(right.id)
    theirs = {"amount": 777, "currency": "usd", "destination": an_account(bo, sandbox)}
    wrong = v1.transfers.create({**theirs, "transfer_group": group, "metadata": metadata})
    payout = pay()
    assert (payout.state, payout.transfer) == ("review", None)
    assert "$7.77" in payout.trouble
    assert "$133.00" in payout.trouble
    assert wrong.id in payout.trouble
    payout.retry(at=LATER, by=tess.user)
    payout.send(at=LATER)
    payout.refresh_from_db()
    assert payout.state == "review"
    v1.transfers.reversals.create(wrong.id)  # a person has taken it back at Stripe
    payout.retry(at=LATER, by=tess.user)
    payout.send(at=LATER)
    payout.refresh_from_db()
    assert (payout.state, payout.number_of_try) == ("sent", 3)


def test_a_key_that_was_used_for_something_else_is_never_taken_for_nothing(
    pay: Callable[[], Payout], ana: Member, sandbox: Sandbox, v1: Any, tess: Member
) -> None:
    with transaction.atomic():
        lost = pay()
        transaction.set_rollback(True)
    (right,) = v1.transfers.list().data
    v1.transfers.reversals.create(right.id)  # so that nothing is to be seen of it any more
    PayeeAccount.objects.filter(member=ana).update(account=v1.accounts.create({"type": "express"}).id)
    payout = pay()
    assert payout.key == lost.key
    assert payout.state == "review"
    assert "something else" in payout.trouble
    PayeeAccount.objects.filter(member=ana).update(account=right.destination)
    payout.retry(at=LATER, by=tess.user)
    payout.send(at=LATER)
    payout.refresh_from_db()
    assert payout.state == "sent"


def test_a_charge_and_a_refund_that_the_books_forgot_are_found(ana: Member, sandbox: Sandbox, v1: Any) -> None:
    sol = make.member("Sol Vega", hours=None, roles=["coordinator"]).user
    booked = booking()
    save_card(booked, "bypassPending")
    done = do(accept(booked))
    charges = Charge.objects.filter(visit=done)
    give: dict[str, Any] = {"responsible": "coop", "note": "Late.", "at": NOW, "by": sol}
    with forgotten(sandbox):
        work_through(charges, at=done.completed_at)
        lost = Refund.give(charges.get(), cents=300, **give)
        lost.send(at=NOW)
        lost.refresh_from_db()
        intent = charges.get().intent
    work_through(charges, at=done.completed_at)
    charge = charges.get()
    assert (charge.state, charge.intent) == ("settled", intent)
    anew = Refund.give(charge, cents=300, **give)
    anew.send(at=NOW)
    anew.refresh_from_db()
    assert (anew.state, anew.refund) == ("sent", lost.refund)
    assert [len(rows.list().data) for rows in (v1.payment_intents, v1.refunds)] == [2, 1]


def test_other_cents_than_were_charged_or_given_back_wait_for_a_person(
    ana: Member, sandbox: Sandbox, v1: Any, tess: Member
) -> None:
    done = paid_visit()
    charge = Charge.objects.get(visit=done)
    give: dict[str, Any] = {"responsible": "coop", "note": "Late.", "at": NOW, "by": tess.user}
    with forgotten(sandbox):
        tip = Charge.tip(done, cents=500, at=NOW, by=done.booking.client.user)
        tip.move(at=NOW)
        Refund.give(charge, cents=300, **give).send(at=NOW)
    tip = Charge.tip(done, cents=900, at=NOW, by=done.booking.client.user)
    for _time in range(2):
        tip.move(at=NOW)
        tip.refresh_from_db()
        assert (tip.state, tip.attention_since, "$5.00" in tip.trouble) == ("due", NOW, True)
        tip.retry(at=NOW, by=tess.user)
    refund = Refund.give(charge, cents=200, **give)
    for _time in range(2):
        refund.send(at=NOW)
        refund.refresh_from_db()
        assert (refund.state, "$3.00" in refund.trouble) == ("failed", True)
        refund.retry(at=NOW, by=tess.user)
    assert [len(rows.list().data) for rows in (v1.payment_intents, v1.refunds)] == [3, 1]


def test_what_is_called_off_before_it_was_asked_for_is_not_held_for_a_moment(
    ana: Member, sandbox: Sandbox, v1: Any, tess: Member
) -> None:
    booked = booking()
    save_card(booked)
    charge = Charge.objects.get()
    Charge.objects.update(params=charge._wish(), attention_since=NOW)  # a person looks at it, and finds nothing
    charge.refresh_from_db()
    charge.call_off(at=NOW, by=None)
    charge.retry(at=NOW, by=tess.user)
    charge.move(at=NOW)
    charge.refresh_from_db()
    assert charge.state == "released"
    assert len(v1.payment_intents.list().data) == 1


def test_customers_and_payees_that_the_books_forgot_are_not_made_twice(ana: Member, sandbox: Sandbox, v1: Any) -> None:
    client = booking().client
    with forgotten(sandbox):
        lost = (Card.of(client).customer, PayeeAccount.of(ana).account)
    assert (Card.of(client).customer, PayeeAccount.of(ana).account) == lost
    assert [len(rows.list().data) for rows in (v1.customers, v1.accounts)] == [1, 1]


def test_what_we_want_to_be_shown_is_no_part_of_what_is_asked(v1: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe compares all that a request says before it takes it for the same."""
    wish = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    first = gateway.pay(wish, key="k")
    monkeypatch.setattr(gateway, "PAYMENT_IN_FULL", ["customer"])
    assert gateway.pay(wish, key="k").id == first.id
