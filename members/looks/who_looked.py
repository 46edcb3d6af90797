"""What this room says of who looked, and of what was done to somebody's record."""

from django.utils.translation import gettext_lazy as _

from coop.events import Event
from coop.policies import Text
from members.looks.looks import Look
from members.looks.told import Seen, register
from members.people.members import Member
from members.people.users import User

DONE: dict[str, Text] = {
    "give_skills": _("what you can do was written down"),
    "change": _("what you said to be changed was written down"),
    "admit": _("you became a member"),
    "go_on_leave": _("you went on leave"),
    "come_back": _("you came back"),
    "give_notice": _("that you leave was written down"),
    "suspend": _("you were suspended"),
    "reinstate": _("your suspension ended"),
    "leave_coop": _("you left"),
}
"""What is told of a member's record. Whatever stands here was told to them when it happened."""


def looked(user: User, most: int) -> list[Seen]:
    rows = Look.objects.filter(about=user).select_related("by").order_by("-at", "-pk")[:most]
    return [Seen(row.at, row.by, row.get_page_display()) for row in rows]


def done(user: User, most: int) -> list[Seen]:
    if user.membership is None:
        return []
    events = Event.objects.filter(kind=Member._meta.label_lower, subject=user.membership.pk, verb__in=DONE)
    theirs = events.exclude(actor=user).filter(actor__isnull=False).select_related("actor").order_by("-at", "-pk")
    return [Seen(one.at, one.actor, DONE[one.verb]) for one in theirs[:most] if one.actor]


register(looked=looked, done=done)
