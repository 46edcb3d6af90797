"""After a restore: what households paid, card files and accounts are theirs again."""

from datetime import timedelta
from typing import Any

import pytest

from coop.web import attention
from members.models import Member
from payouts.models import Account, Card, Charge, Found, Lookout, PayeeAccount, Recovery, Refund
from payouts.recovery.looking import look
from payouts.sandbox import Sandbox
from tests import make
from tests.payouts.recovery.lost_days import LATER, WEEK, balance, lost, owe, pay, recover, with_account
from tests.payouts.stage import accept, booking, do, save_card, work_through

pytestmark = pytest.mark.django_db


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
    assert means == {"price": "charge", "refund": "refund", "tip": "charge"}
    charge = Charge.objects.get(visit=visit, kind="price")
    assert (charge.state, charge.refunds.get().state) == ("settled", "sent")
    client = visit.booking.client
    assert balance(Account.client(client.pk)) == visit.cents
    again = do(visit)
    work_through(Charge.objects.filter(visit=again), at=WEEK)
    assert balance(Account.client(client.pk)) == 0
    tip = Charge.objects.get(visit=visit, kind="tip")
    soon = WEEK + timedelta(hours=9)
    Lookout.objects.update(looked_until=soon)
    tip.move(at=soon)
    assert balance(Account.tips(ana.pk)) == 500
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
    (waiting,) = [one for one in attention.lists_of(tess.user) if one.code == "unclaimed"]
    (row,) = [waiting.show(one) for one in waiting.find(tess.user, WEEK)]
    assert (row.cents, [remedy.is_for(tess.user) for remedy in row.remedies]) == (price - paid, [True])


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


def test_a_card_file_alone_stops_nobody(sandbox: Sandbox, v1: Any, ana: Member) -> None:
    client = booking().client
    with lost(sandbox):
        Card.of(client)
    look(at=WEEK)
    assert not Recovery.objects.exists()
