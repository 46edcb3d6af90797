"""What others did to somebody's certificates, told to that person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coop.events import Event
from coop.policies import Text
from members.credentials.credentials import Credential
from members.credentials.evidence import Evidence
from members.looks.told import Seen, register
from members.people.users import User

SHOWN, HELD = Evidence._meta.label_lower, Credential._meta.label_lower
DONE: dict[tuple[str, str], Text] = {
    (SHOWN, "show"): _("a certificate was written down for you"),
    (SHOWN, "accept"): _("a certificate that you showed was accepted"),
    (SHOWN, "refuse"): _("a certificate that you showed was not accepted"),
    (HELD, "end"): _("a certificate of yours was ended"),
}


def done(user: User, most: int) -> list[Seen]:
    """Whatever stands here was told to them when it happened. One query."""
    shown = Q(kind=SHOWN, subject__in=Evidence.objects.filter(member__user=user).values("pk"))
    held = Q(kind=HELD, subject__in=Credential.objects.filter(member__user=user).values("pk"))
    events = Event.objects.filter(shown | held, verb__in={verb for _kind, verb in DONE}, actor__isnull=False)
    theirs = events.exclude(actor=user).select_related("actor").order_by("-at", "-pk")[:most]
    told = [(one, DONE.get((one.kind, one.verb))) for one in theirs]
    return [Seen(one.at, one.actor, what) for one, what in told if one.actor and what]


register(done=done)
