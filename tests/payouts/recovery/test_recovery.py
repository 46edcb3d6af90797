"""After a restore: pay that Stripe sent beyond the books stops all paying, is written back, and is taken off."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from coop.errors import Refusal
from members.models import Member, Notice
from payouts.models import (
    Account,
    Entry,
    Found,
    Lookout,
    Move,
    Payout,
    PayRun,
    Recovery,
)
from payouts.recovery import writing
from payouts.recovery.looking import look, look_if_it_is_time
from payouts.sandbox import Sandbox
from payouts.stripe import errors, finding
from tests.payouts.recovery.lost_days import LATER, NOW, WEEK, balance, lost, owe, pay, recover, sent, with_account

pytestmark = pytest.mark.django_db


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
    for looked in (False, True):  # before the look, and while it waits to be read
        if looked:
            look(at=WEEK)
        for payout in run.payouts.order_by("pk"):
            payout.send(at=WEEK)
        assert {one.state for one in run.payouts.all()} == {"pending"}
        assert len(sent(v1)) == 1
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


def test_a_look_with_the_key_of_another_account_makes_nothing_known(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There nothing of ours is to be seen; back with our own key, all since long before is looked at again."""
    with_account(ana, sandbox)
    owe(ana, 0, 1)
    look(at=LATER)
    with transaction.atomic():
        pay(tess, board, days=0)
        transaction.set_rollback(True)
    ours, settings.STRIPE_API_KEY = settings.STRIPE_API_KEY, "sk_test_of_another_account"
    with monkeypatch.context() as there:
        there.setattr(finding, "made_since", lambda _since: [])
        look_if_it_is_time(at=LATER + timedelta(hours=2))
    settings.STRIPE_API_KEY = ours
    soon = LATER + timedelta(hours=2, minutes=5)
    assert not Lookout.objects.clear(soon).exists()
    look_if_it_is_time(at=soon)
    assert Recovery.objects.get().found.get().means == "pay"


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


@pytest.mark.parametrize(
    ("trouble", "kept"), [(KeyError("kind"), "'kind'"), (errors.Unknown("Silence."), "")], ids=["odd", "silent"]
)
def test_one_thing_that_cannot_be_written_keeps_no_other_back(
    sandbox: Sandbox,
    v1: Any,
    ana: Member,
    bo: Member,
    tess: Member,
    board: Any,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    kept: str,
) -> None:
    """Only what cannot be written can be left out by a person; a silence of Stripe is no reason."""
    for day, member in enumerate((ana, bo)):
        with_account(member, sandbox)
        owe(member, day)
    with lost(sandbox):
        pay(tess, board, days=1)
    look(at=WEEK)
    first, second = Found.objects.order_by("made_at", "pk")
    write = writing.write

    def stumbling(found: Found, *, at: datetime) -> None:
        if found == first:
            raise trouble
        write(found, at=at)

    monkeypatch.setattr(writing, "write", stumbling)
    recovery = Recovery.objects.get()
    recovery.write_back(at=WEEK, by=tess.user)
    writing.write_all(Recovery.objects.get(), at=WEEK)
    assert list(Found.objects.unwritten().values_list("pk", "trouble")) == [(first.pk, kept)]
    assert second.pk not in Found.objects.unwritten().values_list("pk", flat=True)


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
