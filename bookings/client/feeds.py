"""One's visits or shifts as a calendar that a program asks for again and again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.models import User
from bookings.visits.ics import _changed, _feed, _shift, _visit

LOOK_BACK = timedelta(days=30)
"""How long a calendar goes on to show what is over, and what was cancelled."""


MOST = 500
"""Entries of one calendar."""


def visits_feed(user: "User", *, at: datetime) -> bytes:
    """The visits at somebody's homes, cancelled ones marked so for a month. Three queries."""
    from bookings.visits.visits import Visit

    mine = Visit.objects.at_homes_of(user).filter(starts_at__gt=at - LOOK_BACK, booking__confirmed_at__isnull=False)
    whole = mine.select_related("booking__service", "booking__home__zip")
    rows = list(whole.order_by("starts_at", "pk")[:MOST])
    changed = _changed(rows)
    return _feed(_visit(visit, stamp=visit.booking.confirmed_at, changed=changed) for visit in rows)


def shifts_feed(user: "User", *, at: datetime) -> bytes:
    """The shifts that a member has: when, and in which ZIP code; whose home and what is done there stay on our pages.

    What they no longer have is simply not there any more, in the same way whatever the reason. Three queries.
    """
    from bookings.visits.shifts import Shift

    assert user.membership is not None
    have = Shift.objects.of(user.membership).filter(state__in=["accepted", "started", "done"])
    lately = have.filter(starts_at__gt=at - LOOK_BACK).select_related("visit__booking")
    rows = list(lately.order_by("starts_at", "pk")[:MOST])
    changed = _changed(rows)
    return _feed(_shift(shift, changed=changed) for shift in rows)
