"""What one member did in one week: their days, and what each of them is paid beyond the visits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from bookings.catalog.sharing import floor_of
from bookings.catalog.wages.floors import Floors
from bookings.matching.working_time import Day, Stop, day_of
from bookings.models import Shift
from bookings.policies import PAID_GAP_MINUTES, TRAVEL_MINUTES
from bookings.states import ShiftState, VisitState
from coop.policies import values_by_day
from payouts.policies import FULL_WEEK, LEFT_MINUTES, LONG_DAY

A_DAY = timedelta(days=1)
ABOUT = ("zip", "visit__booking__service")
RULES = (PAID_GAP_MINUTES, TRAVEL_MINUTES, LONG_DAY, LEFT_MINUTES)


def monday_of(day: date) -> date:
    """The first day of the week that `day` is in."""
    return day - day.weekday() * A_DAY


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The midnight at which a day is over."""
    return datetime.combine(day + A_DAY, time(), zone)


def was_there() -> "QuerySet[Shift]":
    """Work that was done or left to be safe, and doors that nobody opened to somebody who came."""
    turned_away = Q(state=ShiftState.CANCELLED, visit__state=VisitState.TURNED_AWAY)
    return Shift.objects.filter(Q(state__in=[ShiftState.DONE, ShiftState.LEFT]) | turned_away, member__isnull=False)


def left_minutes(shift: Shift, *, most: int) -> int:
    """Paid minutes of somebody who left to be safe: the planned time up to `most`, in any case what they worked."""
    assert shift.done_at is not None
    begun = max(shift.started_at, shift.starts_at) if shift.started_at else shift.done_at
    worked = max(0, (shift.done_at - begun) // timedelta(minutes=1))
    return min(shift.minutes, max(worked, most))


@dataclass(frozen=True)
class WorkDay:
    """One member's day, where the homes are, with the rules (by key) that held on it.

    `floor` is the least that an hour of it pays, `basic` the wage that the law names for an hour that is not worked;
    of several places and kinds of work the highest counts for what lies between them.
    """

    day: date
    over_at: datetime
    time: Day
    rules: dict[str, int]
    floor: int
    basic: int

    @property
    def between_cents(self) -> int:
        """What the time between the visits is paid: the least for an hour, for it is work."""
        return floor_of(self.time.between, floor=self.floor)

    @property
    def long_day_cents(self) -> int:
        """One hour at the least wage by law for a day of very many hours from first start to last end, else nothing."""
        return self.basic if self.time.span > self.rules[LONG_DAY.key] * 60 else 0


@dataclass(frozen=True)
class Worked:
    """One member's week as far as it was worked, day by day, and the visits of which it is made."""

    monday: date
    days: list[WorkDay]
    visits: list[int]

    @property
    def work(self) -> int:
        """Minutes at homes."""
        return sum(day.time.work for day in self.days)

    @property
    def between(self) -> int:
        """Paid minutes between them."""
        return sum(day.time.between for day in self.days)

    @property
    def minutes(self) -> int:
        """All working time."""
        return self.work + self.between

    @property
    def full(self) -> int:
        """The minutes of a full week, by the rules of its Monday."""
        return FULL_WEEK.on(self.monday) * 60

    @property
    def over(self) -> int:
        """What it has beyond a full week."""
        return max(0, self.minutes - self.full)

    @property
    def scale(self) -> int:
        """The minutes at the right end of its bar: a full week, or more if more was worked."""
        return max(self.full, self.minutes)

    @classmethod
    def of(cls, member_id: int, monday: date) -> "Worked":
        """The week of a member by the planned times of what was done, as the rest of pay goes. Four queries."""
        around = Q(starts_at__gte=_utc(monday - A_DAY), starts_at__lt=_utc(monday + 9 * A_DAY))
        shifts: dict[date, list[Shift]] = defaultdict(list)
        for shift in was_there().filter(around, member=member_id).select_related(*ABOUT).order_by("starts_at", "pk"):
            day = shift.starts_at.astimezone(shift.zone).date()
            if monday_of(day) == monday:
                shifts[day].append(shift)
        rules, floors = values_by_day(shifts, RULES), Floors.on(shifts)
        days = [_work_day(day, shifts[day], rules[day], floors) for day in shifts]
        return cls(monday, days, [shift.visit_id for found in shifts.values() for shift in found if shift.visit_id])


def _work_day(day: date, shifts: list[Shift], rules: dict[str, int], floors: Floors) -> WorkDay:
    whole, least = rules[PAID_GAP_MINUTES.key], rules[TRAVEL_MINUTES.key]
    stops = [_stop(shift, most=rules[LEFT_MINUTES.key]) for shift in shifts]
    minutes = day_of(stops, whole=whole, least=least)
    over_at = max(end_of(day, shift.zone) for shift in shifts)
    floor = max(floors.at(day, shift.zip, care=_is_care(shift)) for shift in shifts)
    return WorkDay(day, over_at, minutes, rules, floor, max(floors.basic(day, shift.zip) for shift in shifts))


def _is_care(shift: Shift) -> bool:
    return shift.visit is not None and shift.visit.booking.service.is_care


def _stop(shift: Shift, *, most: int) -> Stop:
    """Where nobody opened there was no work; what the client owes for it pays whoever stood there.

    Who left to be safe has worked for as long as they are paid.
    """
    worked = shift.minutes if shift.state == ShiftState.DONE else 0
    if shift.state == ShiftState.LEFT:
        worked = left_minutes(shift, most=most)
    ends_at = shift.starts_at + timedelta(minutes=worked)
    return Stop(shift.starts_at, ends_at, (shift.zip.latitude, shift.zip.longitude))


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo("UTC"))
