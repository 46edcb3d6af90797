"""What the pages about money read: a few whole queries each, shaped for people."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from bookings.models import Client, Shift, Visit
from members.models import Member
from payouts.models import Account, Entry, Line, Payout, PayRun, Supplement, Transfer

FUNDS = ("operations", "reserve", "upkeep")
Parts = list[tuple[str, int]]


@dataclass(frozen=True)
class Work:
    """One line about a member's work: what it was, how long, what it pays in cents.

    `beyond` says in words what is paid beyond visits.
    """

    day: date
    kind: str
    place: str
    minutes: int
    cents: int
    beyond: str = ""


def balances_of(member: Member) -> tuple[int, int]:
    """What is owed to a member now, in cents: for visits, and tips."""
    accounts = Account.objects.filter(member=member).with_balance()
    found = {account.kind: account.balance for account in accounts}
    return found.get(Account.Kind.PAY, 0), found.get(Account.Kind.TIPS, 0)


def unpaid_work(member: Member) -> list[Work]:
    """What a member's balance is made of, newest first."""
    accounts = [account.pk for account in Account.objects.filter(member=member)]
    mine = Q(payee__in=accounts) | Q(payer__in=accounts)
    unpaid = Q(line__isnull=True) | ~Q(line__payout__state=Payout.State.SENT)
    rows = Transfer.objects.filter(mine, unpaid).exclude(entry__kind=Entry.Kind.PAYOUT)
    about = ("entry__visit__booking__home", "entry__supplement", "payee")
    rows = rows.select_related(*about).order_by("-entry__effective_on", "-pk")[:200]
    minutes = _minutes(member, [row.entry.visit_id for row in rows])
    return [_work(row, member, minutes) for row in rows]


def _minutes(member: Member, visits: list[int | None]) -> dict[int | None, int]:
    shifts = Shift.objects.filter(member=member, visit__in=[visit for visit in visits if visit], state="done")
    return {shift.visit_id: shift.minutes for shift in shifts}


def _work(row: Transfer, member: Member, minutes: dict[int | None, int]) -> Work:
    received = row.payee.member_id == member.pk
    kind = row.entry.kind
    place = row.entry.visit.booking.home.zip_id if row.entry.visit else ""
    spent = minutes.pop(row.entry.visit_id, 0) if kind == Entry.Kind.VISIT else row.entry.minutes
    supplement, cents = getattr(row.entry, "supplement", None), row.cents if received else -row.cents
    return Work(row.entry.effective_on, kind, place, spent, cents, supplement.said if supplement else "")


def statement_lines(payout: Payout) -> "QuerySet[Line]":
    """The lines of a statement in the order of the days."""
    rows = payout.lines.select_related("transfer__entry__visit__booking__home", "transfer__entry__supplement")
    return rows.order_by("transfer__entry__effective_on", "pk")


def pay_parts(payout: Payout) -> list[tuple[str, int]]:
    """What a statement's pay without tips is made of: visits (with fees and corrections), then what came on top."""
    lines = payout.lines.filter(kind__in=Supplement.Kind.values)
    beyond = dict(lines.order_by().values_list("kind").annotate(total=Sum("cents")))
    visits = (_("Visits"), payout.visit_cents - sum(beyond.values()))
    return [visits, *((str(kind.label), beyond[kind]) for kind in Supplement.Kind if kind in beyond)]


def beyond_visits(run: PayRun) -> int:
    """What a pay run pays for time between visits, full weeks and long days, in cents."""
    lines = Line.objects.filter(payout__run=run, kind__in=Supplement.Kind.values)
    total: int = lines.aggregate(total=Sum("cents", default=0))["total"]
    return total


def paid_by_clients(payout: Payout) -> Parts:
    """Where the money went that clients paid for the visits of a statement: to its member, their crew, each fund."""
    entries = Entry.objects.filter(transfers__line__payout=payout, kind__in=[Entry.Kind.VISIT, Entry.Kind.FEE])
    rows = Transfer.objects.filter(entry__in=entries, payer__kind=Account.Kind.CLIENT)
    mine = rows.filter(payee__member=payout.member_id).aggregate(total=Sum("cents", default=0))["total"]
    (_worker, everybody), *funds = _parts(rows)
    return [("worker", mine), *([("crew", everybody - mine)] if everybody > mine else []), *funds]


@dataclass(frozen=True)
class CreditLine:
    """What came to a client's credit, or went from it (below zero), in cents."""

    day: date
    kind: str
    cents: int


def credit_lines(client: Client) -> list[CreditLine]:
    """The whole of a client's credit, newest first."""
    code = Account.credit(client.pk).code
    rows = Transfer.objects.filter(Q(payee__code=code) | Q(payer__code=code)).select_related("entry", "payee")
    return [
        CreditLine(
            row.entry.effective_on, row.entry.get_kind_display(), row.cents if row.payee.code == code else -row.cents
        )
        for row in rows.order_by("-entry__effective_on", "-pk")
    ]


def receipt_parts(visit: Visit) -> Parts:
    """Where each cent of a visit's price went, or of the fee for it."""
    mine = Transfer.objects.filter(entry__visit=visit, entry__kind__in=[Entry.Kind.VISIT, Entry.Kind.FEE])
    return _parts(mine.filter(payer__kind=Account.Kind.CLIENT))


def _parts(transfers: "QuerySet[Transfer]") -> Parts:
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

    @property
    def bar(self) -> Parts:
        return list(self.parts.items())

    @property
    def earned(self) -> int:
        """What clients were charged for visits, done or called off too late."""
        return sum(self.parts.values())


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
}
"""The sum of a Month in which a transfer of this kind is counted."""


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
        return "given_back" if payee == Account.Kind.STRIPE else None
    return COUNTED_AS.get(Entry.Kind(kind))


def balances() -> dict[str, int]:
    """What the co-op has, owes and has to get, in cents, by kind of account; all of it above zero when well.

    `promised` is what clients have in hand: gift cards not used yet, and credit.
    """
    sums: dict[str, int] = defaultdict(int)
    for account in Account.objects.with_balance():
        sums[account.kind] += account.balance
    found = {
        kind: (-sums[kind] if kind in ("client", "stripe", "bank") else sums[kind]) for kind in Account.Kind.values
    }
    return found | {"promised": found["gifts"] + found["credit"]}
