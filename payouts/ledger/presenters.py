"""What the open books show, shaped for people."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum

from payouts.ledger.ledger import Account, Entry, Transfer

FUNDS = ("operations", "reserve", "upkeep")
HAD = ("client", "stripe", "bank", "disputes")
"""What the co-op has, or has to get: below zero in the books."""
Parts = list[tuple[str, int]]


def shares_in(transfers: "QuerySet[Transfer]") -> Parts:
    """Cents for those who did the work, and for each fund."""
    sums = dict(transfers.order_by().values_list("payee__kind").annotate(total=Sum("cents")))
    worker = sums.get(Account.Kind.PAY, 0)
    return [("worker", worker), *((name, sums.get(name, 0)) for name in FUNDS)]


@dataclass
class Month:
    """Where the money of a month went, in cents."""

    first: date
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("worker", *FUNDS), 0))
    tips: int = 0
    fees_earned: int = 0
    fees: int = 0
    given_back: int = 0
    topped_up: int = 0
    between: int = 0
    long_hours: int = 0
    broken_off: int = 0
    paid_out: int = 0
    expenses: int = 0
    came_in: int = 0

    @property
    def bar(self) -> Parts:
        return list(self.parts.items())

    @property
    def earned(self) -> int:
        """What clients were charged for visits, done or called off too late."""
        return sum(self.parts.values())

    @property
    def ways(self) -> dict[str, str]:
        """For each sum, what to look for in the books to find the transfers that it is made of."""
        last = (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        days = {"first": self.first.isoformat(), "last": last.isoformat()}
        return {name: urlencode({**days, **made_of}, doseq=True) for name, made_of in MADE_OF.items()}


def months(*, since: date) -> list[Month]:
    """Where each dollar went, month by month, newest first. One query."""
    found: dict[date, Month] = {}
    for row in Transfer.objects.by_month(since=since):
        month: Any = row["month"]
        _count(found.setdefault(month, Month(month)), row)
    return [found[first] for first in sorted(found, reverse=True)]


COUNTED_AS = {
    Entry.Kind.VISIT: "topped_up",  # beyond what its client paid
    Entry.Kind.BETWEEN: "between",
    Entry.Kind.FULL_WEEK: "long_hours",
    Entry.Kind.LONG_DAY: "long_hours",
    Entry.Kind.LEFT: "broken_off",
    Entry.Kind.TIP: "tips",
    Entry.Kind.PAYOUT: "paid_out",
    Entry.Kind.EXPENSE: "expenses",
    Entry.Kind.INCOME: "came_in",
    Entry.Kind.DEPOSIT: "came_in",
}
"""The sum of a Month in which a transfer of this kind is counted."""


SHARES = [Account.Kind.PAY, *FUNDS]
WAYS_BACK = [Account.Kind.STRIPE, Account.Kind.BANK, Account.Kind.CREDIT]
LONG_HOURS = [Entry.Kind.FULL_WEEK, Entry.Kind.LONG_DAY]
MADE_OF: dict[str, dict[str, Any]] = {
    "earned": {"kind": [Entry.Kind.VISIT, Entry.Kind.FEE], "payer": Account.Kind.CLIENT, "payee": SHARES},
    "tips": {"kind": Entry.Kind.TIP},
    "fees_earned": {"kind": Entry.Kind.FEE, "payee": SHARES},
    "topped_up": {"kind": Entry.Kind.VISIT, "payer": FUNDS},
    "between": {"kind": Entry.Kind.BETWEEN},
    "long_hours": {"kind": LONG_HOURS},
    "broken_off": {"kind": Entry.Kind.LEFT},
    "fees": {"kind": Entry.Kind.CAPTURE, "payer": Account.Kind.OPERATIONS},
    "given_back": {"kind": Entry.Kind.REFUND, "payee": WAYS_BACK},
    "paid_out": {"kind": Entry.Kind.PAYOUT},
    "expenses": {"kind": Entry.Kind.EXPENSE},
    "came_in": {"kind": [Entry.Kind.INCOME, Entry.Kind.DEPOSIT]},
}
"""The entries and the accounts at both ends of which each sum of a Month is made."""


def _count(month: Month, row: dict[str, Any]) -> None:
    kind, payer, payee, cents = row["entry__kind"], row["payer__kind"], row["payee__kind"], row["total"]
    name = "worker" if payee == Account.Kind.PAY else payee
    is_fee = kind == Entry.Kind.FEE
    if name in month.parts and (is_fee or (kind == Entry.Kind.VISIT and payer == Account.Kind.CLIENT)):
        month.parts[name] += cents
        month.fees_earned += cents if is_fee else 0
    elif counted := _counted_as(kind, payer, payee):
        setattr(month, counted, getattr(month, counted) + cents)


def _counted_as(kind: str, payer: str, payee: str) -> str | None:
    if kind == Entry.Kind.CAPTURE:
        return "fees" if payer == Account.Kind.OPERATIONS else None
    if kind == Entry.Kind.REFUND:
        return "given_back" if payee in WAYS_BACK else None
    return COUNTED_AS.get(Entry.Kind(kind))


def balances() -> dict[str, int]:
    """What the co-op has, owes and has to get, in cents, by kind of account; all of it above zero when well.

    `promised` is what clients have in hand: gift cards not used yet, and credit.
    """
    sums: dict[str, int] = defaultdict(int)
    for account in Account.objects.with_balance():
        sums[account.kind] += account.balance
    found = {
        kind: (-sums[kind] if kind in ("client", "stripe", "bank", "disputes") else sums[kind])
        for kind in Account.Kind.values
    }
    return found | {"promised": found["gifts"] + found["credit"]}
