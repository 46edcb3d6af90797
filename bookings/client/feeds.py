"""One's visits or shifts as a calendar that a program asks for again and again."""

from datetime import datetime, timedelta

from bookings.visits.ics import changed_at, feed_of, shift_event, visit_event
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from members.models import User

LOOK_BACK = timedelta(days=30)
"""How long a calendar goes on to show what is over, and what was cancelled."""

MOST_ENTRIES = 500
"""Entries of one calendar."""


def visits_feed(user: User, *, at: datetime) -> bytes:
    """The visits at somebody's homes, cancelled ones marked so for a month. Three queries."""
    mine = Visit.objects.at_homes_of(user).filter(starts_at__gt=at - LOOK_BACK, booking__confirmed_at__isnull=False)
    whole = mine.select_related("booking__service", "booking__home__zip")
    rows = list(whole.order_by("starts_at", "pk")[:MOST_ENTRIES])
    changed = changed_at(rows)
    return feed_of(visit_event(visit, stamp=visit.booking.confirmed_at, changed=changed) for visit in rows)


def shifts_feed(user: User, *, at: datetime) -> bytes:
    """The shifts that a member has: when, and in which ZIP code; whose home and what is done there stay on our pages.

    What they no longer have is simply not there any more, in the same way whatever the reason. Three queries.
    """
    assert user.membership is not None
    have = Shift.objects.of(user.membership).coming()
    lately = have.filter(starts_at__gt=at - LOOK_BACK).select_related("visit__booking")
    rows = list(lately.order_by("starts_at", "pk")[:MOST_ENTRIES])
    changed = changed_at(rows)
    return feed_of(shift_event(shift, changed=changed) for shift in rows)
