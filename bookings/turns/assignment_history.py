"""How a shift came to whoever has it, where no turn decided: what else was written down about it, for members to read.

That somebody gave it back or lost it is not told: it would read differently from a private reason.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.visits.shifts.shifts import Shift
from coop.models import Event

TOLD = ("pick", "put_at", "call")


@dataclass(frozen=True)
class Way:
    """One step, in words."""

    at: datetime
    words: str


def ways(shift: Shift) -> list[Way]:
    """The steps of a shift besides its turns, newest first. One query."""
    steps = Event.objects.about(shift).filter(verb__in=TOLD).select_related("actor").reverse()
    return [Way(step.at, _words(step)) for step in steps]


def why_nobody(shift: Shift, *, at: datetime) -> str:
    """Why no turn was recorded for a shift."""
    if shift.state == Shift.State.CANCELLED:
        return _("This visit does not take place, and nobody had been asked.")
    vacancy = shift.vacancy(at)
    return str(vacancy.label) if vacancy else _("No turn was recorded for this shift.")


def _words(step: Event) -> str:
    if step.verb == "pick":
        assert step.actor is not None
        return _("%(name)s took it from the open board.") % {"name": step.actor.short_name}
    if step.verb == "call":
        return _("It was so near that everybody who was free was asked at once; who takes it has it.")
    return _("It was moved to another time. Whoever could come then kept it; otherwise the turn decided anew.")
