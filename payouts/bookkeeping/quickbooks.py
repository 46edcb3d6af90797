"""The entries of a month as a table that QuickBooks Online takes in: journal entries, each in balance."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from payouts.ledger.ledger import Account, Entry, Transfer

HEADER = ["JournalNo", "JournalDate", "AccountName", "Debits", "Credits", "Description", "Name"]
"""In English in every language: other programs read it."""

ACCOUNTS: dict[str, str] = {
    Account.Kind.CLIENT: "Accounts Receivable:Clients",
    Account.Kind.PAY: "Payable to Members:Work",
    Account.Kind.TIPS: "Payable to Members:Tips",
    Account.Kind.OPERATIONS: "Funds:Running the Co-op",
    Account.Kind.RESERVE: "Funds:Shared Reserve",
    Account.Kind.UPKEEP: "Funds:Software Upkeep",
    Account.Kind.GIFTS: "Owed to Clients:Gift Cards",
    Account.Kind.CREDIT: "Owed to Clients:Credit",
    Account.Kind.STRIPE: "Bank:Stripe",
    Account.Kind.BANK: "Bank:Checking",
}
"""Parent and sub-account of each kind of account; all clients are one."""
BY_HAND = (Entry.Kind.EXPENSE, Entry.Kind.INCOME, Entry.Kind.MOVED, Entry.Kind.DEPOSIT)
"""Their notes are for all members and name no client; other notes are for those who see the visit."""


def month_of(first: date) -> tuple[date, date]:
    """The first and last day of the month that a day is in."""
    first = first.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def journal(first: date) -> Iterator[list[object]]:
    """The rows of a month, entry by entry: what an account gave is its debit, what it received its credit.

    `JournalNo` is the number of the entry. Names are those of members whom we owe; no client is named. One query.
    """
    rows = Transfer.objects.filter(entry__effective_on__range=month_of(first)).order_by("entry", "pk")
    about = ("entry__reverses", "payer__member__user", "payee__member__user")
    entry, sums = None, defaultdict[tuple[str, str], int](int)
    for row in rows.select_related(*about).iterator(chunk_size=2000):
        if entry is not None and entry.pk != row.entry_id:
            yield from _rows(entry, sums)
            sums.clear()
        entry = row.entry
        sums[_side(row.payer)] -= row.cents
        sums[_side(row.payee)] += row.cents
    if entry is not None:
        yield from _rows(entry, sums)


def _side(account: Account) -> tuple[str, str]:
    named = ACCOUNTS.get(account.kind, f"Other:{account.kind.replace('_', ' ').title()}")
    return named, account.member.user.name if account.member else ""


def _rows(entry: Entry, sums: dict[tuple[str, str], int]) -> Iterator[list[object]]:
    day = entry.effective_on.strftime("%m/%d/%Y")
    for (account, name), cents in sums.items():
        if cents:
            debit, credit = (_amount(-cents), "") if cents < 0 else ("", _amount(cents))
            yield [entry.pk, day, account, debit, credit, _described(entry), name]


def _described(entry: Entry) -> str:
    shown = entry.reverses or entry
    return f"{entry.key}: {entry.memo}" if entry.memo and shown.kind in BY_HAND else entry.key


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
