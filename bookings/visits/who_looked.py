"""What the office did to somebody's visits, told to that household."""

from django.utils.translation import gettext_lazy as _

from bookings.visits.visits import Visit
from coop.events import Event
from coop.policies import Text
from members.looks.told import Seen, register
from members.models import User

DONE: dict[str, Text] = {
    "reschedule": _("a visit was moved"),
    "cancel": _("a visit was cancelled"),
    "miss": _("it was written down that nobody could come"),
}


def done(user: User, most: int) -> list[Seen]:
    """Whatever stands here was told to them when it happened."""
    mine = Visit.objects.filter(booking__home__client__user=user).values("pk")
    events = Event.objects.filter(kind=Visit._meta.label_lower, subject__in=mine, verb__in=DONE)
    theirs = events.exclude(actor=user).filter(actor__isnull=False).select_related("actor").order_by("-at", "-pk")
    return [Seen(one.at, one.actor, DONE[one.verb]) for one in theirs[:most] if one.actor]


register(done=done)
