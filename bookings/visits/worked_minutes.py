"""How long somebody has worked since they started, for the time as a candidate."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F, Sum

from bookings.states import ShiftState
from bookings.visits.shifts.shifts import Shift
from members.models import Member

A_MINUTE = timedelta(minutes=1)


def worked_minutes(members: Collection[Member]) -> dict[int, int]:
    """Planned minutes of what was done, by the member's number. One query."""
    since = F("member__started_on")
    done = Shift.objects.filter(state=ShiftState.DONE, member__in=members, starts_at__date__gte=since)
    rows = done.order_by().values_list("member").annotate(time=Sum(F("ends_at") - F("starts_at")))
    return {member: time // A_MINUTE for member, time in rows}
