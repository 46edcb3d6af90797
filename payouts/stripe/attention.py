"""What Stripe told us that could not be dealt with, and background work that does not run."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.models import Heartbeat
from coop.web.attention import Row, WaitingList, register
from members.models import User
from payouts.stripe.webhooks import WebhookEvent, WebhookEventQuerySet

LATE = timedelta(minutes=5)
"""After so long without coming by, a sweep is late."""


def _events(_user: User, _at: datetime) -> WebhookEventQuerySet:
    return WebhookEvent.objects.in_trouble().order_by("received_at", "pk")


def _event(event: WebhookEvent) -> Row:
    reason = _("It was tried several times. Whoever looks after the machine reads below what went wrong.")
    return Row(str(event), since=event.received_at, reason=reason, trace=event.trouble)


def _beats(_user: User, at: datetime) -> list[tuple[Heartbeat, bool]]:
    """Sweeps with trouble, with rows that they passed by, or that are late; each with whether it is late."""
    found = [(beat, _is_late(beat, at)) for beat in Heartbeat.objects.order_by("at", "sweep")]
    return [(beat, late) for beat, late in found if late or beat.trouble or beat.rows]


def _is_late(beat: Heartbeat, at: datetime) -> bool:
    return beat.sweep in settings.SWEEPS and beat.at < at - LATE


def _beat(found: tuple[Heartbeat, bool]) -> Row:
    beat, late = found
    return Row(
        beat.sweep,
        since=beat.at if late else beat.well_since,
        reason=" ".join(_why(beat, late)),
        trace="\n".join([beat.trouble, *beat.rows]).strip(),
    )


def _why(beat: Heartbeat, late: bool) -> Iterable[str]:
    if late:
        yield _("This background work has not come by for long: the worker or its clock may be down.")
    if beat.trouble:
        yield _("It stopped half-way, and is tried again each minute.")
    if beat.rows:
        yield _("It passed by what is named below, and tries that again each minute.")


register(
    WaitingList(
        "sweeps",
        gettext_lazy("Background work, for whoever looks after the machine"),
        "payouts.see_trouble",
        ("treasurer", "coordinator"),
        _beats,
        _beat,
    ),
    WaitingList(
        "events",
        gettext_lazy("Messages from Stripe that could not be dealt with"),
        "payouts.see_trouble",
        ("treasurer",),
        _events,
        _event,
    ),
)
