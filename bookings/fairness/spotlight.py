"""Is the work shared fairly? Everybody's numbers over whole days that are over, for all members to read.

Numbers of households stand in none of them, and nothing differs between somebody who is kept away from a home and
somebody who had other work that day.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.fairness.override_statistics import Decisions, decisions
from bookings.fairness.statistics import days_there, jain, longest_wait
from bookings.fairness.tallies import A_DAY, Days, Plum, absences, asked_on, plum, received, wished_for
from coop.web.csv_export import sheet
from members.models import Member

PERIODS = (28, 90)
FOUR_WEEKS = 28
WEEKS = 26
"""How many weeks back the evenness is told, each time over the four weeks up to then."""


@dataclass(frozen=True)
class WorkShare:
    """What one member had (minutes) of what they asked for on the days on which they were there.

    It `counts` if they asked for work and were there for at least half of the days.
    """

    had: int
    asked: int
    counts: bool

    @property
    def share(self) -> Fraction | None:
        """The part of the work asked for that they had; None when they asked for none."""
        return Fraction(self.had, self.asked) if self.asked else None


Twice = tuple[WorkShare, WorkShare]
"""The parts of the last four weeks and of the four before."""


@dataclass(frozen=True)
class SpotlightRow:
    """One member in the spotlight: their part, minutes of plum work, the longest wait in days, requests by name."""

    member: Member
    part: WorkShare
    plum: int
    work: int
    wait: int
    requests: int

    @property
    def plum_share(self) -> Fraction | None:
        return Fraction(self.plum, self.work) if self.work else None


@dataclass(frozen=True)
class Week:
    """How even the four weeks up to a day were; None when nobody worked."""

    last: date
    index: float | None


@dataclass(frozen=True)
class Spotlight:
    """Everybody's numbers, smallest share first.

    `lately` and `before` are the parts of the two last times four weeks. `decided` are the turns that were decided
    otherwise in these days, `ever` those of the longest period.
    """

    days: Days
    rows: list[SpotlightRow]
    weeks: list[Week]
    plum: Plum
    lately: dict[int, WorkShare]
    before: dict[int, WorkShare]
    decided: list[Decisions]
    ever: list[Decisions]

    def twice(self) -> Iterator[tuple[Member, Twice]]:
        """Each member with their parts of the two last times four weeks."""
        return ((row.member, (self.lately[row.member.pk], self.before[row.member.pk])) for row in self.rows)

    @property
    def together(self) -> WorkShare:
        """What all had of what all asked for."""
        return WorkShare(sum(row.part.had for row in self.rows), sum(row.part.asked for row in self.rows), counts=True)

    @property
    def plum_share(self) -> Fraction | None:
        """The plum part of all work."""
        of = sum(self.plum.of.values())
        return Fraction(sum(self.plum.minutes.values()), of) if of else None

    @property
    def index(self) -> float | None:
        """Jain's index of these days."""
        return jain(row.part.share or 0 for row in self.rows if row.part.counts)

    @property
    def most(self) -> int:
        """The longest bar, in minutes."""
        return max((max(row.part.had, row.part.asked) for row in self.rows), default=0)

    @property
    def curve(self) -> list[str]:
        """The evenness by week as lines in a box of 1000 by 100, broken where nobody worked."""
        lines: list[list[str]] = [[]]
        for number, week in enumerate(self.weeks):
            if week.index is None:
                lines.append([])
            else:
                lines[-1].append(f"{1000 * number / (WEEKS - 1):.0f},{100 * (1 - week.index):.1f}")
        return [" ".join(line) for line in lines if line]


def spotlight(*, days: int, at: datetime) -> Spotlight:
    """The numbers of so many days up to yesterday. Nine queries, whatever the number of members and shifts."""
    today = timezone.localdate(at)
    members = list(Member.objects.here(today).select_related("user").prefetch_related("stretches"))
    book = _Book(members, Days.until(today - A_DAY, days=(WEEKS + 3) * 7), days=days)
    period = Days.until(today - A_DAY, days=days)
    best = plum(period)
    lately, ever = decisions(Days.until(today, days=max(PERIODS)), since=period.first)
    return Spotlight(
        days=period,
        rows=_rows(book, period, best),
        weeks=list(book.weeks()),
        plum=best,
        lately={member.pk: book.in_weeks(member, 0) for member in members},
        before={member.pk: book.in_weeks(member, 4) for member in members},
        decided=lately,
        ever=ever,
    )


def as_sheet(seen: Spotlight) -> str:
    """Everybody's numbers for a spreadsheet: hours with two decimals, shares as parts of one."""
    header = [_("Member"), _("Hours had"), _("Hours asked for"), _("Share"), _("Best-paid hours"), _("Their share")]
    rows = [
        [
            row.member.short_name,
            round(row.part.had / 60, 2),
            round(row.part.asked / 60, 2),
            _number(row.part.share),
            round(row.plum / 60, 2),
            _number(row.plum_share),
            row.wait,
            row.requests,
        ]
        for row in seen.rows
    ]
    return sheet(rows, [*header, _("Longest wait in days"), _("Requests by name")])


def _number(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 4)


class _Book:
    """Who was there and worked how much, by week."""

    def __init__(self, members: list[Member], whole: Days, *, days: int) -> None:
        away = absences(members, whole)
        self.members, self.whole, self.days = members, whole, days
        self.there = {member.pk: days_there(whole.first, whole.last, away[member.pk]) for member in members}
        self.weekly, self.late = received(whole, lately=days)

    def lately(self, member: Member) -> WorkShare:
        """The part of a member in the period."""
        return _part(member, self.late.get(member.pk, 0), self._there(member, self.days), self.days)

    def in_weeks(self, member: Member, week: int) -> WorkShare:
        """Their part in the four weeks up to `week` weeks ago."""
        minutes = self.weekly.get(member.pk, Counter())
        had = sum(minutes[week + number] for number in range(4))
        return _part(member, had, self._there(member, FOUR_WEEKS, until=7 * week), FOUR_WEEKS)

    def weeks(self) -> Iterator[Week]:
        """How even it was, oldest first."""
        for week in reversed(range(WEEKS)):
            parts = [self.in_weeks(member, week) for member in self.members]
            index = jain(part.had / part.asked for part in parts if part.counts)
            yield Week(self.whole.last - 7 * week * A_DAY, index)

    def _there(self, member: Member, days: int, *, until: int = 0) -> int:
        """On how many of so many days they were there, the last one being `until` days before the end."""
        return ((self.there[member.pk] >> (len(self.whole) - until - days)) & ((1 << days) - 1)).bit_count()


def _part(member: Member, had: int, there: int, days: int) -> WorkShare:
    asked = round(member.minutes_wanted * there / 7)
    working = member.means.hours_count
    return WorkShare(had, asked, counts=working and asked > 0 and 2 * there >= days)


def _rows(book: _Book, period: Days, best: Plum) -> list[SpotlightRow]:
    asked, wishes = asked_on(period), wished_for(period)
    rows = [
        SpotlightRow(
            member=member,
            part=book.lately(member),
            plum=best.minutes.get(member.pk, 0),
            work=best.of.get(member.pk, 0),
            wait=longest_wait(book.there[member.pk] >> len(book.whole) - len(period), asked.get(member.pk, 0)),
            requests=wishes[member.pk],
        )
        for member in book.members
    ]
    return sorted(rows, key=lambda row: (row.part.share is None, row.part.share or 0, str(row.member), row.member.pk))
