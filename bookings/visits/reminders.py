"""Reminders of visits to come: three days and one day before, by day, once each; and tomorrow's shifts in the evening.

A reminder is written when it is due and not before, so a visit that was moved or called off meanwhile has none; the
start stands in its key, so a visit at another time is reminded of anew.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Max
from django.utils import timezone

from bookings.policies import REMIND_FIRST_HOURS, REMIND_LAST_HOURS
from bookings.states import BookingState
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.jobs import process_each
from coop.models import Event
from coop.policies import policy_cache, values
from members.models import Notice
from members.notices import notice_timing

EVENING = 18
"""The hour from which a list of tomorrow's shifts goes out, until people are no longer written to."""
LATEST = timedelta(hours=12)
"""So long after its time a reminder may still go out: over the night, or after the site was down."""


@policy_cache()
def remind(*, at: datetime) -> None:
    """Write what is due by `at`; safe to run every minute."""
    rules = values(timezone.localdate(at), (REMIND_FIRST_HOURS, REMIND_LAST_HOURS))
    for hours in sorted(set(rules.values())):
        before = timedelta(hours=hours)
        due = {_key(visit, hours): visit for visit in _known_since(before, _coming(before, at=at))}
        written = set(Notice.objects.filter(key__in=due).values_list("key", flat=True))
        news = [(key, visit) for key, visit in due.items() if key not in written]
        process_each(news, lambda row: _write(*row, at=at))


def _key(visit: Visit, hours: int) -> str:
    return f"reminder:{visit.pk}:{hours}:{visit.starts_at.timestamp():.0f}"


def _coming(before: timedelta, *, at: datetime) -> list[Visit]:
    """Visits that begin so soon, and for which it is not too late to say so."""
    window = (at + before - min(LATEST, before), at + before)
    coming = Visit.objects.filter(
        state=Visit.State.SCHEDULED, booking__state=BookingState.CONFIRMED, starts_at__range=window
    )
    return list(coming.with_related().order_by("starts_at", "pk"))


def _known_since(before: timedelta, visits: list[Visit]) -> Iterable[Visit]:
    """Those that were booked, or moved to their time, before the reminder was due: what is fresh needs none."""
    kind, pks = Visit._meta.label_lower, [visit.pk for visit in visits]
    moves = Event.objects.filter(kind=kind, subject__in=pks, verb="reschedule")
    moved = dict(moves.values_list("subject").annotate(Max("at")))
    for visit in visits:
        told = [moment for moment in (visit.booking.confirmed_at, moved.get(visit.pk)) if moment]
        if all(moment <= visit.starts_at - before for moment in told):
            yield visit


def _write(key: str, visit: Visit, *, at: datetime) -> None:
    """Day, time and the first names of those who come; never the service, which may say something about health."""
    if notice_timing.by_day(at, visit.zone) != at:
        return
    names = [person.user.first_name for person in visit.people()]
    booker = visit.booking.quote.email if visit.booking.quote else ""
    for user in visit.booking.client.told(booker=booker):
        Notice.post(
            key if user == visit.booking.client.user else f"{key}:{user.pk}",
            to=user,
            mail="reminder",
            at=at,
            about={"booking": visit.booking, "visit": visit, "names": names},
        )


@policy_cache()
def list_tomorrow(*, at: datetime) -> None:
    """Send those who wish so a list of tomorrow's shifts, once it is evening where they live."""
    wished = Shift.objects.filter(state=Shift.State.ACCEPTED, member__user__reach__tomorrow=True)
    coming = wished.filter(starts_at__range=(at, at + timedelta(days=2))).select_related(
        "zip", "member__user", "member__zip"
    )
    people = groupby(coming.order_by("member", "starts_at"), key=lambda shift: shift.member)
    process_each([list(shifts) for _member, shifts in people], lambda shifts: _list(shifts, at=at))


def _list(shifts: list[Shift], *, at: datetime) -> None:
    """The shifts of one member, of which tomorrow's are told."""
    member = shifts[0].member
    assert member is not None
    zone = notice_timing.zone_of(member.user)
    day = at.astimezone(zone).date() + timedelta(days=1)
    theirs = [shift for shift in shifts if shift.starts_at.astimezone(zone).date() == day]
    if theirs and at.astimezone(zone).hour >= EVENING and notice_timing.by_day(at, zone) == at:
        key, about = f"tomorrow:{member.pk}:{day}", {"shifts": theirs}
        Notice.post(key, to=member.user, mail="tomorrow", at=at, about=about)
