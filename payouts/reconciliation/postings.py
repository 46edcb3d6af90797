"""What each type of movement at Stripe is in the books: an entry that is there already, or one that is posted for it.

What we ask Stripe for ourselves (charges, refunds, transfers) has its own row, which writes the entry; it is only
linked here. What happens by itself, or on Stripe's own pages, is posted here. What is neither waits for a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bookings.models import Visit
from coop.models import Installation
from payouts.charges.charges import Charge
from payouts.charges.refunds import Refund
from payouts.ledger.ledger import Account, Entry, Move, Transfer
from payouts.payroll.payouts import Payout
from payouts.reconciliation.disputes.disputes import Dispute
from payouts.reconciliation.take_backs import TakeBack

if TYPE_CHECKING:
    from payouts.reconciliation.movements import Movement

CHARGES = ("charge", "payment")
REFUNDS = ("refund", "payment_refund")
BACK_FROM_THE_CARD = ("refund_failure", "payment_failure_refund")
TRANSFERS_BACK = ("transfer_refund", "transfer_failure", "transfer_cancel")
TO_THE_BANK = ("payout", "payout_failure", "payout_cancel", "topup", "topup_reversal")
STRIPES_FEES = ("stripe_fee", "stripe_fx_fee", "tax_fee")


@dataclass(frozen=True)
class Posting:
    """What is written into the books for a movement."""

    kind: str
    moves: list[Move]
    visit: Visit | None = None
    charge: Charge | None = None


def comes_by_itself(movement: "Movement") -> bool:
    """Is something on its way that will bring it into the books?"""
    return movement.type in (*CHARGES, *REFUNDS, *BACK_FROM_THE_CARD, *TRANSFERS_BACK, "transfer", "adjustment")


def is_foreign(movement: "Movement") -> bool:
    """Did another installation on the same account make it, or what it is part of?"""
    if whose := movement.name.get("installation"):
        return bool(whose != Installation.ours())
    rows = type(movement).objects.filter(state=movement.State.FOREIGN).exclude(pk=movement.pk)
    first = rows.filter(about=movement.about) | rows.filter(source=movement.about)
    return bool(movement.about) and first.exists()


def known(movement: "Movement") -> Entry | None:
    """The entry that stands in the books for it already."""
    keys = [movement.key, *_KEYS.get(movement.type, _no_key)(movement)]
    return Entry.objects.filter(key__in=keys).order_by("pk").first()


def posting_for(movement: "Movement") -> Posting | None:
    """What is to be posted for it by its type; None where nobody knows, or where something else will bring it."""
    return _POSTINGS.get(movement.type, _nothing)(movement)


# What is there already


def _no_key(_movement: "Movement") -> list[str]:
    return []


def _of_charge(movement: "Movement") -> list[str]:
    return [f"recovered:{movement.about}"]


def _of_refund(movement: "Movement") -> list[str]:
    return [f"recovered:{movement.source}", *_refund_keys(movement)]


def _refund_keys(movement: "Movement") -> list[str]:
    """By what Stripe calls it; a refund that was tried again is called otherwise, and the first by what it says."""
    if found := Refund.objects.filter(refund=movement.source).first():
        return [found.entry_key]
    if not {"number", "number_of_try"} <= movement.name.keys():
        return []
    rows = Refund.objects.filter(charge__intent=movement.about).order_by("pk")
    numbered = dict(enumerate(rows, start=1)).get(int(movement.name["number"]))
    return [numbered.key_of_try(int(movement.name["number_of_try"]))] if numbered else []


def _of_refund_that_came_back(movement: "Movement") -> list[str]:
    """The correction of the refund's entry."""
    undone = Entry.objects.filter(key__in=_refund_keys(movement)).values("reversed_by__key")
    return [row["reversed_by__key"] for row in undone if row["reversed_by__key"]]


def _of_transfer(movement: "Movement") -> list[str]:
    rows = Payout.objects.filter(transfer=movement.source)
    return [f"recovered:{movement.source}", *(f"payout:{pk}" for pk in rows.values_list("pk", flat=True))]


def _of_transfer_back(movement: "Movement") -> list[str]:
    return [one.entry_key for one in TakeBack.objects.filter(reversal=movement.source)]


_KEYS: dict[str, Callable[["Movement"], list[str]]] = {
    **dict.fromkeys(CHARGES, _of_charge),
    **dict.fromkeys(REFUNDS, _of_refund),
    **dict.fromkeys(BACK_FROM_THE_CARD, _of_refund_that_came_back),
    **dict.fromkeys(TRANSFERS_BACK, _of_transfer_back),
    "transfer": _of_transfer,
}


# What is posted


def _nothing(_movement: "Movement") -> None:
    return None


