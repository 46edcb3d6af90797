"""What this room hears of its own announcements: a visit on which something is done again is done, or falls away."""

from datetime import datetime
from typing import Any

from bookings.aftercare.redos import Redo
from bookings.households.clients import Client
from bookings.series.series import Series
from bookings.signals import booking_confirmed, household_taken_over, visit_cancelled, visit_completed
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from bookings.visits.visits import Visit
from members.models import User


def listen() -> None:
    booking_confirmed.connect(begin_series, dispatch_uid="bookings.begin_series")
    household_taken_over.connect(hand_drafts_on, dispatch_uid="bookings.hand_drafts_on")
    visit_completed.connect(finish_redo, dispatch_uid="bookings.finish_redo")
    visit_cancelled.connect(look_for_another_time, dispatch_uid="bookings.look_for_another_time")


def begin_series(*, subject: Booking, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was booked to come again begins, and the confirmation names it."""
    Series.begin(subject, at=at, by=by)
    subject.tell_confirmed(at=at)


def hand_drafts_on(*, subject: Client, claimed: Client, **_facts: Any) -> None:
    """The drafts of a household that only claimed its address belong to whoever proved it."""
    Quote.objects.filter(client=claimed).update(client=subject)


def finish_redo(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """What was asked for is done."""
    for redo in Redo.objects.with_related().filter(again=subject, state=Redo.State.PLANNED):
        redo.finish(at=at, by=by)


def look_for_another_time(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """It was not done; it waits for a time again, unless the household called it off."""
    for redo in Redo.objects.with_related().filter(again=subject, state=Redo.State.PLANNED):
        redo.lost_its_visit(at=at, by=by)
