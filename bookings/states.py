"""The states of an agreement, of its visits and their shifts, of offers and series.

They stand below the wings, because the lower ones ask about rows of the higher ones. Each model has its own as `State`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookingState(TextChoices):
    REQUESTED = "requested", _("waiting for a card")
    CONFIRMED = "confirmed", _("confirmed")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("cancelled")


class VisitState(TextChoices):
    SCHEDULED = "scheduled", _("planned")
    STARTED = "started", _("under way")
    COMPLETED = "completed", _("done")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("missed")
    TURNED_AWAY = "turned_away", _("nobody opened")
    BROKEN_OFF = "broken_off", _("broken off")


GOING = (VisitState.SCHEDULED, VisitState.STARTED)
"""A visit that is to come or under way."""
NOT_OVER = (*GOING, VisitState.BROKEN_OFF)
"""The same, and one of which the office has not said how it goes on."""


class ShiftState(TextChoices):
    HELD = "held", _("kept")
    OPEN = "open", _("open")
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("accepted")
    STARTED = "started", _("under way")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("did not come")
    LEFT = "left", _("left for safety")


class OfferState(TextChoices):
    MADE = "made", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    PASSED = "passed", _("passed")
    EXPIRED = "expired", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SeriesState(TextChoices):
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")
