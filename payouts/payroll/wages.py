"""Wages that a payroll firm pays: hours and sums by person and week, as rows of a table."""

from collections import defaultdict
from datetime import date, timedelta

from payouts.ledger.work_week import monday_of
from payouts.ledger.worked_on import WorkedOn
from payouts.payroll.lines import Line

HEADER = [
    "member",
    "name",
    "week from",
    "week to",
    "minutes",
    "hours",
    "pay in cents",
    "tips in cents",
    "total in cents",
]
"""In English in every language: other programs read it."""


def wages_of(run_id: int) -> list[list[object]]:
    """One row for each person and week of work (Monday to Sunday) in a pay run, by name and week. One query.

    What came later for the work of an earlier week stands in a row of that week, below zero if it was taken back.
    `hours` are the minutes as a number with two places.
    """
    lines = Line.objects.filter(payout__run=run_id, payout__through_firm=True)
    sums: dict[tuple[str, int, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    who = ("payout__member__user__name", "payout__member", WorkedOn("transfer__entry"))
    for name, member, day, kind, minutes, cents in lines.order_by("pk").values_list(*who, "kind", "minutes", "cents"):
        found = sums[name, member, monday_of(day)]
        found[0] += minutes
        found[2 if kind == Line.Kind.TIP else 1] += cents
    return [_row(*key, *found) for key, found in sorted(sums.items())]


def _row(name: str, member: int, monday: date, minutes: int, pay: int, tips: int) -> list[object]:
    hours = f"{minutes / 60:.2f}"
    return [member, name, monday, monday + timedelta(days=6), minutes, hours, pay, tips, pay + tips]
