"""Every movement of the balance at Stripe stands in the books once, whoever made it and in whatever order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from members.models import Member, User
from payouts.models import Charge, Entry, Mark, Movement, Payout, Refund
from payouts.reconciliation import tasks
from payouts.reconciliation.checks import Check
from payouts.sandbox import Sandbox
from tests import make
from tests.payouts.charges.test_refunds import give
from tests.payouts.payroll.test_payruns import LATER, draft, onboard, pay
from tests.payouts.reconciliation.stage import client, difference, held, now, states, walk
from tests.payouts.stage import NOW, paid_visit, work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def test_what_we_asked_for_ourselves_is_linked_and_not_posted_again(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    done = paid_visit()
    give(done, 100, by=tess).send(at=LATER)
    onboard(ana, sandbox)
    pay(draft(tess), by=board)
    before = (held(), Entry.objects.count())
    walk()
    walk()
    assert ((held(), Entry.objects.count()), states(), difference()) == (before, {"booked": 3}, 0)
    assert sorted(Movement.objects.values_list("type", flat=True)) == ["charge", "refund", "transfer"]


def test_a_refund_that_came_back_is_both_its_entries(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    """Whether it was written down before it came back (as by most banks, days later), or not."""
    done = paid_visit(card="refundFail")
    work_through(Charge.objects.all(), at=NOW + timedelta(days=10))
    before = held()
    early = give(done, 1000, by=tess)
    early.send(at=LATER)
    late = give(done, 2000, by=tess)
    asked: Any = {"payment_intent": str(late.charge.intent), "amount": 2000, **named(late)}
    made = client(sandbox).v1.refunds.create(asked)
    late.record(refund=made.id, at=LATER, by=None)
    late.come_back(at=LATER, by=None)
    walk()
    walk(now() + timedelta(hours=1))
    assert (held(), states(), difference()) == (before, {"booked": 5}, 0)


def test_nothing_is_compared_before_all_that_moved_was_looked_at(
    sandbox: Sandbox, ana: Member, tess: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what was only not read yet would stand there as a difference."""
    give(paid_visit(), 100, by=tess).send(at=LATER)
    monkeypatch.setattr(tasks, "MANY", 2)
    compared = []
    for _minute in range(2):
        tasks.sweep_movements()
        compared.append(Check.last())
    assert compared[0] is None
    assert compared[1]
    assert compared[1].difference == 0


def named(refund: Refund) -> Any:
    return {"metadata": refund.params["metadata"]}


def test_payouts_to_the_bank_their_failure_fees_and_money_put_in_are_posted(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    sandbox.pays_out_daily()
    sandbox.advance(86400)
    walk(now() + timedelta(days=1))
    assert (held()["bank"], held().get("stripe", 0), difference()) == (-13564, 0, 0)
    sandbox.payout_fails(client(sandbox).v1.payouts.list().data[0].id)
    sandbox.moves("stripe_fee", -200, words="Radar")
    sandbox.moves("topup", 5000)
    walk(now() + timedelta(days=2))
    assert (held()["bank"], held()["stripe"], difference()) == (5000, -(13564 - 200 + 5000), 0)
    assert states() == {"booked": 5}


def test_given_back_on_stripes_own_pages_is_borne_by_running_the_coop(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    before = held()
    client(sandbox).v1.refunds.create({"payment_intent": str(Charge.objects.get().intent), "amount": 4000})
    walk()
    after = held()
    moved = {kind: after[kind] - before[kind] for kind in after if after[kind] != before.get(kind)}
    assert (moved, difference(), states()) == ({"stripe": 4000, "operations": -4000}, 0, {"booked": 2})


def test_a_transfer_taken_back_on_stripes_own_pages_is_owed_again(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    paid_visit()
    onboard(ana, sandbox)
    pay(draft(tess), by=board)
    assert held().get("pay", 0) == 0
    client(sandbox).v1.transfers.reversals.create(str(Payout.objects.get().transfer), {"amount": 3300})
    walk()
    assert (held()["pay"], difference(), states()) == (3300, 0, {"booked": 3})


def test_what_nobody_knows_waits_for_a_person_and_changes_nothing(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    before = held()
    sandbox.moves("reserve_transaction", -700)
    walk()
    odd = Movement.objects.get(type="reserve_transaction")
    assert (odd.state, odd.net, held(), difference()) == ("waits", -700, before, 0)


def test_what_is_on_its_way_into_the_books_is_waited_for(sandbox: Sandbox, ana: Member) -> None:
    """The payment is at Stripe, and the row that asked for it has not heard of it yet."""
    paid_visit()
    Mark.walk(at=now())
    bt = Movement.objects.get().bt
    Movement.objects.bulk_create(
        [Movement(bt="txn_2", type="charge", cents=100, fee_cents=0, moved_at=now(), due_at=now())]
    )
    walk()
    assert dict(Movement.objects.values_list("bt", "state")) == {bt: "booked", "txn_2": "new"}
    walk(now() + timedelta(hours=3))
    assert Movement.objects.get(bt="txn_2").state == "waits"


def test_another_installation_on_the_same_account_is_none_of_ours(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    stranger = client(sandbox).v1
    paid = {"amount": 900, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    intent = stranger.payment_intents.create({**paid, "metadata": {"installation": "another"}})  # type: ignore[typeddict-item]
    stranger.refunds.create({"payment_intent": intent.id, "amount": 100})
    walk()
    assert (states(), difference()) == ({"booked": 1, "foreign": 2}, 0)


def test_an_entry_of_another_sum_does_not_count(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    refund = give(paid_visit(), 1000, by=tess)
    refund.send(at=LATER)
    Mark.walk(at=now())
    Movement.objects.filter(type="refund").get()
    other = Movement.objects.get(type="refund")
    twin = Movement(
        bt="txn_2", type="refund", source=other.source, cents=-999, fee_cents=0, moved_at=now(), due_at=now()
    )
    twin.save()
    twin.settle(at=now())
    assert (twin.state, twin.reason) == ("waits", "The books say another sum for it.")


def test_one_entry_stands_for_one_movement(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    give(paid_visit(), 1000, by=tess).send(at=LATER)
    walk()
    other = Movement.objects.get(type="refund")
    facts = {"source": other.source, "cents": -1000, "fee_cents": 0, "moved_at": now(), "due_at": now()}
    twin = Movement.objects.create(bt="txn_2", type="refund", **facts)
    twin.settle(at=now())
    assert (twin.state, twin.entry) == ("waits", None)


def test_the_mark_moves_only_with_what_was_read(sandbox: Sandbox, ana: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    paid_visit()
    with monkeypatch.context() as patch:
        patch.setattr(Movement, "keep", _killed)
        with pytest.raises(RuntimeError):
            Mark.walk(at=now())
    assert not Mark.objects.exists()
    walk()
    read = Mark.objects.get().read_until
    sandbox.moves("topup", 100)
    walk()
    assert (states(), Mark.objects.get().read_until > read) == ({"booked": 2}, True)


def _killed(*_args: object, **_facts: object) -> None:
    raise RuntimeError


def test_what_was_read_is_never_changed(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    walk()
    for change in ("UPDATE payouts_movement SET cents = 1", "DELETE FROM payouts_movement"):
        with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
            cursor.execute(change)