def between(account: Account, other: Account, cents: int) -> Move:
    """`cents` from one to the other; below zero the other way."""
    return Move(account, other, cents) if cents >= 0 else Move(other, account, -cents)


def _stripe() -> Account:
    return Account.fund(Account.Kind.STRIPE)


def from_and_fee(movement: "Movement", account: Account) -> list[Move]:
    """What moved between Stripe and an account, and Stripe's fee, which running the co-op pays."""
    fee = between(Account.fund(Account.Kind.OPERATIONS), _stripe(), movement.fee_cents)
    return [between(_stripe(), account, movement.cents), fee]


def _bank(movement: "Movement") -> Posting:
    return Posting(Entry.Kind.BANK, from_and_fee(movement, Account.fund(Account.Kind.BANK)))


def _stripes_fee(movement: "Movement") -> Posting:
    return Posting(Entry.Kind.STRIPE_FEE, from_and_fee(movement, Account.fund(Account.Kind.OPERATIONS)))


def _dispute(movement: "Movement") -> Posting | None:
    held = Dispute.objects.filter(dispute=movement.source).first() if is_of_a_dispute(movement) else None
    if held is None:
        return None
    charge = held.charge
    visit = charge.visit if charge else None
    return Posting(Entry.Kind.DISPUTE, from_and_fee(movement, held.account), visit, charge)


def followed_up(movement: "Movement", *, at: datetime) -> None:
    """What a bank took for a dispute that is lost already is borne at once."""
    for held in Dispute.objects.filter(dispute=movement.source, state=Dispute.State.LOST):
        held.lock()
        held.bear_it(at=at)


def is_of_a_dispute(movement: "Movement") -> bool:
    """Did a bank take or give back money for a dispute?"""
    return movement.type == "adjustment" and movement.category.startswith("dispute")


def _refund(movement: "Movement") -> Posting | None:
    """Given back on Stripe's own pages: running the co-op bears it, as with our own unless somebody says otherwise.

    Of our own only one that came back before it was ever written down: it goes through the client's account, and back.
    """
    charge = Charge.objects.filter(intent=movement.about).first() if movement.about else None
    if charge is None or charge.refunds.in_hand().exists():
        return None
    owed, operations = Account.client(charge.client_id), Account.fund(Account.Kind.OPERATIONS)
    if not movement.name.get("installation"):
        moves = [*from_and_fee(movement, owed), between(operations, owed, -movement.cents)]
        return Posting(Entry.Kind.REFUND, moves, charge.visit, charge)
    if _came_back(movement):
        return Posting(Entry.Kind.REFUND, from_and_fee(movement, owed), charge.visit, charge)
    return None


def _came_back(movement: "Movement") -> bool:
    rows = type(movement).objects.filter(type__in=BACK_FROM_THE_CARD, source=movement.source)
    return rows.filter(cents=-movement.cents).exists()


def _refund_that_came_back(movement: "Movement") -> Posting | None:
    """The same the other way, where the refund itself was posted here."""
    first = type(movement).objects.filter(type__in=REFUNDS, source=movement.source, entry__isnull=False).first()
    if first is None or first.entry is None or first.entry.key != first.key:
        return None
    return _mirrored(first.entry)


def _mirrored(entry: Entry) -> Posting:
    rows = entry.transfers.select_related("payer", "payee")
    moves = [Move(row.payee, row.payer, row.cents) for row in rows]
    return Posting(Entry.Kind.REFUND, moves, entry.visit, entry.charge)


def _taken_back_by_hand(movement: "Movement") -> Posting | None:
    """A transfer was taken back on Stripe's own pages: what it paid is owed again."""
    if TakeBack.objects.in_hand().filter(payout__transfer=movement.about).exists():
        return None
    keys = [f"recovered:{movement.about}"]
    keys += [f"payout:{pk}" for pk in Payout.objects.filter(transfer=movement.about).values_list("pk", flat=True)]
    paid = Transfer.objects.filter(entry__key__in=keys, payer__member__isnull=False).select_related("payer").first()
    if paid is None or paid.payer.member_id is None:
        return None
    return Posting(Entry.Kind.TAKEN_BACK, from_and_fee(movement, Account.pay(paid.payer.member_id)))


_POSTINGS: dict[str, Callable[["Movement"], Posting | None]] = {
    **dict.fromkeys(TO_THE_BANK, _bank),
    **dict.fromkeys(STRIPES_FEES, _stripes_fee),
    **dict.fromkeys(REFUNDS, _refund),
    **dict.fromkeys(BACK_FROM_THE_CARD, _refund_that_came_back),
    **dict.fromkeys(TRANSFERS_BACK, _taken_back_by_hand),
    "adjustment": _dispute,
}
