"""Members' accounts, transfers to them, and payouts to a bank."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from payouts.sandbox import Sandbox

DAY = 86400


def balance(api: Any, account: str | None = None) -> tuple[int, int]:
    """Cents available and pending."""
    told = api.balance.retrieve(options={"stripe_account": account} if account else {})
    return told.available[0].amount, told.pending[0].amount


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "express"},
        {
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            }
        },
    ],
)
def test_a_new_account_owes_its_papers_and_can_receive_nothing(api: Any, asked: dict[str, Any]) -> None:
    account = api.accounts.create({"country": "US", "capabilities": {"transfers": {"requested": True}}, **asked})
    kept = api.accounts.retrieve(account.id)
    assert kept.controller.stripe_dashboard.type == "express"
    assert (kept.capabilities.transfers, kept.payouts_enabled, kept.details_submitted) == ("inactive", False, False)
    assert "external_account" in kept.requirements.currently_due
    assert [one.id for one in api.accounts.list().data] == [account.id]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("complete", ("active", True, True)),
        ("unfinished", ("inactive", False, False)),
        ("checking", ("pending", False, True)),
    ],
)
def test_onboarding_can_end_in_three_ways(till: Any, sandbox: Sandbox, outcome: str, state: tuple[Any, ...]) -> None:
    member = till.member(sandbox)
    sandbox.onboard(member, outcome)
    account = till.api.accounts.retrieve(member)
    assert (account.capabilities.transfers, account.payouts_enabled, account.details_submitted) == state


def test_a_login_link_is_for_accounts_that_were_filled_in(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    assert till.api.accounts.login_links.create(member).url == f"{sandbox.url}/dashboard/{member}"
    sandbox.onboard(member, "unfinished")
    with pytest.raises(stripe.InvalidRequestError):
        till.api.accounts.login_links.create(member)


def test_nothing_is_transferred_to_an_unfinished_account(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    sandbox.onboard(member, "unfinished")
    till.pay(50000, card="bypassPending")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.transfers.create({"amount": 100, "currency": "usd", "destination": member})
    assert refusal.value.code == "insufficient_capabilities_for_transfer"


def test_a_transfer_travels_with_the_charge_that_pays_for_it(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    paid = till.pay(50000, transfer_group="visit_7")
    sent = till.api.transfers.create(
        {"amount": 20000, "currency": "usd", "destination": member, "source_transaction": paid.latest_charge}
    )
    assert (sent.destination, sent.transfer_group, sent.source_transaction) == (member, "visit_7", paid.latest_charge)
    assert [one.id for one in till.api.transfers.list({"transfer_group": "visit_7"}).data] == [sent.id]
    assert balance(till.api, member) == (0, 20000)
    sandbox.advance(2 * DAY)
    assert balance(till.api, member) == (20000, 0)


def test_a_charge_gives_to_transfers_no_more_than_was_captured(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    sent = {
        "amount": 12000,
        "currency": "usd",
        "destination": member,
        "source_transaction": till.pay(20000).latest_charge,
    }
    till.api.transfers.create(sent)
    with pytest.raises(stripe.InvalidRequestError, match="already given"):
        till.api.transfers.create(sent)
    assert balance(till.api, member) == (0, 12000)


def test_a_transfer_without_a_charge_needs_money_that_can_be_spent(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    till.pay(50000)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.transfers.create({"amount": 100, "currency": "usd", "destination": member})
    assert refusal.value.code == "balance_insufficient"
    till.pay(50000, card="bypassPending")
    till.api.transfers.create({"amount": 100, "currency": "usd", "destination": member})
    assert balance(till.api, member) == (100, 0)


def test_a_transfer_is_taken_back_in_part_and_in_full_but_never_beyond(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    till.pay(50000, card="bypassPending")
    sent = till.api.transfers.create({"amount": 20000, "currency": "usd", "destination": member})
    part = till.api.transfers.reversals.create(sent.id, {"amount": 5000})
    assert (part.amount, till.api.transfers.retrieve(sent.id).amount_reversed) == (5000, 5000)
    rest = till.api.transfers.reversals.create(sent.id)
    assert (rest.amount, till.api.transfers.retrieve(sent.id).reversed) == (15000, True)
    assert [one.id for one in till.api.transfers.reversals.list(sent.id).data] == [rest.id, part.id]
    with pytest.raises(stripe.InvalidRequestError):
        till.api.transfers.reversals.create(sent.id, {"amount": 1})
    assert balance(till.api, member) == (0, 0)


def test_a_member_is_paid_out_to_the_bank_two_days_later(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    at_member = {"stripe_account": member}
    till.pay(50000, card="bypassPending")
    till.api.transfers.create({"amount": 10000, "currency": "usd", "destination": member})
    payout = till.api.payouts.create({"amount": 4000, "currency": "usd"}, at_member)
    assert (payout.status, balance(till.api, member)) == ("in_transit", (6000, 0))
    sandbox.advance(2 * DAY)
    assert till.api.payouts.retrieve(payout.id, options=at_member).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        till.api.payouts.retrieve(payout.id)


def test_a_payout_of_the_coop_is_found_among_its_movements(till: Any) -> None:
    till.pay(50000, card="bypassPending")
    payout = till.api.payouts.create({"amount": 1000, "currency": "usd"})
    moves = till.api.balance_transactions.list({"payout": payout.id}).data
    assert [(one.type, one.net, one.source) for one in moves] == [("payout", -1000, payout.id)]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.payouts.create({"amount": 10**9, "currency": "usd"})
    assert refusal.value.code == "balance_insufficient"


def test_what_leaves_the_coop_arrives_at_the_members(till: Any, sandbox: Sandbox) -> None:
    ana, bo = till.member(sandbox), till.member(sandbox)
    paid = till.pay(50000)
    for member, cents in ((ana, 20001), (bo, 9999)):
        till.api.transfers.create(
            {"amount": cents, "currency": "usd", "destination": member, "source_transaction": paid.latest_charge}
        )
    fee = 50000 * 29 // 1000 + 30
    assert sum(balance(till.api)) == 50000 - fee - 30000
    assert (sum(balance(till.api, ana)), sum(balance(till.api, bo))) == (20001, 9999)
