"""What this room hears of its own announcements: a visit on which something is done again is done, or falls away."""

from datetime import datetime
from typing import Any

from bookings.aftercare.redos import Redo
from bookings.signals import visit_cancelled, visit_completed
from bookings.visits.visits import Visit
from members.models import User


def listen() -> None:
    visit_completed.connect(finish_redo, dispatch_uid="bookings.finish_redo")
    visit_cancelled.connect(look_for_another_time, dispatch_uid="bookings.look_for_another_time")


def finish_redo(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was asked for is done."""
    for redo in Redo.objects.whole().filter(again=subject, state=Redo.State.PLANNED):
        redo.finish(at=at, by=by)


def look_for_another_time(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """It was not done; it waits for a time again, unless the household called it off."""
    for redo in Redo.objects.whole().filter(again=subject, state=Redo.State.PLANNED):
        redo.lost_its_visit(at=at, by=by)
