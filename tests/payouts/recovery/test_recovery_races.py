"""Two looks, two treasurers, two workers at one moment: each thing is found and written once."""

from typing import Any

import pytest

from members.models import Member
from payouts.models import Account, Entry, Found, Lookout, Payout, Recovery
from payouts.recovery.looking import look
from payouts.recovery.writing import write_all
from payouts.sandbox import Sandbox
from tests.payouts.recovery.lost_days import WEEK, balance, owe, pay, with_account
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_what_is_found_and_written_at_once_is_there_once(
    sandbox: Sandbox, v1: Any, ana: Member, tess: Member, board: Any
) -> None:
    with_account(ana, sandbox)
    owe(ana, 0, 1)
    (payout,) = pay(tess, board)
    name, thing = payout.params["metadata"], Payout.objects.get().transfer
    other = {**name, "entries": "of other days"}
    v1.transfers.create(
        {"amount": 700, "currency": "usd", "destination": payout.params["destination"], "metadata": other}
    )
    at_once(*[lambda: look(at=WEEK)] * 3)
    found = Found.objects.get()
    assert (found.cents, found.thing == thing) == (700, False)
    recovery = Recovery.objects.get()
    said = at_once(*[lambda: Recovery.objects.get().write_back(at=WEEK, by=tess.user)] * 2)
    assert sum(one is None for one in said) == 1
    at_once(*[lambda: write_all(Recovery.objects.get(), at=WEEK)] * 3)
    assert Entry.objects.filter(kind="recovered").count() == 1
    assert balance(Account.pay(ana.pk)) == 10_000 - 700
    said = at_once(*[lambda: Recovery.objects.get().let_go(at=WEEK, by=tess.user)] * 2)
    assert sum(one is None for one in said) == 1
    recovery.refresh_from_db()
    assert (recovery.state, Lookout.objects.get().stopped_at) == ("closed", None)
