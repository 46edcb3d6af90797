"""The demo: a believable co-op whose books balance, lived for the last weeks and written in bulk before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from bookings.models import Offer, Override, Turn, Visit
from coop.dev.demo import overrides
from coop.dev.demo.founding import NEW_YORK
from coop.dev.management.commands import demo
from governance.models import Proposal
from members.models import Addressee, Member, Notice
from payouts.ledger.earnings import shares_of
from payouts.ledger.work_week import Worked
from payouts.models import Account, Charge, Entry, Payout, PayRun, Refund, Supplement, Transfer, WorkWeek
from payouts.recovery.known import unknown
from payouts.sandbox import Sandbox
from payouts.stripe import finding, gateway
from tests.proofs import proof, rounds

MORNING = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
"""No day of a pay run: on that one a draft may still wait for its approval."""


@contextmanager
def in_the_morning() -> Iterator[None]:
    """The stand-in runs, and it is that moment."""
    with time_machine.travel(MORNING), Sandbox.running() as sandbox, override_settings(STRIPE_BASE_URL=sandbox.url):
        yield


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """A small demo that is lived once and only looked at; the per cents that were told meanwhile."""
    told = StringIO()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), in_the_morning():
        patch.setattr(overrides, "OFTEN", 1)
        patch.setattr(demo, "LIVELY", timedelta(days=rounds(16, short=8)))
        with transaction.atomic():
            call_command("demo", members=16, clients=24, months=2, seed=1, stdout=told)
            yield [int(line.removesuffix(" %")) for line in told.getvalue().splitlines() if line.endswith(" %")]
            transaction.set_rollback(True)


def test_it_is_told_how_much_of_it_is_lived(lived: list[int]) -> None:
    assert lived == sorted(lived)
    assert lived[-1] == 100


def test_visits_were_lived_and_written(lived: list[int]) -> None:
    bulk = Turn.objects.filter(candidates=[]).values("shift__visit")
    done = Visit.objects.filter(state="completed")
    assert done.filter(pk__in=bulk).exists()
    assert done.exclude(pk__in=bulk).exists()
    assert Offer.objects.waiting().exists()
    assert not Notice.objects.filter(sent_at=None).exists()
    assert {"enacted", "voting"} <= set(Proposal.objects.values_list("state", flat=True))
    assert Override.objects.exists()
    assert Addressee.objects.filter(answer="yes").exists()


def test_books_balance_and_each_visit_is_shared_by_the_rules_of_its_day(lived: list[int]) -> None:
    assert sum(account.balance for account in Account.objects.with_balance()) == 0
    for visit in Visit.objects.filter(state="completed"):
        shares = shares_of(visit)
        moved = Transfer.objects.filter(entry__key=f"visit:{visit.pk}")
        for member, cents in shares.workers.items():
            topped_up = shares.topped_up.get(member, 0)
            assert moved.filter(payee__member=member).aggregate(sum=Sum("cents"))["sum"] == cents + topped_up
        assert moved.filter(payer__kind="client").aggregate(sum=Sum("cents"))["sum"] == visit.cents


def test_each_charge_is_in_the_books_and_at_the_stand_in(lived: list[int]) -> None:
    for charge in Charge.objects.filter(state="settled"):
        taken = gateway.payment(charge.intent or "").taken
        assert taken is not None
        moved = {one.payee.kind: one.cents for one in Transfer.objects.filter(entry__key=f"bt:{taken.id}")}
        assert moved == {"client": taken.cents, "stripe": taken.fee}


def test_the_books_know_all_that_the_stand_in_has_in_our_name(lived: list[int]) -> None:
    """Whatever a feature makes there stands in a row of ours: else it would stop all paying."""
    made = finding.made_since(MORNING - timedelta(days=400))
    assert {one.kind for one in made} >= {"customer", "payee", "payment", "refund", "transfer"}
    assert unknown(made) == []


def test_each_statement_is_the_sum_of_its_lines(lived: list[int]) -> None:
    assert set(PayRun.objects.values_list("state", flat=True)) == {"paid"}
    for payout in Payout.objects.all():
        assert payout.lines.aggregate(sum=Sum("cents"))["sum"] == payout.cents
        assert payout.lines.aggregate(sum=Sum("transfer__cents"))["sum"] == payout.cents


def test_nobody_waits_for_pay_beyond_their_visits(lived: list[int]) -> None:
    for week in WorkWeek.objects.filter(due_at=None):
        worked = Worked.of(week.member_id, week.monday)
        paid = Supplement.objects.filter(member=week.member_id, day__gte=week.monday, day__lte=week.sunday)
        between = paid.filter(kind="between").aggregate(sum=Sum("entry__transfers__cents", default=0))["sum"]
        assert between == sum(day.between_cents for day in worked.days)


def test_running_the_co_op_does_not_lose_money(lived: list[int]) -> None:
    running = Transfer.objects.filter(payer__kind="client", payee__kind="operations", entry__kind__in=["visit", "fee"])
    card_fees = Transfer.objects.filter(payer__kind="operations", entry__kind="capture")
    earned, kept = (rows.aggregate(sum=Sum("cents"))["sum"] for rows in (running, card_fees))
    assert earned > kept > 0


def test_there_is_a_refund(lived: list[int]) -> None:
    assert Refund.objects.filter(state="sent").exists()


def test_there_is_a_late_fee(lived: list[int]) -> None:
    assert Visit.objects.filter(state="cancelled", fee_cents__gt=0, charges__state="settled").exists()


@proof
def test_credit_was_used(lived: list[int]) -> None:
    assert Entry.objects.filter(kind="credit").exists()


@proof
def test_a_card_is_declined(lived: list[int]) -> None:
    declined = Charge.objects.in_trouble()
    assert "price" in {charge.kind for charge in declined}
    assert declined.values("client").distinct().count() == 1


def test_a_visit_is_locked_out(lived: list[int]) -> None:
    assert Visit.objects.filter(state="turned_away", contact_attempts__how="door").exists()


def test_a_member_is_on_leave(lived: list[int]) -> None:
    assert Member.objects.in_state("on_leave").count() == 1


def test_a_member_left(lived: list[int]) -> None:
    assert Member.objects.in_state("former").count() == 1


def test_a_candidate_is_half_way(lived: list[int]) -> None:
    candidate = Member.objects.in_state("candidate").order_by("pk")[0]
    assert candidate.shifts.filter(state="done").exists()


@pytest.mark.django_db
def test_the_demo_never_touches_a_co_op_that_lives(ana: Member) -> None:
    with in_the_morning(), pytest.raises(CommandError, match="only for an empty database"):
        call_command("demo")
