"""What each member is owed for the work of a span of days, from the books, before a pay run freezes it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from bookings.catalog.wages.floors import Floors
from bookings.models import Shift, Visit
from bookings.visits.pay import floor_at
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.supplements import Supplement
from payouts.ledger.worked_on import WorkedOn
from payouts.pay_kinds.pay_kinds import Kinds, PayKind
from payouts.payroll.lines import not_settled
from payouts.payroll.netting import Correction, take
from payouts.policies import MOST_CORRECTIONS

CORRECTIONS = (Entry.Kind.REFUND, Entry.Kind.REVERSAL)
FOR_VISITS = ("visit", "fee")
"""What of pay corrections can be taken from; what the law asks for beyond visits stays as it is."""


@dataclass
class Owed:
    """What one member is owed, before it is frozen: the transfers and what they sum to, in cents and minutes.

    `kind` says how the work of those days is paid (`PayKind`); None where nobody has said. `corrections` are what is
    still to be taken of it (`net`).
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
    corrections: list[Correction] = field(default_factory=list)
    given_back: int = 0

    def add(
        self, *, transfer: int, kind: str, cents: int, minutes: int = 0, visit: int | None = None, leaves: int = 0
    ) -> None:
        self.cents += cents
        self.minutes += minutes
        if kind == "tip":
            self.tip_cents += cents
        else:
            self.visit_cents += cents
        if visit is not None and kind == "visit":
            self.by_visit[visit][0] += cents
            self.by_visit[visit][1] += minutes
        facts: dict[str, int | str] = {"transfer_id": transfer, "kind": kind, "cents": cents, "minutes": minutes}
        self.lines.append(facts | {"leaves": leaves})

    def net(self, floors: dict[int, int], *, day: date) -> None:
        """Take the corrections off, as far as pay bears it: an hour at each visit still pays its floor, and of earlier
        work no more is taken than a part of this pay (a policy). The rest waits. What came back is free for them.
        """
        if not self.corrections:
            return
        least = sum(-(-minutes * floors[visit] // 60) for visit, (_cents, minutes) in self.by_visit.items())
        for_visits = sum(int(line["cents"]) for line in self.lines if line["kind"] in FOR_VISITS)
        room = min(max(0, for_visits - least) + self.given_back, max(0, self.visit_cents))
        part = MOST_CORRECTIONS.on(day) * (self.visit_cents - self.given_back)
        most = int(part) + self.given_back
        for one in take(self.corrections, room=room, most=most, tips=self.tip_cents):
            self.add(transfer=one.correction.transfer, kind=one.correction.kind, cents=one.cents, leaves=one.leaves)

    @property
    def least_per_hour(self) -> int | None:
        """The pay of the worst-paid visit, in cents an hour rounded down."""
        return min((cents * 60 // minutes for cents, minutes in self.by_visit.values() if minutes), default=None)


def owed_up_to(ends_on: date, *, before: datetime, at: datetime) -> list[Owed]:
    """What each member is owed for work up to `ends_on` that was written down by `before` and is in no pay run.

    Only earnings wait: what corrects them up to `at` is taken off at once, and with work that waits it waits itself.
    Whose way of being paid changed within these days is owed two sums: the work of each day is paid in that day's
    way, and so are its tips and corrections, however late they come (`WorkedOn`). Pay that was found at Stripe after a
    restore counts whatever the day: nobody knows which days it paid.
    """
    rows = _in_time(ends_on, before=before, at=at)
    minutes = _minutes({row.entry.visit_id for row in rows if row.entry.visit_id})
    kinds = Kinds({row.members.member_id for row in rows if row.members.member_id})
    paid_now = {_work_of(row) for row in rows if not _corrects(row)}
    people: dict[tuple[int, bool, bool], Owed] = {}
    for row in rows:
        member = row.members.member_id
        assert member is not None
        owed = _share(people, member, kinds.on(member, row.worked_on))
        _count(owed, row, minutes, earlier=_work_of(row) not in paid_now)
    floors = _floors(owed for owed in people.values() if owed.corrections)
    for owed in people.values():
        owed.net(floors, day=timezone.localdate(at))
    return [people[key] for key in sorted(people)]


def _in_time(ends_on: date, *, before: datetime, at: datetime) -> list[Transfer]:
    """What this run can take: earnings whose time for complaints is over, and what corrects any of its work."""
    either = Q(entry__effective_on__lte=ends_on) | Q(entry__kind__in=(*CORRECTIONS, Entry.Kind.RECOVERED))
    found = not_settled().filter(either, entry__posted_at__lte=at).select_related("entry__supplement", "payer", "payee")
    rows = list(found.annotate(worked_on=WorkedOn("entry")).order_by("entry__effective_on", "pk"))  # type: ignore[no-redef]
    late = [row for row in rows if _waits(row) and row.entry.posted_at > before]
    waiting = {_work_of(row) for row in late}
    return [
        row
        for row in rows
        if row not in late and (not _corrects(row) or (row.worked_on <= ends_on and _work_of(row) not in waiting))
    ]


def _waits(row: Transfer) -> bool:
    """Does it wait for complaints: is it neither a correction nor pay that was found at Stripe?"""
    return not _corrects(row) and row.entry.kind != Entry.Kind.RECOVERED


def _corrects(row: Transfer) -> bool:
    """Is it taken back of what was earned, or does it come back? What was paid already is neither."""
    return row.entry.kind in CORRECTIONS or (row.left < 0 and row.entry.kind != Entry.Kind.RECOVERED)


def _work_of(row: Transfer) -> tuple[int, str, int]:
    """The work that a row of an account is about: a visit, or else the entry itself or the one that it undoes."""
    entry = row.entry
    if entry.visit_id:
        return row.members.pk, "visit", entry.visit_id
    return row.members.pk, "entry", entry.reverses_id or entry.pk


def _count(owed: Owed, row: Transfer, minutes: dict[tuple[int | None, int | None], int], *, earlier: bool) -> None:
    entry, account = row.entry, row.members
    kind = _kind_of(entry, account)
    if row.left < 0 and _corrects(row):
        of_tips = account.kind == Account.Kind.TIPS
        owed.corrections.append(Correction(row.pk, kind, row.left, earlier, of_tips))
        return
    work = minutes.pop((entry.visit_id, account.member_id), 0) if kind == "visit" else entry.minutes
    owed.add(transfer=row.pk, kind=kind, cents=row.left, minutes=work, visit=entry.visit_id)
    if _corrects(row) and kind != "tip":
        owed.given_back += row.left


def _floors(people: Iterable[Owed]) -> dict[int, int]:
    """What an hour of each visit pays at least, of those from whose pay something is taken. Three queries."""
    numbers = {visit for owed in people for visit in owed.by_visit}
    if not numbers:
        return {}
    visits = Visit.objects.filter(pk__in=numbers).select_related("booking__home__zip", "booking__service")
    floors = Floors.on({visit.day for visit in visits})
    return {visit.pk: floor_at(visit, floors) for visit in visits}


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
