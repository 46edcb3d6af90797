"""Whose turn it is, and why.

The shift goes to the qualified, free person who has had the smallest share of the hours they asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from bookings.openings import DETOUR, KM_PER_DEGREE, KM_PER_HOUR, Point
from bookings.policies import (
    ANSWER_FAR_MINUTES,
    ANSWER_NEAR_MINUTES,
    ANSWER_SOON_MINUTES,
    DAYS_AHEAD,
    DAYS_BACK,
    PASS_WEIGHT,
    QUIET_FROM,
    QUIET_UNTIL,
    TRAVEL_MINUTES,
)
from coop.policies import values

NEVER = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True)
class Need:
    """What a shift asks of whoever takes it. `shift` is its own id, so that it does not stand in its own way."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    place: Point
    skill: str
    credential: str
    client: int | None
    shift: int | None


@dataclass(frozen=True)
class Candidate:
    """One member, what they received of what they asked for (minutes), and what speaks against them here.

    `against` is empty for somebody who can do it, else: `not_matched` (skill, credential or a private reason),
    `away` (outside their hours or on leave), `busy` (another shift or the way to it), `passed` (said no before).
    """

    member: int
    received: Fraction
    wanted: Fraction
    last_assigned: datetime | None
    against: str

    @property
    def share(self) -> Fraction:
        return self.received / self.wanted

    @property
    def turn(self) -> tuple[bool, Fraction, datetime, int]:
        """The order in which members are asked: smallest share, then least recently assigned, then id."""
        return (
            bool(self.against),
            self.share,
            self.last_assigned or NEVER,
            self.member,
        )

    def as_record(self) -> dict[str, int | str | float]:
        """What is written down and shown to members; private reasons read `not_matched`."""
        return {
            "member": self.member,
            "received": round(float(self.received)),
            "wanted": round(float(self.wanted)),
            "share": round(float(self.share), 4),
            "against": self.against,
        }


def in_turn(need: Need, *, at: datetime) -> list[Candidate]:
    """Every working member in the order of the turn; those who can do it come first. Three queries."""
    day = timezone.localdate(at)
    rules = values(day, (DAYS_BACK, DAYS_AHEAD, TRAVEL_MINUTES))
    weight = PASS_WEIGHT.on(day)
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, _parameters(need, rules, at))
        rows = cursor.fetchall()
    return sorted((_candidate(row, weight) for row in rows), key=lambda candidate: candidate.turn)


def lock_date(moment: datetime, zone: ZoneInfo) -> None:
    """Serialise the assignments of one day until this transaction ends; taken before any row (two at once queue)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [moment.astimezone(zone).toordinal()])


def _parameters(need: Need, rules: Mapping[str, int], at: datetime) -> dict[str, Any]:
    begins, ends = need.starts_at.astimezone(need.zone), need.ends_at.astimezone(need.zone)
    return {
        "starts_at": need.starts_at,
        "ends_at": need.ends_at,
        "day": begins.date(),
        "weekday": begins.weekday(),
        "local_start": begins.time(),
        "local_end": ends.time(),
        "latitude": need.place[0],
        "longitude": need.place[1],
        "skill": need.skill,
        "credential": need.credential,
        "client": need.client,
        "shift": need.shift,
        "least_travel": rules[TRAVEL_MINUTES.key],
        "detour": DETOUR * KM_PER_DEGREE / KM_PER_HOUR * 60,
        "window_start": at - timedelta(days=rules[DAYS_BACK.key]),
        "window_end": at + timedelta(days=rules[DAYS_AHEAD.key]),
        "window_days": rules[DAYS_BACK.key] + rules[DAYS_AHEAD.key],
        "ahead": rules[DAYS_AHEAD.key],
        "today": at.astimezone(need.zone).date(),
    }


def _candidate(row: tuple[int, int, float, int, int, datetime | None, str], weight: Fraction) -> Candidate:
    member, minutes_wanted, weeks, assigned, passed, last_assigned, against = row
    return Candidate(
        member=member,
        received=assigned + weight * passed,
        wanted=max(minutes_wanted * Fraction(weeks), Fraction(60)),
        last_assigned=last_assigned,
        against=against,
    )


def positions(candidates: Iterable[Candidate]) -> list[dict[str, int | str | float]]:
    """The record of one decision: everybody's numbers and reasons in the order of the turn."""
    return [candidate.as_record() for candidate in candidates]


