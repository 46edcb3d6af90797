"""What ends at the moment in which somebody stops being a member."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from members.signals import membership_ended

if TYPE_CHECKING:
    from members.people.users import User
    from members.standing.changes import WithStanding


def end_access(member: "WithStanding", *, since: datetime | None = None, at: datetime, by: "User | None") -> None:
    """They are no member any more, since now or a moment before: end their offices and all that hangs on it, sign
    them out everywhere, and forget where their browsers and calendars hear of their work.

    As a client they sign in anew and keep what is theirs: the calendar of their home stays.
    """
    standing = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at))
    for term in member.terms.filter(standing, ended_at=None):
        term.end(at=at, by=by, note="left the co-op")
    member.user.end_sessions()
    member.user.push_addresses.all().delete()
    member.user.calendar_addresses.of_shifts().revoke(at=at)
    end_membership(member, since=since or at, at=at, by=by)


def end_membership(member: "WithStanding", *, since: datetime, at: datetime, by: "User | None") -> None:
    """What hung on their membership ends: it is over since this moment."""
    membership_ended.send(sender=type(member), subject=member, since=since, at=at, by=by)


def beginning(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))
