"""The times that can be sold: reads the co-op's calendars and asks `openings`. Two queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from bookings.openings import Window, at_least, starts, travel_minutes
from coop.models import ZipCode

if TYPE_CHECKING:
    from bookings.models import Client, Service

A_DAY = timedelta(days=1)


def openings(
    *,
    service: "Service",
    place: ZipCode,
    minutes: int,
    first: date,
    days: int,
    earliest: datetime,
    latest: datetime,
    travel: int,
    client: "Client | None",
    quote: int | None,
    at: datetime,
) -> list[datetime]:
    """Start times on the half hour at which enough qualified members are free for the whole visit.

    Travel (at least `travel` minutes) to and from each member's other visits is kept free, rounded up to
    quarters. Holds that have lapsed and the quote's own do not count as busy.
    """
    window = Window(first, days, ZoneInfo(place.zone))
    free = dict(_open_hours(window, service, client))
    for member, mask in _taken(window, place, travel, quote, at).items():
        if member in free:
            free[member] &= ~mask
    quarters = -(-minutes // service.crew // 15)
    able = at_least((starts(mask, quarters) for mask in free.values()), service.crew)
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
    weeks: dict[tuple[Any, ...], int] = {}
    for member, spans, off, allowed in rows:
        week = tuple((span.lower, span.upper) for span in spans or ())
        if week not in weeks:
            weeks[week] = window.weekly(week)
        mask = weeks[week] & ~_days(window, off or ())
        yield member, mask & _days(window, allowed or ()) if service.credential else mask


def _days(window: Window, ranges: Iterable[Any]) -> int:
    """The quarters of ranges of days that lie in the window."""
    mask = 0
    for days in ranges:
        mask |= window.whole_days(days.lower, days.upper - A_DAY)
    return mask


def _taken(window: Window, place: ZipCode, travel: int, quote: int | None, at: datetime) -> dict[int, int]:
    """Per member, the quarters taken by their shifts and the way between those homes and `place`."""
    from bookings.models.shifts import Shift

    here = (place.latitude, place.longitude)
    near = Shift.objects.taking_time(at).filter(
        starts_at__gte=window.origin - A_DAY, starts_at__lt=window.moment(window.size) + A_DAY
    )
    if quote:
        near = near.exclude(quote=quote, visit=None)
    ways: dict[tuple[float, float], timedelta] = {}
    taken: dict[int, int] = defaultdict(int)
    rows = near.values_list("member", "starts_at", "ends_at", "span", "zip__latitude", "zip__longitude")
    for member, begins, ends, span, latitude, longitude in rows.iterator():
        there = (latitude, longitude)
        if there not in ways:
            ways[there] = timedelta(minutes=travel_minutes(here, there, least=travel))
        taken[member] |= window.outer((begins - ways[there], max(ends + ways[there], span.upper)))
    return taken


WEEK = """(SELECT range_agg(int4range(
    a.weekday * 1440 + ceil(extract(epoch FROM a.starts) / 60)::int,
    a.weekday * 1440 + floor(extract(epoch FROM a.ends) / 60)::int))
  FROM members_availability a WHERE a.member_id = m.id)"""
"""A member's spans of a week in minutes since Monday began, spans that touch made one."""

_PEOPLE = """
SELECT m.id,
  members.week,
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
