"""Who saw how to get into somebody's home, and what the office did to their household, told to that household."""

from django.utils.translation import gettext_lazy as _

from bookings.households.clients import Client
from bookings.households.note_views import AccessView
from coop.events import Event
from coop.policies import Text
from members.looks.told import Seen, register
from members.models import User

DONE: dict[str, Text] = {"by_phone": _("your household was written down, on the phone")}


def looked(user: User, most: int) -> list[Seen]:
    rows = AccessView.objects.filter(home__client__user=user).exclude(user=user).select_related("user")
    return [Seen(row.at, row.user, _("how to get into your home")) for row in rows.order_by("-at", "-pk")[:most]]


def done(user: User, most: int) -> list[Seen]:
    mine = Client.objects.filter(user=user).values("pk")
    events = Event.objects.filter(kind=Client._meta.label_lower, subject__in=mine, verb__in=DONE)
    theirs = events.exclude(actor=user).filter(actor__isnull=False).select_related("actor").order_by("-at", "-pk")
    return [Seen(one.at, one.actor, DONE[one.verb]) for one in theirs[:most] if one.actor]


register(looked=looked, done=done)
