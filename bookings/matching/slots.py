"""The times that can be sold: reads the co-op's calendars and asks `openings`. Two queries whatever their number."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from bookings.matching.coop_hours import COOP_HOURS, coop_hours_of
from bookings.matching.needs import Slot, Wish
from bookings.matching.openings import DETOUR, KM_PER_DEGREE, KM_PER_HOUR, Window, at_least, starts
from bookings.policies import HORIZON_DAYS, LEAD_HOURS, TRAVEL_MINUTES
from coop.models import ZipCode
from coop.policies import values
from members.agreements.agreed import HAS_AGREED
from members.hours.free_hours import FIRST_MONDAY, Hours, Minutes
from members.hours.public_holidays import public_holidays
from members.standing.meaning import ASKED

A_DAY = timedelta(days=1)
NOBODY = 0
"""Stands where the id of a member does, for the hours of the co-op itself."""
SPAN = re.compile(r"\[(\d+),(\d+)\)")
SINGLE = re.compile(r"(-?\d+)=(?:(\d+)-(\d+))?")
OFF = re.compile(r"(-?\d+)/(-?\d+)")


def slot_at(start: datetime, minutes: int, crew: int, *, at: datetime) -> Slot:
    """A slot with the least way that today's rules leave free after it."""
    return Slot(start, minutes, crew, TRAVEL_MINUTES.on(timezone.localdate(at)))


def sold_between(minutes: int, crew: int, *, at: datetime) -> tuple[Slot, datetime]:
    """The soonest slot that a client may choose now for so much work, and the latest start."""
    rules = values(timezone.localdate(at), (LEAD_HOURS, HORIZON_DAYS, TRAVEL_MINUTES))
    soonest = Slot(at + timedelta(hours=rules[LEAD_HOURS.key]), minutes, crew, rules[TRAVEL_MINUTES.key])
    return soonest, at + timedelta(days=rules[HORIZON_DAYS.key])


