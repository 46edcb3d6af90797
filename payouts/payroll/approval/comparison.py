"""What is out of the ordinary in a pay run, held against each one's own usual, so that somebody looks there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from coop.money import dollars
from coop.templatetags.coop import hours
from payouts.ledger.worked_on import WorkedOn
from payouts.payroll.lines import Line
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun

RUNS = 6
"""So many runs before say what is usual for somebody."""
ENOUGH = 3
"""With fewer of their own nobody has a usual yet."""
MUCH = 50
"""Per cent by which hours may differ from somebody's usual without being pointed out."""
HOURS = 8 * 60
"""Minutes by which they may in any case."""
RATE = 20
"""Per cent by which the pay of an hour may differ from somebody's usual."""
CORRECTIONS = Q(lines__kind__in=[Line.Kind.REFUND, Line.Kind.CORRECTION])
TIPS_BACK = Q(lines__kind=Line.Kind.TIP, lines__cents__lt=0)


@dataclass(frozen=True)
class Sums:
    """Of one payout: minutes of work, cents for work before corrections, and cents of corrections."""

    minutes: int
    work_cents: int
    corrections: int

    @property
    def per_hour(self) -> int | None:
        """Cents an hour, for an hour of work at least."""
        return self.work_cents * 60 // self.minutes if self.minutes >= 60 else None


@dataclass(frozen=True)
class Usual:
    """The middle of somebody's last runs: half of them were more, half were less. `spread` is how far, in the middle,
    their hours were from it.
    """

    minutes: int
    spread: int
    per_hour: int | None
    corrections: int

    @classmethod
    def of(cls, runs: Collection[Sums]) -> "Usual | None":
        """None with too few runs."""
        if len(runs) < ENOUGH:
            return None
        minutes = _middle(run.minutes for run in runs)
        rates = [rate for run in runs if (rate := run.per_hour) is not None]
        return cls(
            minutes=minutes,
            spread=_middle(abs(run.minutes - minutes) for run in runs),
            per_hour=_middle(rates) if rates else None,
            corrections=_middle(run.corrections for run in runs),
        )


def out_of_the_ordinary(now: Sums, usual: Usual | None, *, late: int) -> list[str]:
    """In words, what is odd about a payout; nothing if it is as usual. `late` are minutes of days before the run."""
    said = [_said_of_hours(now, usual, late), _said_of_pay(now, usual), _said_of_corrections(now, usual)]
    return [words for words in said if words]


def odd_in(run: PayRun) -> dict[int, list[str]]:
    """What is odd about each payout of a run, by its number; what is as usual is left out. Four queries."""
    before = list(PayRun.objects.counting().filter(ends_on__lt=run.starts_on).order_by("-ends_on")[:RUNS])
    now, past = _sums([run.pk]), _sums([one.pk for one in before])
    own = defaultdict(list)
    for (_run, member, firm, _pk), sums in past.items():
        own[member, firm].append(sums)
    late, found = _late(run), {}
    for (_run, member, firm, pk), sums in now.items():
        said = out_of_the_ordinary(sums, Usual.of(own[member, firm]), late=late.get(pk, 0))
        if before and not own[member, firm]:
            said.append(_("for the first time, or after a long while"))
        if said:
            found[pk] = said
    return found


def change(run: PayRun) -> str:
    """By how many per cent more it pays than the run before: +3% or −12%; a dash for the first run. Three queries."""
    before = run.previous()
    was, now = (_total(one) if one else 0 for one in (before, run))
    return _signed_percent(round(100 * (now - was) / was)) if was else "–"


def _total(run: PayRun) -> int:
    total: int = run.payouts.by_us().aggregate(total=Sum("cents", default=0))["total"]
    return total


def _signed_percent(number: int) -> str:
    return f"{'−' if number < 0 else '+'}{abs(number)}%"


def _middle(numbers: Iterable[int]) -> int:
    return round(median(numbers))


def _said_of_hours(now: Sums, usual: Usual | None, late: int) -> str:
    if usual is None or not _much(now.minutes, usual.minutes, MUCH):
        return ""
    if abs(now.minutes - usual.minutes) <= max(HOURS, 3 * usual.spread):
        return ""
    said = _("%(now)s, usually %(usual)s")
    if late:
        said = _("%(now)s, usually %(usual)s; %(late)s of it from days before")
    return said % {"now": hours(now.minutes), "usual": hours(usual.minutes), "late": hours(late)}


def _said_of_pay(now: Sums, usual: Usual | None) -> str:
    rate, before = now.per_hour, usual and usual.per_hour
    if not rate or not before or not _much(rate, before, RATE):
        return ""
    return _("%(now)s an hour, usually %(usual)s") % {"now": dollars(rate), "usual": dollars(before)}


def _said_of_corrections(now: Sums, usual: Usual | None) -> str:
    if now.corrections == (usual.corrections if usual else 0):
        return ""
    return _("corrections of %(cents)s") % {"cents": dollars(now.corrections)}


def _much(now: int, before: int, per_cent: int) -> bool:
    return abs(now - before) * 100 > per_cent * before


def _sums(runs: list[int]) -> dict[tuple[int, int, bool, int], Sums]:
    """By run, member, way of being paid, and number of the payout."""
    corrections = Sum("lines__cents", filter=CORRECTIONS, default=0)
    tips_back = Sum("lines__cents", filter=TIPS_BACK, default=0)
    rows = Payout.objects.filter(run__in=runs).exclude(state=Payout.State.WITHDRAWN).order_by()
    who = ("run", "member", "through_firm", "pk")
    return {
        (run, member, firm, pk): Sums(minutes, cents - corrected, corrected + tips)
        for run, member, firm, pk, minutes, cents, corrected, tips in rows.annotate(
            corrected=corrections, tips_back=tips_back
        ).values_list(*who, "minutes", "visit_cents", "corrected", "tips_back")
    }


def _late(run: PayRun) -> dict[int, int]:
    """Minutes of work of days before the run, by payout."""
    first: date = run.starts_on
    lines = Line.objects.filter(payout__run=run, minutes__gt=0).annotate(day=WorkedOn(F("transfer__entry")))
    return dict(lines.filter(day__lt=first).order_by().values_list("payout").annotate(Sum("minutes")))
