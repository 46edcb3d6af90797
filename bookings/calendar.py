"""The times that can be sold: reads the co-op's calendars and asks `openings`. Three queries whatever their number."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Q

from bookings.openings import Window, at_least, starts, travel_minutes
from bookings.policies import TRAVEL_MINUTES
from coop.models import ZipCode
from members.models import Availability, Leave

if TYPE_CHECKING:
    from bookings.models import Client, Service

ALWAYS = date(9999, 12, 31)


def openings(
    *,
    service: "Service",
    place: ZipCode,
    minutes: int,
    first: date,
    days: int,
    earliest: datetime,
    latest: datetime,
    client: "Client | None",
    quote: int | None,
    at: datetime,
) -> list[datetime]:
    """Start times on the half hour at which enough qualified members are free for the whole visit.

    Travel to and from each member's other visits is kept free, rounded up to quarters. Holds that have lapsed
    and the quote's own do not count as busy.
    """
    window = Window(first, days, ZoneInfo(place.zone))
    free = _open_hours(window, service, client)
    for member, mask in _taken(window, place, quote, at).items():
        if member in free:
            free[member] &= ~mask
    quarters = -(-minutes // service.crew // 15)
    able = at_least((starts(mask, quarters) for mask in free.values()), service.crew)
    able &= window.on_the_half_hour() & window.inner((earliest, latest + timedelta(minutes=15)))
    return window.moments(able)


def _open_hours(window: Window, service: "Service", client: "Client | None") -> dict[int, int]:
    """Per qualified member, the quarters in which they take work."""
    from bookings.models.guards import DoNotSend

    able = Q(member__state__in=["candidate", "member"], member__skills__contains=[service.skill])
    if client is not None:
        kept_away = DoNotSend.objects.standing().filter(client=client).values("member")
        able &= ~Q(member__in=kept_away)
    rows = Availability.objects.filter(able)
    if service.credential:
        held = Q(member__credentials__kind=service.credential, member__credentials__issued_on__lte=window.first)
        rows = rows.filter(held).annotate(
            until=Max("member__credentials__expires_on", filter=held, default=ALWAYS),
        )
    else:
        rows = rows.annotate(until=Max(F("member__started_on"), filter=Q(pk=None), default=ALWAYS))
    week: dict[int, set[tuple[int, time, time]]] = defaultdict(set)
    until: dict[int, date] = {}
    for member, weekday, begins, ends, expires in rows.values_list("member", "weekday", "starts", "ends", "until"):
        week[member].add((weekday, begins, ends))
        until[member] = expires
    same: dict[frozenset[tuple[int, time, time]], int] = {}
    free = {}
    for member, spans in week.items():
        key = frozenset(spans)
        if key not in same:
            same[key] = window.weekly(spans)
        free[member] = same[key]
        if until[member] < window.first + timedelta(days=window.days):
            free[member] &= ~window.whole_days(until[member], ALWAYS - timedelta(days=2))
    last = window.first + timedelta(days=window.days)
    for leave in Leave.objects.filter(starts_on__lt=last, ends_on__gte=window.first):
        if leave.member_id in free:
            free[leave.member_id] &= ~window.whole_days(leave.starts_on, leave.ends_on)
    return free


def _taken(window: Window, place: ZipCode, quote: int | None, at: datetime) -> dict[int, int]:
    """Per member, the quarters taken by their shifts and the way between those homes and `place`."""
    from bookings.models.shifts import Shift

    here = (place.latitude, place.longitude)
    least = TRAVEL_MINUTES.on(window.first)
    rows = (
        Shift.objects.taking_time(at)
        .filter(starts_at__gte=window.origin - timedelta(days=1), starts_at__lt=window.moment(window.size))
        .exclude(Q(quote=quote, visit=None) if quote else Q(pk=None))
        .values_list("member", "starts_at", "ends_at", "zip__latitude", "zip__longitude")
    )
    ways: dict[tuple[float, float], timedelta] = {}
    taken: dict[int, int] = defaultdict(int)
    for member, begins, ends, latitude, longitude in rows:
        there = (latitude, longitude)
        if there not in ways:
            ways[there] = timedelta(minutes=travel_minutes(here, there, least=least))
        taken[member] |= window.outer((begins - ways[there], ends + ways[there]))
    return taken
