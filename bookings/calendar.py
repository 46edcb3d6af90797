"""The times that can be sold: reads the co-op's calendars and asks `openings`. Two queries whatever their number."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from bookings.openings import DETOUR, KM_PER_DEGREE, KM_PER_HOUR, Window, at_least, starts
from coop.models import ZipCode

if TYPE_CHECKING:
    from bookings.models import Client, Service

A_DAY = timedelta(days=1)
SPAN = re.compile(r"\[(\d+),(\d+)\)")


def openings(
    *,
    service: "Service",
    place: ZipCode,
    minutes: int,
    crew: int,
    first: date,
    days: int,
    earliest: datetime,
    latest: datetime,
    travel: int,
    client: "Client | None",
    quote: int | None,
    at: datetime,
    visit: int | None = None,
) -> list[datetime]:
    """Start times on the half hour at which `crew` qualified members are free for the whole visit, sharing its minutes.

    Travel (at least `travel` minutes) to and from each member's other visits is kept free, rounded up to
    quarters. Holds that have lapsed, the quote's own, and a visit that is to be moved do not count as busy.
    """
    window = Window(first, days, ZoneInfo(place.zone))
    free = dict(_open_hours(window, service, client))
    for member, mask in _taken(window, place, travel, quote, at, visit):
        if member in free:
            free[member] &= ~mask
    quarters = -(-minutes // crew // 15)
    able = at_least((starts(mask, quarters) for mask in free.values()), crew)
    able &= window.on_the_half_hour() & window.inner((earliest, latest + timedelta(minutes=15)))
    return window.moments(able)


def _open_hours(window: Window, service: "Service", client: "Client | None") -> Iterator[tuple[int, int]]:
    """Per qualified member, the quarters in which they take work: their week, less leave, with a valid credential."""
    last = window.first + timedelta(days=window.days)
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE,
            {
                "skill": service.skill,
                "credential": service.credential,
                "client": client.pk if client else None,
                "days": f"[{window.first},{last})",
            },
        )
        rows = cursor.fetchall()
    weeks: dict[str | None, int] = {}
    for member, week, off, allowed in rows:
        if week not in weeks:
            weeks[week] = window.weekly(week_of(week))
        mask = weeks[week] & ~_days(window, off or ())
        yield member, mask & _days(window, allowed or ()) if service.credential else mask


def _days(window: Window, ranges: Iterable[Any]) -> int:
    """The quarters of ranges of days that lie in the window."""
    mask = 0
    for days in ranges:
        mask |= window.whole_days(days.lower, days.upper - A_DAY)
    return mask


def _taken(
    window: Window, place: ZipCode, travel: int, quote: int | None, at: datetime, visit: int | None
) -> Iterator[tuple[int, int]]:
    """Per member, the quarters taken by their shifts and the way between those homes and `place`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SHIFTS,
            {
                "origin": window.origin,
                "from": window.origin - A_DAY,
                "until": window.moment(window.size) + A_DAY,
                "quote": quote,
                "visit": visit or 0,
                "at": at,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "least_travel": travel,
                "detour": DETOUR * KM_PER_DEGREE / KM_PER_HOUR * 60,
            },
        )
        rows = cursor.fetchall()
    for member, lows, highs in rows:
        mask = 0
        for low, high in zip(lows, highs, strict=True):
            mask |= window.quarters(low, high)
        yield member, mask


def week_of(text: str | None) -> list[tuple[int, int]]:
    """The spans of a week as the database writes them, {[480,1080),[1920,2520)}."""
    return [(int(low), int(high)) for low, high in SPAN.findall(text or "")]


TRAVEL = """({least_travel} + {detour} * sqrt(
    power(z.latitude - {latitude}, 2) + power((z.longitude - {longitude}) * cos(radians({latitude})), 2)))"""
"""Minutes to the area `z`, as `openings.travel_minutes` counts them."""

WEEK = """(SELECT range_agg(int4range(
    a.weekday * 1440 + ceil(extract(epoch FROM a.starts) / 60)::int,
    a.weekday * 1440 + floor(extract(epoch FROM a.ends) / 60)::int))
  FROM members_availability a WHERE a.member_id = m.id)"""
"""A member's spans of a week in minutes since Monday began, spans that touch made one."""

_PEOPLE = """
SELECT m.id,
  members.week::text,
  (SELECT range_agg(daterange(l.starts_on, l.ends_on, '[]') * %(days)s::daterange)
   FROM members_leave l
   WHERE l.member_id = m.id AND daterange(l.starts_on, l.ends_on, '[]') && %(days)s::daterange),
  (SELECT range_agg(daterange(c.issued_on, c.expires_on) * %(days)s::daterange)
   FROM members_credential c
   WHERE c.member_id = m.id AND c.kind = %(credential)s
     AND daterange(c.issued_on, c.expires_on) && %(days)s::daterange)
FROM members_member m
WHERE m.state IN ('candidate', 'member') AND m.skills @> ARRAY[%(skill)s]::varchar[]
  AND NOT EXISTS (
    SELECT FROM bookings_donotsend d
    WHERE d.member_id = m.id AND d.client_id = %(client)s AND d.lifted_at IS NULL)
""".replace("members.week", WEEK)

_WAY = TRAVEL.format(**{name: f"%({name})s" for name in ("least_travel", "detour", "latitude", "longitude")})
_SHIFTS = f"""
WITH areas AS MATERIALIZED (SELECT z.code, {_WAY} * interval '1 minute' AS way FROM coop_zipcode z)
SELECT s.member_id,
  array_agg(floor(date_part('epoch', s.starts_at - areas.way - %(origin)s) / 900)::int),
  array_agg(ceil(date_part('epoch', greatest(s.ends_at + areas.way, upper(s.span)) - %(origin)s) / 900)::int)
FROM bookings_shift s JOIN areas ON areas.code = s.zip_id
WHERE s.state IN ('held', 'offered', 'accepted', 'started')
  AND s.starts_at >= %(from)s AND s.starts_at < %(until)s
  AND (s.visit_id IS NULL OR s.visit_id <> %(visit)s)
  AND NOT (s.state = 'held' AND s.visit_id IS NULL
           AND (s.held_until <= %(at)s OR s.quote_id IS NOT DISTINCT FROM %(quote)s))
GROUP BY s.member_id
"""  # noqa: S608 - put together from our own words at import; what people typed comes as parameters
