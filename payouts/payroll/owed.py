"""What each member is owed for the work of a span of days, from the books, before a pay run freezes it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from bookings.models import Shift
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.supplements import Supplement
from payouts.ledger.worked_on import WorkedOn
from payouts.pay_kinds.pay_kinds import Kinds, PayKind


@dataclass
class Owed:
    """What one member is owed, before it is frozen: the transfers and what they sum to, in cents and minutes.

    `kind` says how the work of those days is paid (`PayKind`); None where nobody has said.
    """

    member: int
    kind: str | None = None
    through_firm: bool = False
    cents: int = 0
    visit_cents: int = 0
    tip_cents: int = 0
    minutes: int = 0
    lines: list[dict[str, int | str]] = field(default_factory=list)
    by_visit: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, *, transfer: int, kind: str, cents: int, minutes: int, visit: int | None) -> None:
        self.cents += cents
        self.minutes += minutes
        if kind == "tip":
            self.tip_cents += cents
        else:
            self.visit_cents += cents
        if visit is not None and kind == "visit":
            self.by_visit[visit][0] += cents
            self.by_visit[visit][1] += minutes
        self.lines.append({"transfer_id": transfer, "kind": kind, "cents": cents, "minutes": minutes})

    @property
    def least_per_hour(self) -> int | None:
        """The pay of the worst-paid visit, in cents an hour rounded down."""
        return min((cents * 60 // minutes for cents, minutes in self.by_visit.values() if minutes), default=None)


def owed_up_to(ends_on: date, *, before: datetime) -> list[Owed]:
    """What each member is owed for entries up to `ends_on` that were posted by `before` and are in no pay run.

    Whose way of being paid changed within these days is owed two sums: the work of each day is paid in that day's
    way, and so are its tips and corrections, however late they come (`WorkedOn`). Pay that was found at Stripe after a
    restore counts whatever the day: nobody knows which days it paid.
    """
    rows = list(
        Transfer.objects.of_members()  # type: ignore[no-redef]
        .filter(Q(entry__kind=Entry.Kind.RECOVERED) | Q(entry__effective_on__lte=ends_on, entry__posted_at__lte=before))
        .filter(line__isnull=True)
        .exclude(entry__kind=Entry.Kind.PAYOUT)
        .select_related("entry__supplement", "payer", "payee")
        .annotate(worked_on=WorkedOn("entry"))
        .order_by("entry__effective_on", "pk")
    )
    minutes = _minutes({row.entry.visit_id for row in rows if row.entry.visit_id})
    kinds = Kinds({account.member_id for row in rows for account in (row.payer, row.payee) if account.member_id})
    people: dict[tuple[int, bool, bool], Owed] = {}
    for row in rows:
        received = row.payee.member_id is not None
        account = row.payee if received else row.payer
        assert account.member_id is not None
        owed = _share(people, account.member_id, kinds.on(account.member_id, row.worked_on))
        kind = _kind_of(row.entry, account)
        work = minutes.pop((row.entry.visit_id, account.member_id), 0) if kind == "visit" else row.entry.minutes
        cents = row.cents if received else -row.cents
        owed.add(transfer=row.pk, kind=kind, cents=cents, minutes=work, visit=row.entry.visit_id)
    return [people[key] for key in sorted(people)]


def _share(people: dict[tuple[int, bool, bool], Owed], member: int, kind: str | None) -> Owed:
    firm = kind == PayKind.Kind.WAGES
    return people.setdefault((member, firm, kind is None), Owed(member, kind, firm))


def _kind_of(entry: Entry, account: Account) -> str:
    if account.kind == Account.Kind.TIPS:
        return "tip"
    known = (Entry.Kind.VISIT, Entry.Kind.FEE, Entry.Kind.REFUND, *Supplement.Kind)
    return str(entry.kind) if entry.kind in known else "correction"


def _minutes(visits: set[int]) -> dict[tuple[int | None, int | None], int]:
    """Minutes of work by visit and member; each is counted with the first line of that visit."""
    done = Shift.objects.filter(visit__in=visits, state=Shift.State.DONE)
    shifts = done.only("visit", "member", "starts_at", "ends_at")
    return {(shift.visit_id, shift.member_id): shift.minutes for shift in shifts}
