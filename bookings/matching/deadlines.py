"""Until when an offer waits for its answer: the clock stops at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.policies import ANSWER_FAR_MINUTES, ANSWER_NEAR_MINUTES, ANSWER_SOON_MINUTES, QUIET_FROM, QUIET_UNTIL
from coop.policies import values


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


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    """Is it an hour there in which nobody is asked anything?"""
    rules = values(timezone.localdate(at), (QUIET_FROM, QUIET_UNTIL))
    return awake(at, timedelta(0), zone, rules[QUIET_FROM.key], rules[QUIET_UNTIL.key]) != at


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
