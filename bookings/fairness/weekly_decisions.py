"""Who was asked in a week that is over, for all members: so coarse that nobody can tell which home it was.

A complete list would tell by what it leaves out. So no home, area or hour stands here, and whatever is told apart (a
day, a service) holds at least five homes; where there are fewer, it is put together with the rest. The week has to be
over, else a look before and a look after would tell the hour of one decision.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from bookings.catalog.services import Service
from bookings.fairness.tallies import Days
from bookings.turns.offers.offers import Turn
from members.models import Member

A_WEEK = timedelta(days=7)
LEAST_HOMES = 5
BANDS = (5, 10)
"""How many could come is told as fewer than the first, fewer than the second, or more."""
Kind = tuple[date | None, int | None]


@dataclass(frozen=True)
class Decided:
    """One decision: its day, service and home; the share of whoever was asked, and how many could come."""

    day: date
    service: int
    home: int
    member: int
    share: float
    able: int


@dataclass(frozen=True)
class DecisionLine:
    """Somebody was asked so many `times` with this share (in percent); `able` is a band of `BANDS`."""

    name: str
    share: int
    able: int
    times: int


@dataclass(frozen=True)
class Group:
    """Decisions that are told together; without a day or service where one of these would have been too few homes."""

    day: date | None
    service: Service | None
    lines: list[DecisionLine]


LEVELS: tuple[Callable[[Decided], Kind], ...] = (
    lambda one: (one.day, one.service),
    lambda one: (one.day, None),
    lambda one: (None, one.service),
    lambda one: (None, None),
)
"""How finely decisions are told apart, the finest first."""


def latest(at: datetime) -> date:
    """The Monday of the last week that is over."""
    today = timezone.localdate(at)
    return today - timedelta(days=today.weekday()) - A_WEEK


def earliest(at: datetime) -> date:
    """The Monday of the first week in which something was decided."""
    first = Turn.objects.order_by("decided_at").values_list("decided_at", flat=True).first() or at
    day = timezone.localdate(first)
    return min(day - timedelta(days=day.weekday()), latest(at))


def decisions(monday: date) -> list[Group]:
    """What was decided in a week, in groups; none when fewer than five homes would stand for it. Three queries."""
    found = list(_decided(Days(monday, monday + timedelta(days=6))))
    members = Member.objects.select_related("user").in_bulk({one.member for one in found})
    services = Service.objects.in_bulk({one.service for one in found})
    names = {pk: member.user.first_name for pk, member in members.items()}
    return [
        Group(day, services.get(service or 0), _lines(of, names))
        for (day, service), of in sorted(grouped(found).items(), key=lambda group: (str(group[0][0]), group[0][1] or 0))
    ]


def grouped(decided: Iterable[Decided]) -> dict[Kind, list[Decided]]:
    """The same as finely told apart as it may be: at least five homes in each group."""
    for level in LEVELS:
        groups = defaultdict(list)
        for one in decided:
            groups[level(one)].append(one)
        if all(len({one.home for one in group}) >= LEAST_HOMES for group in groups.values()):
            return groups
    return {}


def _lines(decided: list[Decided], names: dict[int, str]) -> list[DecisionLine]:
    """In the order of names and shares, so that nothing tells which came first."""
    seen = Counter((names[one.member], round(100 * one.share), _band(one.able)) for one in decided)
    return [DecisionLine(name, share, able, times) for (name, share, able), times in sorted(seen.items())]


def _band(able: int) -> int:
    return sum(able >= edge for edge in BANDS)


def _decided(days: Days) -> Iterable[Decided]:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, days.parameters())
        return [Decided(*row) for row in cursor.fetchall()]


_DECIDED = """
SELECT (t.decided_at AT TIME ZONE %(zone)s)::date, booking.service_id, booking.home_id, t.chosen_id,
       seen.share, seen.able
FROM bookings_turn t
JOIN bookings_shift shift ON shift.id = t.shift_id
JOIN bookings_visit visit ON visit.id = shift.visit_id
JOIN bookings_booking booking ON booking.id = visit.booking_id
CROSS JOIN LATERAL (
  SELECT max((c ->> 'share')::float) FILTER (WHERE (c ->> 'member')::bigint = t.chosen_id) AS share,
         count(*) FILTER (WHERE c ->> 'against' = '') AS able
  FROM jsonb_array_elements(t.candidates) c
) seen
WHERE t.decided_at >= %(begins)s AND t.decided_at < %(ends)s AND t.chosen_id IS NOT NULL AND seen.share IS NOT NULL
  AND NOT EXISTS (SELECT FROM bookings_override o WHERE o.turn_id = t.id)
"""
"""Without turns that were decided otherwise, which stand on a list of their own."""
