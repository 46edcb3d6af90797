"""What is done again hears of its visit: it is done, or falls away."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from bookings.aftercare.redos import Redo
from bookings.signals import visit_cancelled, visit_completed
from bookings.visits.visits import Visit
from members.models import User


@receiver(visit_completed)
def finish_redo(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was asked for is done."""
    for redo in Redo.objects.with_related().filter(again=subject, state=Redo.State.PLANNED):
        redo.finish(at=at, by=by)


@receiver(visit_cancelled)
def look_for_another_time(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """It was not done; it waits for a time again, unless the household called it off."""
    for redo in Redo.objects.with_related().filter(again=subject, state=Redo.State.PLANNED):
        redo.lost_its_visit(at=at, by=by)
