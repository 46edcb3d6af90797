"""What the pages about pay read: a few whole queries each, shaped for people."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.models import Shift
from members.models import Member
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.presenters import Parts, shares_in
from payouts.ledger.supplements import Supplement
from payouts.payroll.lines import SIGNED, Line
from payouts.payroll.payout_rows import SETTLED
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun


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
    paid = Line.objects.filter(transfer=OuterRef("pk"), payout__state__in=SETTLED)
    taken = paid.order_by().values("transfer").annotate(total=Sum("cents")).values("total")
    rows = Transfer.objects.filter(mine, ~Exists(paid.filter(leaves=0))).exclude(entry__kind=Entry.Kind.PAYOUT)
    rows = rows.annotate(left=SIGNED - Coalesce(Subquery(taken), 0))  # type: ignore[no-redef]
    about = ("entry__visit__booking__home", "entry__supplement", "payee")
    rows = rows.select_related(*about).order_by("-entry__effective_on", "-pk")[:200]
    minutes = _minutes(member, [row.entry.visit_id for row in rows])
    return [_work(row, member, minutes) for row in rows]


def _minutes(member: Member, visits: list[int | None]) -> dict[int | None, int]:
    shifts = Shift.objects.filter(member=member, visit__in=[visit for visit in visits if visit], state=Shift.State.DONE)
    return {shift.visit_id: shift.minutes for shift in shifts}


def _work(row: Transfer, member: Member, minutes: dict[int | None, int]) -> Work:
    kind = row.entry.kind
    place = row.entry.visit.booking.home.zip_id if row.entry.visit else ""
    spent = minutes.pop(row.entry.visit_id, 0) if kind == Entry.Kind.VISIT else row.entry.minutes
    supplement = getattr(row.entry, "supplement", None)
    return Work(row.entry.effective_on, kind, place, spent, row.left, supplement.said if supplement else "")


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
    lines = Line.objects.filter(payout__run=run, payout__through_firm=False, kind__in=Supplement.Kind.values)
    total: int = lines.aggregate(total=Sum("cents", default=0))["total"]
    return total


def paid_by_clients(payout: Payout) -> Parts:
    """Where the money went that clients paid for the visits of a statement: to its member, their crew, each fund."""
    entries = Entry.objects.filter(transfers__lines__payout=payout, kind__in=[Entry.Kind.VISIT, Entry.Kind.FEE])
    rows = Transfer.objects.filter(entry__in=entries, payer__kind=Account.Kind.CLIENT)
    mine = rows.filter(payee__member=payout.member_id).aggregate(total=Sum("cents", default=0))["total"]
    (_worker, everybody), *funds = shares_in(rows)
    return [("worker", mine), *([("crew", everybody - mine)] if everybody > mine else []), *funds]
