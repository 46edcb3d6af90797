"""What ends at the moment in which somebody stops being a member."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from members.people.users import User
    from members.standing.changes import WithStanding


def end_access(member: "WithStanding", *, at: datetime, by: "User | None") -> None:
    """End their offices, sign them out everywhere, and forget where their browsers and calendars hear of their work.

    As a client they sign in anew and keep what is theirs: the calendar of their home stays.
    """
    standing = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at))
    for term in member.terms.filter(standing, ended_at=None):
        term.end(at=at, by=by, note="left the co-op")
    member.user.end_sessions()
    member.user.push_addresses.all().delete()
    member.user.calendar_addresses.of_shifts().revoke(at=at)
