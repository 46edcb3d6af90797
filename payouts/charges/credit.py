"""What a client has in hand with us, from gift cards and invitations: it pays visits before the card does."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from bookings.models import Client, Visit
from payouts.ledger.ledger import Account, Entry, Move, Transfer


def credit_of(client: Client) -> int:
    """Cents that the client can still spend."""
    account = Account.objects.filter(code=Account.credit(client.pk).code).with_balance().first()
    return account.balance if account else 0


def spend_credit(visit: Visit, *, at: datetime) -> int:
    """Pay as much of a completed visit's price as the client has credit for; cents. Twice is once.

    The account is locked, so two visits completed at one moment never spend the same cent.
    """
    client = visit.booking.client
    account = Account.credit(client.pk)
    if Account.objects.select_for_update().filter(code=account.code).first() is None:
        return 0
    key = f"credit:{visit.pk}"
    if not Entry.objects.filter(key=key).exists() and (cents := min(credit_of(client), visit.cents)):
        Entry.post(
            key=key,
            kind=Entry.Kind.CREDIT,
            effective_on=visit.day,
            at=at,
            moves=[Move(account, Account.client(client.pk), cents)],
            visit=visit,
        )
    return credit_spent(visit)


def credit_spent(visit: Visit) -> int:
    """Cents of a visit's price that credit has paid."""
    entry = Entry.objects.filter(key=f"credit:{visit.pk}").prefetch_related("transfers").first()
    return sum(row.cents for row in entry.transfers.all()) if entry else 0


@dataclass(frozen=True)
class CreditLine:
    """What came to a client's credit, or went from it (below zero), in cents."""

    day: date
    kind: str
    cents: int


def credit_lines(client: Client) -> list[CreditLine]:
    """The whole of a client's credit, newest first."""
    account = Account.objects.filter(code=Account.credit(client.pk).code).first()
    if account is None:
        return []
    rows = Transfer.objects.filter(Q(payee=account) | Q(payer=account)).select_related("entry")
    return [
        CreditLine(
            row.entry.effective_on,
            row.entry.get_kind_display(),
            row.cents if row.payee_id == account.pk else -row.cents,
        )
        for row in rows.order_by("-entry__effective_on", "-pk")
    ]
