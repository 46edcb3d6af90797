"""The co-op's week as the office sees it: every shift by who has it or by where it is, unfilled ones first."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.states import BookingState, ShiftState
from bookings.turns.offers.offers import Offer
from bookings.visits.shifts.shifts import Shift
from members.models import Leave, Member

A_DAY = timedelta(days=1)
SHOWN = (ShiftState.OPEN, ShiftState.OFFERED, ShiftState.ACCEPTED, ShiftState.STARTED, ShiftState.DONE)
UNFILLED = (ShiftState.OPEN, ShiftState.OFFERED)


@dataclass(frozen=True)
class Cell:
    """One day of one row. `off`: this person takes the day off."""

    day: date
    shifts: list[Shift]
    off: bool = False


@dataclass(frozen=True)
class WeekRow:
    """A person's week, or an area's, or that of the shifts that nobody has yet (`wanted`)."""

    name: str
    cells: list[Cell]
    wanted: bool = False


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday."""

    first: date
    shifts: list[Shift]
    rows: list[WeekRow] = field(default_factory=list)

    @property
    def days(self) -> list[date]:
        return [self.first + number * A_DAY for number in range(7)]

    @property
    def before(self) -> date:
        return self.first - 7 * A_DAY

    @property
    def after(self) -> date:
        return self.first + 7 * A_DAY

    @property
    def by_day(self) -> list[Cell]:
        """Each day with all its shifts, unfilled ones first, for a narrow page."""
        found = _by_day(sorted(self.shifts, key=lambda shift: (shift.state not in UNFILLED, shift.starts_at, shift.pk)))
        return [Cell(day, found.get(day, [])) for day in self.days]


def week_of(day: date, *, by_area: bool) -> Week:
    """The week in which a day lies. Four or five queries, whatever the number of shifts."""
    first = day - day.weekday() * A_DAY
    shifts = _shifts(first)
    week = Week(first, shifts)
    wanted = [shift for shift in shifts if shift.state in UNFILLED]
    others = [shift for shift in shifts if shift.state not in UNFILLED]
    rows = _areas(week, shifts) if by_area else _people(week, others)
    top = [] if by_area else [_row(week, _("Nobody yet"), wanted, wanted=True)]
    return Week(first, shifts, [*top, *rows])


def _shifts(first: date) -> list[Shift]:
    """The shifts whose local day is in the week, earliest first."""
    begins = datetime.combine(first - A_DAY, time(), timezone.get_default_timezone())
    around = Q(starts_at__gte=begins, starts_at__lt=begins + 9 * A_DAY)
    rows = Shift.objects.filter(
        around, state__in=SHOWN, visit__booking__state__in=[BookingState.CONFIRMED, BookingState.ENDED]
    )
    asked = Prefetch("offers", Offer.objects.waiting().select_related("member__user"), to_attr="asked")
    whole = rows.select_related(*Shift.WHOLE, "member__user").prefetch_related(asked).order_by("starts_at", "pk")
    return [shift for shift in whole if first <= _day(shift) < first + 7 * A_DAY]


def _people(week: Week, shifts: list[Shift]) -> list[WeekRow]:
    """Everybody who takes turns or has a shift in the week, by name."""
    theirs = defaultdict(list)
    for shift in shifts:
        theirs[shift.member_id].append(shift)
    away = defaultdict(list)
    for leave in Leave.objects.filter(starts_on__lte=week.days[-1], ends_on__gte=week.first):
        away[leave.member_id].append(leave)
    working = Q(pk__in=Member.objects.working(week.first)) | Q(pk__in=Member.objects.working(week.days[-1]))
    here = Member.objects.filter(Q(pk__in=list(theirs)) | working)
    return [
        _row(week, str(member), theirs[member.pk], off=lambda day, own=away[member.pk]: _is_off(day, own))  # type: ignore[misc]
        for member in here.select_related("user").order_by("user__name", "pk")
    ]


def _areas(week: Week, shifts: list[Shift]) -> list[WeekRow]:
    """Each area with work in the week, by its code; unfilled ones first in each day."""
    there = defaultdict(list)
    for shift in sorted(shifts, key=lambda shift: (shift.state not in UNFILLED, shift.starts_at, shift.pk)):
        there[str(shift.zip)].append(shift)
    return [_row(week, area, found) for area, found in sorted(there.items())]


def _row(
    week: Week, name: str, shifts: Iterable[Shift], *, wanted: bool = False, off: Callable[[date], bool] | None = None
) -> WeekRow:
    found = _by_day(shifts)
    cells = [Cell(day, found.get(day, []), bool(off and off(day))) for day in week.days]
    return WeekRow(name, cells, wanted)


def _by_day(shifts: Iterable[Shift]) -> dict[date, list[Shift]]:
    found: dict[date, list[Shift]] = defaultdict(list)
    for shift in shifts:
        found[_day(shift)].append(shift)
    return found


def _day(shift: Shift) -> date:
    return shift.starts_at.astimezone(shift.zone).date()


def _is_off(day: date, leaves: Iterable[Leave]) -> bool:
    return any(leave.starts_on <= day <= leave.ends_on for leave in leaves)