_CANDIDATES = """
SELECT m.id,
       m.minutes_wanted,
       greatest(1, least(%(window_days)s, %(today)s::date - m.started_on + %(ahead)s) / 7.0)::float,
       coalesce(had.minutes, 0),
       coalesce(said_no.minutes, 0),
       had.last_assigned,
       CASE
         WHEN NOT m.skills @> ARRAY[%(skill)s]::varchar[] THEN 'not_matched'
         WHEN %(credential)s <> '' AND NOT EXISTS (
           SELECT FROM members_credential c
           WHERE c.member_id = m.id AND c.kind = %(credential)s AND c.issued_on <= %(day)s
             AND (c.expires_on IS NULL OR c.expires_on > %(day)s)) THEN 'not_matched'
         WHEN EXISTS (
           SELECT FROM bookings_donotsend d
           WHERE d.member_id = m.id AND d.client_id = %(client)s AND d.lifted_at IS NULL) THEN 'not_matched'
         WHEN EXISTS (
           SELECT FROM bookings_offer o
           WHERE o.member_id = m.id AND o.shift_id = %(shift)s AND o.state IN ('passed', 'expired')) THEN 'passed'
         WHEN EXISTS (
           SELECT FROM members_leave l
           WHERE l.member_id = m.id AND %(day)s BETWEEN l.starts_on AND l.ends_on) THEN 'away'
         WHEN NOT EXISTS (
           SELECT FROM members_availability a
           WHERE a.member_id = m.id AND a.weekday = %(weekday)s
             AND a.starts <= %(local_start)s AND a.ends >= %(local_end)s) THEN 'away'
         WHEN EXISTS (
           SELECT FROM bookings_shift s JOIN coop_zipcode z ON z.code = s.zip_id
           WHERE s.member_id = m.id AND s.id IS DISTINCT FROM %(shift)s
             AND s.state IN ('held', 'offered', 'accepted', 'started')
             AND s.starts_at BETWEEN %(starts_at)s - interval '1 day' AND %(ends_at)s + interval '1 day'
             AND tstzrange(s.starts_at, s.ends_at) && tstzrange(
               %(starts_at)s - travel.minutes * interval '1 minute', %(ends_at)s + travel.minutes * interval '1 minute')
         ) THEN 'busy'
         ELSE ''
       END
FROM members_member m
LEFT JOIN (
  SELECT s.member_id,
         sum(extract(epoch FROM s.ends_at - s.starts_at) / 60)::int AS minutes,
         max(s.assigned_at) AS last_assigned
  FROM bookings_shift s
  WHERE s.state IN ('offered', 'accepted', 'started', 'done')
    AND s.starts_at >= %(window_start)s AND s.starts_at < %(window_end)s
    AND s.id IS DISTINCT FROM %(shift)s
  GROUP BY s.member_id
) had ON had.member_id = m.id
LEFT JOIN (
  SELECT o.member_id, sum(extract(epoch FROM s.ends_at - s.starts_at) / 60)::int AS minutes
  FROM bookings_offer o JOIN bookings_shift s ON s.id = o.shift_id
  WHERE o.state = 'passed' AND o.counts AND s.starts_at >= %(window_start)s AND s.starts_at < %(window_end)s
  GROUP BY o.member_id
) said_no ON said_no.member_id = m.id
WHERE m.state IN ('candidate', 'member')
"""
_TRAVEL = """(%(least_travel)s + %(detour)s * sqrt(
    power(z.latitude - %(latitude)s, 2) + power((z.longitude - %(longitude)s) * cos(radians(%(latitude)s)), 2)))"""
_CANDIDATES = _CANDIDATES.replace("travel.minutes", _TRAVEL)


def answer_by(*, at: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When an offer made `at` must be answered: sooner the nearer the shift, and the clock stops at night.

    Never later than the start of the shift.
    """
    rules = values(
        timezone.localdate(at), (ANSWER_FAR_MINUTES, ANSWER_NEAR_MINUTES, ANSWER_SOON_MINUTES, QUIET_FROM, QUIET_UNTIL)
    )
    ahead = starts_at - at
    policy = (
        ANSWER_FAR_MINUTES
        if ahead > timedelta(hours=48)
        else ANSWER_NEAR_MINUTES
        if ahead >= timedelta(hours=6)
        else ANSWER_SOON_MINUTES
    )
    left = timedelta(minutes=rules[policy.key])
    return min(awake(at, left, zone, rules[QUIET_FROM.key], rules[QUIET_UNTIL.key]), starts_at)


def awake(at: datetime, left: timedelta, zone: ZoneInfo, quiet_from: int, quiet_until: int) -> datetime:
    """The moment when `left` of waking time has gone by since `at`."""
    local = at.astimezone(zone)
    morning = local.replace(hour=quiet_until, minute=0, second=0, microsecond=0)
    if local < morning:
        local = morning
    evening = morning.replace(hour=0) + timedelta(hours=quiet_from)
    if local >= evening:
        local = morning + timedelta(days=1)
        evening += timedelta(days=1)
    until_night = evening.astimezone(ZoneInfo("UTC")) - local.astimezone(ZoneInfo("UTC"))
    if left <= until_night:
        return local.astimezone(ZoneInfo("UTC")) + left
    return awake(evening, left - until_night, zone, quiet_from, quiet_until)
