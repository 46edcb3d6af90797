"""Every movement of the co-op's balance at Stripe, and what a bank says of a dispute: read, never moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import stripe

from payouts.stripe.calls import ask, move
from payouts.stripe.gateway import Params

MOST_WORDS = 120


@dataclass(frozen=True)
class Moved:
    """One movement of the balance, as Stripe keeps it: `cents` and `fee` in cents; what leaves is below zero.

    `source` is what made it. `about` is the payment or the transfer that this was part of, `name` what we wrote on it.
    """

    id: str
    type: str
    category: str
    source: str
    about: str
    cents: int
    fee: int
    at: datetime
    words: str = ""
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disputed:
    """A card holder's bank takes a payment back. `state` and `reason` are Stripe's words; `due_by` is the deadline."""

    id: str
    payment: str
    cents: int
    reason: str
    state: str
    opened_at: datetime
    due_by: datetime | None
    answered: bool


def movements(*, since: datetime, before: datetime) -> list[Moved]:
    """What moved in the balance from `since` on and before `before`, oldest first."""
    asked: Params = {
        "created": {"gte": int(since.timestamp()), "lt": int(before.timestamp())},
        "limit": 100,
        "expand": ["data.source"],
    }
    found = ask(lambda v1: list(v1.balance_transactions.list(asked).auto_paging_iter()))  # type: ignore[arg-type]
    return [moved_of(one) for one in reversed(found)]


def balance_cents() -> int:
    """All that Stripe holds for the co-op: what can be spent now and what is on its way."""
    balance: Any = ask(lambda v1: v1.balance.retrieve())
    return sum(part.amount for part in [*balance.available, *balance.pending])


def dispute(id: str) -> Disputed:
    """The dispute as it is now."""
    return disputed_of(ask(lambda v1: v1.disputes.retrieve(id)))


def answer_dispute(id: str, *, evidence: Mapping[str, str], key: str) -> Disputed:
    """Send what we know to the bank; it can be sent once."""
    asked: Params = {"evidence": dict(evidence), "submit": True}
    return disputed_of(ask(lambda v1: v1.disputes.update(id, asked, {"idempotency_key": key})))  # type: ignore[arg-type]


def take_back(transfer: str, params: Params, *, key: str) -> "TakenBack":
    """Take back a transfer, or a part of it."""
    made = move(lambda v1: v1.transfers.reversals.create(transfer, params, {"idempotency_key": key}))  # type: ignore[arg-type]
    return taken_back_of(made)


@dataclass(frozen=True)
class TakenBack:
    """A reversal of a transfer as it is now; `whom` is the transfer."""

    id: str
    cents: int
    whom: str


def find_taken_back(transfer: str, *, named: Mapping[str, str]) -> TakenBack | None:
    """The reversal of this transfer that carries this name, if there is one."""
    asked: Params = {"limit": 100}
    made = ask(lambda v1: list(v1.transfers.reversals.list(transfer, asked).auto_paging_iter()))  # type: ignore[arg-type]
    mine = [one for one in made if named.items() <= _words_on(one).items()]
    return taken_back_of(mine[0]) if mine else None


def moved_of(one: stripe.BalanceTransaction) -> Moved:
    source: Any = one.source
    return Moved(
        id=one.id,
        type=one.type,
        category=one.reporting_category,
        source=_id(source),
        about=_id(getattr(source, "payment_intent", None) or getattr(source, "transfer", None)),
        cents=one.amount,
        fee=one.fee,
        at=datetime.fromtimestamp(one.created, UTC),
        words=(one.description or "")[:MOST_WORDS],
        name=_words_on(source),
    )


def disputed_of(one: stripe.Dispute) -> Disputed:
    due = one.evidence_details.due_by
    return Disputed(
        id=one.id,
        payment=_id(one.payment_intent),
        cents=one.amount,
        reason=one.reason,
        state=one.status,
        opened_at=datetime.fromtimestamp(one.created, UTC),
        due_by=datetime.fromtimestamp(due, UTC) if due else None,
        answered=bool(one.evidence_details.submission_count),
    )


def taken_back_of(made: stripe.Reversal) -> TakenBack:
    return TakenBack(made.id, made.amount, _id(made.transfer))


def _words_on(thing: Any) -> dict[str, str]:
    metadata = getattr(thing, "metadata", None)
    return {} if metadata is None else dict(metadata.to_dict())


def _id(thing: Any) -> str:
    return str(getattr(thing, "id", thing) or "")