def openings(
    wish: Wish,
    soonest: Slot,
    *,
    latest: datetime,
    first: date,
    days: int,
    at: datetime,
    quote: int | None = None,
    visit: int | None = None,
    owed: bool = False,
) -> list[datetime]:
    """Start times on the half hour at which enough qualified members are free for the whole visit.

    They lie in `days` days from `first`, not before the `soonest` slot, nor after the `latest` start, and on days on
    which the area is served, unless the work is `owed` already. Travel to and from each member's other visits is kept
    free, rounded up to quarters. Holds that have lapsed, the quote's own, and a visit that is to be moved do not count
    as busy.
    """
    window = Window(first, days, wish.zone)
    masks = _Masks(window)
    served = masks.of([DateRange()] if owed else wish.zip.served_days)
    if not served:
        return []
    free = dict(_open_hours(masks, wish, at))
    for member, mask in _taken(window, wish.zip, soonest.travel, quote, at, visit):
        if member in free:
            free[member] &= ~mask
    able = at_least((starts(mask, -(-soonest.each // 15)) for mask in free.values()), soonest.crew)
    able &= served & window.on_the_half_hour() & window.inner((soonest.start, latest + timedelta(minutes=15)))
    return window.moments(able)


def _open_hours(masks: "_Masks", wish: Wish, at: datetime) -> Iterator[tuple[int, int]]:
    """Per member who can do it, the quarters in which they take work, with a valid credential."""
    window = masks.window
    last = window.first + timedelta(days=window.days - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE,
            {
                "skill": wish.skill,
                "credential": wish.credential,
                "language": wish.language,
                "pets": list(wish.pets),
                "zip": wish.zip.code,
                "client": wish.client,
                "shift": None,
                "agreed_on": timezone.localdate(at),
                "first_day": window.first,
                "last_day": last,
                "days": f"[{window.first},{last}]",
            },
        )
        rows = cursor.fetchall()
    holidays = public_holidays(wish.zip.state, window.first, last)
    bookable = window.worked(coop_hours_of(next(text for member, text, *_days in rows if member == NOBODY)), ())
    worked: dict[str, int] = {}
    for member, hours, asked_on, allowed in rows:
        if member == NOBODY:
            continue
        if hours not in worked:
            worked[hours] = window.worked(hours_of(hours), holidays) & bookable
        free = worked[hours] & masks.of(asked_on)
        yield member, free & masks.of(allowed or ()) if wish.credential else free


class _Masks:
    """The quarters of ranges of days that lie in the window; most members have the same ranges."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.known: dict[tuple[Any, ...], int] = {}

    def of(self, ranges: Iterable[Any]) -> int:
        days = tuple((one.lower, one.upper) for one in ranges)
        if days not in self.known:
            found = (self._whole(first, after) for first, after in days)
            self.known[days] = reduce(or_, found, 0)
        return self.known[days]

    def _whole(self, first: date | None, after: date | None) -> int:
        """The quarters of the days from `first` until before `after`, as far as they lie in the window."""
        begins, last = self.window.first, self.window.first + A_DAY * (self.window.days - 1)
        return self.window.whole_days(max(first or begins, begins), min(after - A_DAY if after else last, last))


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


def hours_of(text: str) -> Hours:
    """Somebody's hours, read from what `HOURS` gives."""
    a_weeks, b_weeks, single, off, holidays = text.split("|")
    fortnight: dict[int, tuple[Minutes, ...]] = {}
    for week, spans in enumerate((a_weeks, b_weeks)):
        for low, high in SPAN.findall(spans):
            day, begins = divmod(int(low), 1440)
            number = week * 7 + day
            fortnight[number] = (*fortnight.get(number, ()), (begins, int(high) - day * 1440))
    days: dict[int, tuple[Minutes, ...]] = {}
    for text_of_day, low, high in SINGLE.findall(single):
        spans_so_far = days.get(int(text_of_day), ())
        days[int(text_of_day)] = (*spans_so_far, (int(low), int(high))) if low else spans_so_far
    gone = tuple((int(first), int(last)) for first, last in OFF.findall(off))
    return Hours(fortnight, days, gone, holidays == "t")


TRAVEL = """({least_travel} + {detour} * sqrt(
    power(z.latitude - {latitude}, 2) + power((z.longitude - {longitude}) * cos(radians({latitude})), 2)))"""
"""Minutes to the area `z`, as `openings.travel_minutes` counts them."""

HOURS = f"""concat(
  (SELECT concat(range_agg(span) FILTER (WHERE weeks <> 'b'), '|', range_agg(span) FILTER (WHERE weeks <> 'a'))
   FROM (SELECT a.weeks, int4range(a.weekday * 1440 + ceil(date_part('epoch', a.starts) / 60)::int,
                                   a.weekday * 1440 + floor(date_part('epoch', a.ends) / 60)::int) AS span
         FROM members_availability a
         WHERE a.member_id = m.id
           AND (a.weekday + 8 - extract(isodow FROM {{first_day}}::date)::int) %% 7
               <= {{last_day}}::date - {{first_day}}::date) spans), '|',
  (SELECT string_agg(concat(o.day - date '{FIRST_MONDAY}', '=', ceil(date_part('epoch', o.starts) / 60)::int
                            || '-' || floor(date_part('epoch', o.ends) / 60)::int), ' ')
   FROM members_otherhours o
   WHERE o.member_id = m.id AND o.day BETWEEN {{first_day}} AND {{last_day}}), '|',
  (SELECT string_agg(concat(l.starts_on - date '{FIRST_MONDAY}', '/', l.ends_on - date '{FIRST_MONDAY}'), ' ')
   FROM members_leave l
   WHERE l.member_id = m.id AND l.starts_on <= {{last_day}} AND l.ends_on >= {{first_day}}), '|',
  m.works_on_holidays)"""  # noqa: S608 - our own words and one constant
"""The hours of member `m` on the days asked for in one text, for `hours_of`: A weeks, B weeks, single days, days off,
holidays.

Spans are minutes since Monday began (those that touch made one) or since midnight; days are counted from FIRST_MONDAY.
Who has the same hours has the same text, so that it is worked out once for all of them.
"""

MATCHED = """(m.skills @> ARRAY[{skill}]::varchar[]
  AND ({language} = '' OR {language} = ANY (m.languages))
  AND NOT m.avoids && {pets}::varchar[]
  AND (m.areas = '{{}}' OR EXISTS (SELECT FROM unnest(m.areas) area WHERE starts_with({zip}, area)))
  AND NOT EXISTS (
    SELECT FROM bookings_donotsend d
    WHERE d.member_id = m.id AND d.lifted_at IS NULL
      AND (d.placer = 'client' OR {shift}::bigint IS NOT NULL)
      AND d.client_id = ANY (bookings_households_of({client}::bigint)))
  AND ({agreed} OR EXISTS (
    SELECT FROM bookings_shift own
    WHERE own.id = {shift}::bigint AND own.member_id = m.id AND own.state IN ('accepted', 'started'))))""".replace(
    "{agreed}", HAS_AGREED
)
"""Does member `m` fit what is asked for, but for a credential? Skill, language, pets, area, and nobody against it.

And have they accepted what everybody who works here accepts (`members.agreements`)? What they have already, they keep.

Before there is a shift, when times are only looked at and kept, what a member asked for does not count yet: a
household that they refuse sees what everybody sees.
"""


def asked(fragment: str, *names: str) -> str:
    """A fragment whose blanks are parameters of the same names."""
    return fragment.format(**{name: f"%({name})s" for name in names})


ASKED_SQL = f"({', '.join(repr(str(state)) for state in ASKED)})"
"""The standings of those who are asked for work."""
_PEOPLE = f"""
SELECT m.id,
  {asked(HOURS, "first_day", "last_day")},
  working.days,
  (SELECT range_agg(daterange(c.issued_on, c.expires_on) * %(days)s::daterange)
   FROM members_credential c
   WHERE c.member_id = m.id AND c.kind = %(credential)s
     AND daterange(c.issued_on, c.expires_on) && %(days)s::daterange)
FROM members_member m JOIN (
  SELECT s.member_id, range_agg(s.days * %(days)s::daterange) AS days
  FROM members_stretch s WHERE s.days && %(days)s::daterange AND s.state IN {ASKED_SQL}
  GROUP BY s.member_id
) working ON working.member_id = m.id
WHERE {asked(MATCHED, "skill", "language", "pets", "zip", "client", "shift", "agreed_on")}
UNION ALL SELECT {NOBODY}, {COOP_HOURS}, NULL, NULL
"""  # noqa: S608 - put together from our own words at import; what people typed comes as parameters

_WAY = asked(TRAVEL, "least_travel", "detour", "latitude", "longitude")
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
