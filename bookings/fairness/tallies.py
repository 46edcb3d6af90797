"""What each member received, was asked for and when, and was wished for: sums over days, one query each.

Work is what was accepted, begun or done on days that are over, as in the turn: work lost to a late cancellation does
not count, nor does what is done again for nothing. Days are those of the co-op's calendar.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from bookings.catalog.wages.floors import Floors
from bookings.fairness.statistics import Decided
from bookings.households.send_again import SendAgain
from bookings.policies import WORKER_SHARE
from coop.policies import values_by_day
from members.models import Leave, Member
from members.standing.meaning import COUNTING
from members.standing.standings import Stretch

A_DAY = timedelta(days=1)
Spans = dict[int, list[tuple[date, date]]]


@dataclass(frozen=True)
class Days:
    """Whole days of the calendar, first and last included."""

    first: date
    last: date

    @classmethod
    def until(cls, last: date, *, days: int) -> "Days":
        """So many days up to `last`."""
        return cls(last - (days - 1) * A_DAY, last)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def parameters(self) -> dict[str, Any]:
        """Where they begin and end, for SQL."""
        zone = timezone.get_default_timezone()
        return {
            "first": self.first,
            "last": self.last,
            "begins": datetime.combine(self.first, time(), zone),
            "ends": datetime.combine(self.last + A_DAY, time(), zone),
            "zone": timezone.get_default_timezone_name(),
        }


@dataclass(frozen=True)
class Plum:
    """Work that pays more an hour than three quarters of all shifts do: above `above` cents.

    `minutes` by member are the plum ones of `of` minutes.
    """

    above: int
    minutes: dict[int, int]
    of: dict[int, int]


def received(days: Days, *, lately: int) -> tuple[dict[int, Counter[int]], dict[int, int]]:
    """Minutes of work by member and week, week 0 being the last seven days; and those of the last `lately` days."""
    weekly: dict[int, Counter[int]] = defaultdict(Counter)
    late: Counter[int] = Counter()
    since = days.last - (lately - 1) * A_DAY
    for member, week, minutes, of_late in _rows(_RECEIVED, days.parameters() | {"since": since}):
        weekly[member][week] = minutes
        late[member] += of_late
    return weekly, late


def plum(days: Days) -> Plum:
    """The best-paid work of these days, by the rules of each."""
    each = [days.first + number * A_DAY for number in range(len(days))]
    shares, floors = values_by_day(each, [WORKER_SHARE]), Floors.on(each)
    rules = {
        "days": each,
        "shares": [float(shares[day][WORKER_SHARE.key]) for day in each],
        "floors": [floors.everywhere(day) for day in each],
    }
    rows = _rows(_PLUM, days.parameters() | rules)
    above = rows[0][3] if rows else 0
    return Plum(above, {row[0]: row[2] for row in rows}, {row[0]: row[1] for row in rows})


def asked_on(days: Days) -> dict[int, int]:
    """The days on which each member was offered or took a shift, as bits like those of `days_there`."""
    found = {}
    for member, numbers in _rows(_ASKED, days.parameters()):
        found[member] = sum(1 << number for number in numbers)
    return found


def wished_for(days: Days) -> Counter[int]:
    """How many households asked for each member by name in these days.

    What counts is that it was said. Taking it back changes nothing here, so that nobody can read from a number that
    a household no longer wants somebody.
    """
    said = SendAgain.objects.filter(placed_at__date__gte=days.first, placed_at__date__lte=days.last)
    return Counter(member for member, _client in said.values_list("member", "client").distinct())


def decided_otherwise(days: Days) -> list[Decided]:
    """The overrides of these days, each with who could have come by the record of its turn."""
    return [
        Decided(giver=giver, receiver=receiver, able=tuple(able or ()), on=on)
        for giver, receiver, on, able in _rows(_OVERRIDES, days.parameters())
    ]


def absences(members: Collection[Member], days: Days) -> Spans:
    """When each was not there: before they began, on days off, on leave from the co-op. Two queries."""
    away: Spans = defaultdict(list)
    for member in members:
        away[member.pk].append((date.min, member.started_on - A_DAY))
    for leave in Leave.objects.filter(starts_on__lte=days.last, ends_on__gte=days.first):
        away[leave.member_id].append((leave.starts_on, leave.ends_on))
    for one in Stretch.objects.exclude(state__in=COUNTING).filter(days__overlap=DateRange(days.first, days.last, "[]")):
        away[one.member_id].append((one.days.lower, one.days.upper - A_DAY if one.days.upper else days.last))
    return away


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


_WORK = """
  SELECT s.member_id, s.visit_id, (s.starts_at AT TIME ZONE %(zone)s)::date AS day,
         extract(epoch FROM s.ends_at - s.starts_at)::int / 60 AS minutes
  FROM bookings_shift s
  WHERE s.state IN ('accepted', 'started', 'done') AND s.starts_at >= %(begins)s AND s.starts_at < %(ends)s
    AND NOT EXISTS (SELECT FROM bookings_redo r WHERE r.again_id = s.visit_id)
"""
_RECEIVED = f"""
WITH work AS ({_WORK})
SELECT member_id, (%(last)s::date - day) / 7, sum(minutes)::int,
       coalesce(sum(minutes) FILTER (WHERE day >= %(since)s), 0)::int
FROM work GROUP BY 1, 2
"""  # noqa: S608 - our own words; every value comes as a parameter
_PLUM = f"""
WITH work AS ({_WORK}),
rules AS (SELECT * FROM unnest(%(days)s::date[], %(shares)s::float[], %(floors)s::int[]) AS r (day, share, least)),
paid AS (
  SELECT work.member_id, work.minutes,
         greatest(v.cents * rules.share * 60 / sum(work.minutes) OVER (PARTITION BY v.id), rules.least)::int AS rate
  FROM work JOIN bookings_visit v ON v.id = work.visit_id JOIN rules ON rules.day = work.day),
line AS (SELECT percentile_disc(0.75) WITHIN GROUP (ORDER BY rate) AS above FROM paid)
SELECT member_id, sum(minutes)::int, coalesce(sum(minutes) FILTER (WHERE rate > above), 0)::int, max(above)
FROM paid CROSS JOIN line GROUP BY member_id
"""  # noqa: S608 - our own words; every value comes as a parameter
_ASKED = """
SELECT member_id, array_agg(DISTINCT (moment AT TIME ZONE %(zone)s)::date - %(first)s::date)
FROM (
  SELECT o.member_id, o.made_at AS moment
  FROM bookings_offer o WHERE o.made_at >= %(begins)s AND o.made_at < %(ends)s
  UNION ALL
  SELECT s.member_id, s.assigned_at
  FROM bookings_shift s
  WHERE s.starts_at >= %(begins)s AND s.assigned_at >= %(begins)s AND s.assigned_at < %(ends)s
    AND s.member_id IS NOT NULL AND s.state IN ('accepted', 'started', 'done')
) moments
GROUP BY member_id
"""
_OVERRIDES = """
SELECT o.giver_id, o.receiver_id, (o.at AT TIME ZONE %(zone)s)::date,
       (SELECT array_agg((c.value ->> 'member')::bigint ORDER BY c.ordinality)
        FROM jsonb_array_elements(t.candidates) WITH ORDINALITY c
        WHERE c.value ->> 'against' = '')
FROM bookings_override o JOIN bookings_turn t ON t.id = o.turn_id
WHERE o.at >= %(begins)s AND o.at < %(ends)s
ORDER BY o.at, o.id
"""
