"""Whose turn it is, and why.

The shift goes to the qualified, free person who has had the smallest share of the hours they asked for, unless the
home's regular person can come and is not far ahead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.matching.legal_hours import BOUNDS, LIMITS, Load, bounds, load_sql
from bookings.matching.needs import Need
from bookings.matching.openings import DETOUR, KM_PER_DEGREE, KM_PER_HOUR
from bookings.matching.slots import ASKED_SQL, HOURS, MATCHED, TRAVEL, asked, hours_of
from bookings.policies import DAYS_AHEAD, DAYS_BACK, PAID_GAP_MINUTES, PASS_WEIGHT, REGULAR_POINTS, TRAVEL_MINUTES
from coop.errors import Refusal
from coop.policies import Policy, values

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LOCK_NOT_AVAILABLE = "55P03"
ABLE = ("", "passed")
"""What may stand against somebody who could still come; only theirs are the hours that are reckoned."""


@dataclass(frozen=True)
class Candidate:
    """One member, what they received of what they asked for (minutes), and what speaks against them here.

    `received` are the minutes `assigned` and a part of those `passed`; `wanted` is for the `days` that they are here.
    `against` is empty for somebody who can do it, else the first of: `not_matched` (skill, language, pets, area,
    credential or a private reason), `away` (outside their hours or on leave), `busy` (another shift or the way to it),
    `passed` (was asked before and said no, did not answer, or gave it back). `over` says past which legal hours it
    would bring them (`legal_hours`). `regular` for whoever goes first because they know the home, be it that they
    always come or (`wished`) that the household asked for them.
    """

    member: int
    received: Fraction
    wanted: Fraction
    last_assigned: datetime | None
    against: str
    wished: bool = False
    regular: bool = False
    assigned: int = 0
    passed: int = 0
    days: int = 0
    load: Load | None = None
    over: tuple[str, ...] = ()

    @cached_property
    def share(self) -> Fraction:
        return self.received / self.wanted

    @property
    def has_agreed(self) -> bool:
        """Is this a regular person of a series, who said yes to all of it? Not to more than legal hours."""
        return self.regular and not self.wished and not self.over

    @property
    def turn(self) -> tuple[bool, bool, bool, float, datetime, int]:
        """The order in which members are asked.

        Whoever can, and within legal hours; the regular; the smallest share, least recently assigned, then id. Equal
        shares make equal floats, and those of minutes and days are never so near to each other that a float fails.
        """
        return (
            bool(self.against),
            bool(self.over),
            not self.regular,
            float(self.share),
            self.last_assigned or NEVER,
            self.member,
        )

    def as_record(self) -> dict[str, Any]:
        """What is written down and shown to members; private reasons read `not_matched`."""
        numbers: dict[str, Any] = {
            "member": self.member,
            "received": round(float(self.received)),
            "assigned": self.assigned,
            "passed": self.passed,
            "wanted": round(float(self.wanted)),
            "days": self.days,
            "share": round(float(self.share), 4),
            "last_assigned": self.last_assigned.isoformat() if self.last_assigned else None,
            "against": self.against,
        }
        if self.over and self.load:
            numbers |= {"over": list(self.over), **asdict(self.load)}
        if self.regular:
            numbers["regular"] = True
            if self.wished:
                numbers["wished"] = True
        return numbers


def in_turn(need: Need, *, at: datetime, regular: int | None = None) -> list[Candidate]:
    """Every working member in the order of the turn; those who can do it come first. Two queries.

    The `regular` member of the home goes before all others when they can do it and are not too far ahead; where a
    home has no regular, whoever its household asked for.
    """
    rules = _rules(timezone.localdate(at))
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, _parameters(need, rules, at))
        rows = cursor.fetchall()
    fits: dict[str, bool] = {}
    candidates = []
    for member, asked_for, days, assigned, passed, last_assigned, against, hours, wished, *load in rows:
        if hours not in fits:
            fits[hours] = need.fits(hours_of(hours))
        hours_worked = Load(*load) if against in ABLE else None
        candidates.append(
            Candidate(
                member=member,
                received=assigned + rules[PASS_WEIGHT.key] * passed if passed else Fraction(assigned),
                wanted=_wanted(asked_for, days),
                last_assigned=None if last_assigned is None else datetime.fromtimestamp(last_assigned, UTC),
                against=with_hours(against, fits=fits[hours]),
                wished=wished and regular is None,
                assigned=assigned,
                passed=passed,
                days=days,
                load=hours_worked,
                over=hours_worked.over(rules) if hours_worked else (),
            )
        )
    known = with_regular(candidates, regular, points=rules[REGULAR_POINTS.key])
    return sorted(known, key=lambda candidate: candidate.turn)


@cache
def _wanted(minutes_a_week: int, days: int) -> Fraction:
    """What somebody asked for in so many days (minutes), at least an hour; many asked for the same."""
    return max(minutes_a_week * Fraction(days, 7), Fraction(60))


def with_regular(candidates: list[Candidate], regular: int | None, *, points: Fraction) -> list[Candidate]:
    """The same with the regular marked, if they can come and have at most `points` more than the neediest who can.

    One who would be past legal hours is not, unless all others who can would be, too.
    """
    able = [candidate for candidate in candidates if not candidate.against]
    pool = [candidate for candidate in able if not candidate.over] or able
    least = min((candidate.share for candidate in pool), default=Fraction(0))
    return [
        replace(candidate, regular=True)
        if (candidate.wished or candidate.member == regular) and candidate in pool and candidate.share - least <= points
        else candidate
        for candidate in candidates
    ]


def with_hours(against: str, *, fits: bool) -> str:
    """What speaks against somebody once their hours are looked at, too."""
    return "away" if against in ("busy", *ABLE) and not fits else against


def lock_date(moment: datetime, zone: ZoneInfo) -> None:
    """Serialise the assignments of one day until this transaction ends; taken before any row (two at once queue).

    Refused when the queue is too long to wait (`lock_timeout`).
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [moment.astimezone(zone).toordinal()])
    except OperationalError as trouble:
        if getattr(trouble.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Refusal(_("Many people are booking that day at this moment. Please try again.")) from trouble


def _rules(day: date) -> dict[str, Fraction]:
    """The numbers of the turn on a day, in one query."""
    numbers = (DAYS_BACK, DAYS_AHEAD, TRAVEL_MINUTES, PASS_WEIGHT, REGULAR_POINTS, *LIMITS)
    return values(day, cast(tuple[Policy[Fraction], ...], numbers))


def _parameters(need: Need, rules: Mapping[str, Fraction], at: datetime) -> dict[str, Any]:
    back, ahead = int(rules[DAYS_BACK.key]), int(rules[DAYS_AHEAD.key])
    return {
        "starts_at": need.slot.start,
        "ends_at": need.slot.ends_at,
        "free_at": need.slot.free_at,
        "first_day": need.first_day,
        "last_day": need.last_day,
        "latitude": need.wish.zip.latitude,
        "longitude": need.wish.zip.longitude,
        "zip": need.wish.zip.code,
        "language": need.wish.language,
        "pets": list(need.wish.pets),
        "skill": need.wish.skill,
        "credential": need.wish.credential,
        "client": need.wish.client,
        "shift": need.shift,
        "zone": need.wish.zip.zone,
        "gap": int(rules[PAID_GAP_MINUTES.key]),
        "least_travel": int(rules[TRAVEL_MINUTES.key]),
        "detour": DETOUR * KM_PER_DEGREE / KM_PER_HOUR * 60,
        "window_start": at - timedelta(days=back),
        "window_end": at + timedelta(days=ahead),
        "window_days": back + ahead,
        "ahead": ahead,
        "today": at.astimezone(need.zone).date(),
        "agreed_on": timezone.localdate(at),
        **bounds(need.slot.start, need.zone),
    }


def positions(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """The record of one decision: everybody's numbers and reasons in the order of the turn."""
    return [candidate.as_record() for candidate in candidates]


_AGAINST = """
CASE
  WHEN NOT {matched} THEN 'not_matched'
  WHEN {credential} <> '' AND NOT EXISTS (
    SELECT FROM members_credential c
    WHERE c.member_id = m.id AND c.kind = {credential} AND c.issued_on <= {first_day}
      AND (c.expires_on IS NULL OR c.expires_on > {last_day})) THEN 'not_matched'
  WHEN EXISTS (
    SELECT FROM bookings_shift s JOIN coop_zipcode z ON z.code = s.zip_id
    WHERE s.member_id = m.id AND s.id IS DISTINCT FROM {shift}
      AND s.state IN ('held', 'offered', 'accepted', 'started')
      AND s.starts_at BETWEEN {starts_at} - interval '1 day' AND {ends_at} + interval '1 day'
      AND (
        s.span && tstzrange({starts_at}, {free_at})
        OR tstzrange(s.starts_at, s.ends_at) && tstzrange(
          {starts_at} - {travel} * interval '1 minute',
          {ends_at} + {travel} * interval '1 minute'))
  ) THEN 'busy'
  WHEN EXISTS (
    SELECT FROM bookings_offer o
    WHERE o.member_id = m.id AND o.shift_id = {shift} AND o.starts_at = {starts_at}
      AND o.state IN ('passed', 'expired', 'accepted')) THEN 'passed'
  WHEN EXISTS (SELECT FROM bookings_shift own WHERE own.id = {shift} AND m.id = ANY (own.given_back_by)) THEN 'passed'
  ELSE ''
END
"""
_NEEDS = (
    *("starts_at", "ends_at", "free_at", "first_day", "last_day", "latitude", "longitude"),
    *("skill", "language", "pets", "zip", "credential", "client", "shift", "agreed_on", "least_travel", "detour"),
)


def against_sql(need: Mapping[str, str]) -> str:
    """What speaks against member `m` but their hours, as SQL; `need` says in SQL what the shift asks for."""
    return _AGAINST.format(**need, travel=TRAVEL.format(**need), matched=MATCHED.format(**need))


_NEED = {name: f"%({name})s" for name in (*_NEEDS, *BOUNDS, "zone", "gap")}
_CANDIDATES = f"""
SELECT m.*, load.week, load.day, load.rest
FROM (
SELECT m.id,
       m.minutes_wanted,
       greatest(7, least(%(window_days)s, %(today)s::date - m.started_on + %(ahead)s)),
       coalesce(had.minutes, 0),
       coalesce(said_no.minutes, 0),
       date_part('epoch', coalesce(had.last_assigned, (
         SELECT s.assigned_at FROM bookings_shift s
         WHERE s.member_id = m.id AND s.state IN ('offered', 'accepted', 'started', 'done')
           AND s.id IS DISTINCT FROM %(shift)s
         ORDER BY s.starts_at DESC LIMIT 1))),
       {against_sql(_NEED)} AS against,
       {asked(HOURS, "first_day", "last_day")},
       EXISTS (
         SELECT FROM bookings_sendagain w
         WHERE w.member_id = m.id AND w.client_id = %(client)s AND w.withdrawn_at IS NULL)
FROM members_member m
LEFT JOIN (
  SELECT s.member_id,
         (date_part('epoch', sum(s.ends_at - s.starts_at)) / 60)::int AS minutes,
         max(s.assigned_at) AS last_assigned
  FROM bookings_shift s
  WHERE s.state IN ('offered', 'accepted', 'started', 'done')
    AND s.starts_at >= %(window_start)s AND s.starts_at < %(window_end)s
    AND s.visit_id <> ALL (ARRAY(SELECT r.again_id FROM bookings_redo r WHERE r.again_id IS NOT NULL))
    AND s.id IS DISTINCT FROM %(shift)s
  GROUP BY s.member_id
) had ON had.member_id = m.id
LEFT JOIN (
  SELECT passed.member_id, sum(passed.minutes)::int AS minutes
  FROM (
    SELECT DISTINCT o.member_id, s.id, date_part('epoch', s.ends_at - s.starts_at) / 60 AS minutes
    FROM bookings_offer o JOIN bookings_shift s ON s.id = o.shift_id
    WHERE o.state = 'passed' AND o.counts AND o.member_id IS DISTINCT FROM s.member_id AND s.state <> 'cancelled'
      AND s.starts_at >= %(window_start)s AND s.starts_at < %(window_end)s
  ) passed
  GROUP BY passed.member_id
) said_no ON said_no.member_id = m.id
WHERE m.id IN (SELECT working.member_id FROM members_stretch working
               WHERE working.days @> %(first_day)s::date AND working.state IN {ASKED_SQL})
OFFSET 0) m LEFT JOIN {load_sql(_NEED, whose=f"m.against IN {ABLE}")} ON true
"""  # noqa: S608 - put together from our own words at import; what people typed comes as parameters
