"""What is too small to be charged to a card: running the co-op bears it, and nobody waits for it."""

from datetime import datetime

from django.utils import timezone

from bookings.models import Visit
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import LEAST_CHARGE


def least_charge(at: datetime) -> int:
    """The least that a card is charged now, in cents (a policy, never below what Stripe takes)."""
    return LEAST_CHARGE.on(timezone.localdate(at))


def is_too_small(cents: int, *, at: datetime) -> bool:
    return 0 < cents < least_charge(at)


def bear(visit: Visit, *, kind: str, client: int, cents: int, at: datetime) -> None:
    """Running the co-op pays what a client would owe of a price, its rest or a fee. Twice is once."""
    move = Move(Account.fund(Account.Kind.OPERATIONS), Account.client(client), cents)
    Entry.post(key=f"borne:{visit.pk}:{kind}", kind=Entry.Kind.BORNE, at=at, moves=[move], visit=visit)
