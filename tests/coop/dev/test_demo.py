"""The demo: a believable co-op whose books balance, small as a story and large in bulk."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Sum
from pytest_django import Settings

from bookings.models import Offer, Override, Shift, Swap, Visit
from coop.dev.demo import overrides
from coop.dev.demo.founding import NEW_YORK
from coop.dev.management.commands import demo
from governance.models import Proposal
from members.models import Member, Notice
from payouts.models import Account, Charge, PayRun, Transfer
from payouts.sandbox import Sandbox

MORNING = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
"""No day of a pay run: on that one a draft may still wait for its approval."""


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[None]:
    with time_machine.travel(MORNING), Sandbox.running() as sandbox:
        settings.STRIPE_BASE_URL = sandbox.url
        yield


def owed_and_shared() -> tuple[int, int]:
    """What clients had to pay for visits, and what it was shared out as, in cents."""
    earned = Transfer.objects.filter(entry__kind="visit", payer__kind="client").aggregate(sum=Sum("cents"))["sum"]
    return Visit.objects.filter(state="completed").aggregate(sum=Sum("cents"))["sum"], earned


@pytest.mark.django_db
def test_the_demo_is_a_story_whose_books_balance(stand_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overrides, "OFTEN", 1)
    call_command("demo", members=14, clients=8, months=2, seed=1, verbosity=0)
    prices, shares = owed_and_shared()
    assert prices == shares > 0
    assert sum(account.balance for account in Account.objects.with_balance()) == 0
    assert not Charge.objects.in_trouble().exists()
    assert set(PayRun.objects.values_list("state", flat=True)) == {"paid"}
    assert {"enacted", "voting"} <= set(Proposal.objects.values_list("state", flat=True))
    assert Offer.objects.filter(state="accepted").count() >= Shift.objects.filter(state="done").count() > 5
    assert Offer.objects.waiting().exists()
    assert not Notice.objects.filter(sent_at=None).exists()
    assert Override.objects.exists()
    assert set(Swap.objects.values_list("state", flat=True)) == {"asked", "agreed"}


@pytest.mark.django_db
def test_a_large_demo_is_written_in_bulk_under_the_same_rules(stand_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "MANY", 3)
    monkeypatch.setattr(demo, "LIVELY", 2)
    call_command("demo", members=13, clients=6, months=0.5, seed=1, verbosity=0)
    prices, shares = owed_and_shared()
    assert prices == shares > 0
    assert sum(account.balance for account in Account.objects.with_balance()) == 0


@pytest.mark.django_db
def test_the_demo_never_touches_a_co_op_that_lives(ana: Member, stand_in: None) -> None:
    with pytest.raises(CommandError, match="only for an empty database"):
        call_command("demo")
