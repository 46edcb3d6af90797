"""Accepted shifts that no longer lie inside their member's hours. They stay theirs until they say otherwise."""

from datetime import datetime

from bookings.board import hours_in
from bookings.models import Shift
from members.models import Member


def outside_hours(member: Member, *, at: datetime) -> list[Shift]:
    """The accepted shifts to come outside the hours of this member, soonest first. Two queries."""
    accepted = Shift.objects.of(member).filter(state=Shift.State.ACCEPTED, starts_at__gt=at)
    shifts = list(accepted.whole().prefetch_related("visit__shifts").order_by("starts_at"))
    if not shifts:
        return []
    hours = hours_in(member, [shift.starts_at for shift in shifts])
    return [shift for shift in shifts if not shift.need().fits(hours)]
