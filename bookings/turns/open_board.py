"""The open board: shifts that went round and found nobody, as one member sees them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from bookings.matching.legal_hours import LIMITS, Load, briefly, load_sql, warnings
from bookings.matching.openings import DETOUR, KM_PER_DEGREE, KM_PER_HOUR
from bookings.matching.rotation import against_sql, with_hours
from bookings.matching.slots import A_DAY, HOURS, asked, hours_of
from bookings.policies import PAID_GAP_MINUTES, TRAVEL_MINUTES
from bookings.visits.shifts.shifts import Shift
from coop.policies import values
from members.hours.free_hours import Hours
from members.models import Member

MOST_SHIFTS = 60


def against(member: Member, shifts: list[Shift], *, at: datetime) -> dict[int, str]:
    """For each of these shifts, what speaks against this member taking it; empty when nothing does.

    The same reasons by the same rule as in the turn. Three queries, whatever the number of shifts.
    """
    today = timezone.localdate(at)
    about: dict[str, Any] = {"least": TRAVEL_MINUTES.on(today), "agreed_on": today}
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, {**about, "member": member.pk, "shifts": [shift.pk for shift in shifts]})
        reasons = dict(cursor.fetchall())
    hours = hours_in(member, [shift.starts_at for shift in shifts])
    return {shift.pk: with_hours(reasons[shift.pk], fits=shift.need().fits(hours)) for shift in shifts}


def open_to(member: Member, *, at: datetime) -> list[Shift]:
    """The shifts that this member may take, soonest first.

    Of the others nothing is told, nor how many they are: whoever is free all week would see that a home is closed to
    them, and by when the number falls, its hour.
    """
    board = list(Shift.objects.on_board(at).with_related().prefetch_related("visit__shifts")[:MOST_SHIFTS])
    reasons = against(member, board, at=at)
    return [shift for shift in board if reasons[shift.pk] in ("", "passed")]


def warned(
    member: Member, shifts: list[Shift], *, at: datetime, instead: Sequence[Shift | None] | None = None
) -> list[list[str]]:
    """For each of these shifts, what this member should know of their hours before they take it. Two queries.

    `instead` are those that they would give for them, one by one.
    """
    rules = values(timezone.localdate(at), LIMITS)
    return [warnings(load, rules) for load in _loads(member, shifts, instead, gap=int(rules[PAID_GAP_MINUTES.key]))]


def past(member: Member, shifts: list[Shift], *, at: datetime, instead: Sequence[Shift | None]) -> list[str]:
    """The same in a few words for each, empty for whoever stays within legal hours. Two queries."""
    rules = values(timezone.localdate(at), LIMITS)
    loads = _loads(member, shifts, instead, gap=int(rules[PAID_GAP_MINUTES.key]))
    return [", ".join(briefly(load.over(rules), rules)) for load in loads]


def _loads(member: Member, shifts: list[Shift], instead: Sequence[Shift | None] | None, *, gap: int) -> list[Load]:
    wanted: dict[str, Any] = {
        "gap": gap,
        "member": member.pk,
        "shifts": [shift.pk for shift in shifts],
        "given": [one.pk if one else None for one in instead or [None] * len(shifts)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, wanted)
        return [Load(*load) for load in cursor.fetchall()]


def hours_in(member: Member, moments: list[datetime]) -> Hours:
    """The hours of a member on all days on which something begins at these moments, and the days beside them."""
    days = [timezone.localdate(moment) for moment in moments] or [timezone.localdate()]
    around: dict[str, Any] = {"first_day": min(days) - A_DAY, "last_day": max(days) + A_DAY, "member": member.pk}
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, around)
        ((text,),) = cursor.fetchall()
    return hours_of(text)


_HOURS = f"SELECT {asked(HOURS, 'first_day', 'last_day')} FROM members_member m WHERE m.id = %(member)s"  # noqa: S608
_REASONS = f"""
SELECT work.id, {
    against_sql(
        {
            "starts_at": "work.starts_at",
            "ends_at": "work.ends_at",
            "free_at": "upper(work.span)",
            "first_day": "(work.starts_at AT TIME ZONE place.zone)::date",
            "last_day": "((work.ends_at - interval '1 microsecond') AT TIME ZONE place.zone)::date",
            "latitude": "place.latitude",
            "longitude": "place.longitude",
            "zip": "work.zip_id",
            "language": "home.spoken",
            "pets": "home.pets",
            "skill": "service.skill",
            "credential": "service.credential",
            "client": "home.client_id",
            "shift": "work.id",
            "agreed_on": "%(agreed_on)s",
            "least_travel": "%(least)s",
            "detour": repr(DETOUR * KM_PER_DEGREE / KM_PER_HOUR * 60),
        }
    )
}
FROM bookings_shift work
JOIN members_member m ON m.id = %(member)s
JOIN coop_zipcode place ON place.code = work.zip_id
JOIN bookings_visit visit ON visit.id = work.visit_id
JOIN bookings_booking booking ON booking.id = visit.booking_id
JOIN bookings_home home ON home.id = booking.home_id
JOIN bookings_service service ON service.id = booking.service_id
WHERE work.id = ANY(%(shifts)s)
"""  # noqa: S608 - names of our own columns; every value comes as a parameter
_LOADS = f"""
SELECT load.week, load.day, load.rest
FROM unnest(%(shifts)s::bigint[], %(given)s::bigint[]) WITH ORDINALITY AS asked (shift, given, number)
JOIN bookings_shift work ON work.id = asked.shift
JOIN members_member m ON m.id = %(member)s
JOIN coop_zipcode place ON place.code = work.zip_id
CROSS JOIN {
    load_sql(
        {
            "starts_at": "work.starts_at",
            "ends_at": "work.ends_at",
            "zone": "place.zone",
            "shift": "work.id",
            "gap": "%(gap)s",
        },
        without="asked.given",
    )
}
ORDER BY asked.number
"""  # noqa: S608 - as above
