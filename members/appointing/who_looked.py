"""What others did to somebody's offices, told to that person."""

from coop.events import Event
from members.appointing.office_changes import OfficeChange
from members.looks.told import Seen, register
from members.people.users import User


def done(user: User, most: int) -> list[Seen]:
    """That they took an office or that a term of theirs ended, once it held. Two queries."""
    rows = OfficeChange.objects.filter(member__user=user, state=OfficeChange.State.DONE)
    changes = {row.pk: row for row in rows.select_related("member__user").order_by("-pk")[:most]}
    events = Event.objects.filter(kind=OfficeChange._meta.label_lower, subject__in=changes, verb="confirm")
    theirs = events.exclude(actor=user).filter(actor__isnull=False).select_related("actor").order_by("-at", "-pk")
    return [Seen(one.at, one.actor, str(changes[one.subject])) for one in theirs if one.actor]


register(done=done)
