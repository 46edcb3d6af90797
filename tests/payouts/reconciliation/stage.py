"""What these tests share: everything that moved at Stripe is read and settled, as the sweep does it."""

from datetime import UTC, datetime

import stripe

from payouts.ledger.ledger import Account
from payouts.reconciliation.checks import Check
from payouts.reconciliation.disputes.disputes import Dispute
from payouts.reconciliation.marks import Mark
from payouts.reconciliation.movements import Movement
from payouts.reconciliation.postings import is_of_a_dispute
from payouts.sandbox import Sandbox
from payouts.stripe import walking


def now() -> datetime:
    """The stand-in's clock is the real one."""
    return datetime.now(UTC)


def walk(at: datetime | None = None) -> None:
    """One round of the sweep."""
    at = at or now()
    Mark.walk(at=at)
    for one in Movement.objects.due(at).order_by("moved_at", "pk"):
        if is_of_a_dispute(one):
            Dispute.hear(one.source, at=at)
        one.settle(at=at)


def client(sandbox: Sandbox) -> stripe.StripeClient:
    """Somebody at Stripe's own pages."""
    return stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})


def held() -> dict[str, int]:
    """What each kind of account has, in cents, without those that have nothing."""
    found: dict[str, int] = {}
    for account in Account.objects.with_balance():
        found[account.kind] = found.get(account.kind, 0) + account.balance
    return {kind: cents for kind, cents in found.items() if cents}


def difference() -> int:
    """Cents that Stripe has beyond the books."""
    return Check.compare(walking.balance_cents(), at=now()).difference


def states() -> dict[str, int]:
    """How many movements are in which state."""
    found: dict[str, int] = {}
    for state in Movement.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
