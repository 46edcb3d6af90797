"""Background work of offers and swaps; each may run twice or be killed at any point."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bookings.signals import cleanup_due
from bookings.turns.day_handovers import HandOver
from bookings.turns.given_back import GivenBack
from bookings.turns.offers.offers import Offer
from bookings.turns.swaps.swaps import Swap
from bookings.visits.shifts.shifts import Shift
from coop.jobs import process_each, sweep


@sweep("bookings.sweep_offers")
def sweep_offers() -> None:
    """Free the work of whoever left or cannot come, let unanswered offers go on, and ask for what waits."""
    now = timezone.now()
    process_each(HandOver.objects.broken_off(now)[:200], lambda day: day.go_on(at=now))
    process_each(Shift.objects.left_behind(now).with_related()[:200], lambda shift: shift.free(at=now))
    overdue = Offer.objects.overdue(now).select_related("shift__zip").order_by("answer_by")[:200]
    process_each(overdue, lambda offer: offer.pass_on(at=now, by=None))
    passed = Offer.objects.to_move_on(now).select_related("shift__zip")[:200]
    process_each(passed, lambda offer: offer.move_on(at=now))
    process_each(Swap.objects.to_lapse(now)[:200], lambda swap: swap.lapse(at=now, by=None))
    process_each(
        Shift.objects.to_ask(now).with_related().order_by("starts_at")[:200], lambda shift: shift.offer_next(at=now)
    )


@receiver(cleanup_due)
def delete_old_reasons(*, at: datetime, **_facts: Any) -> None:
    """Why a shift was given back."""
    GivenBack.objects.old(at).delete()
