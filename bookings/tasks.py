"""Background work of this room; each may run twice or be killed at any point."""

from celery import shared_task
from django.utils import timezone

from bookings.models import Booking, Offer, Shift
from coop.errors import Refusal
from coop.jobs import sweep


@shared_task(name="bookings.offer_shift")
def offer_shift(shift_id: int) -> None:
    """Put an open shift to whoever's turn it is."""
    Shift.objects.whole().get(pk=shift_id).offer_next(at=timezone.now())


@sweep("bookings.sweep_offers")
def sweep_offers() -> None:
    """Let unanswered offers go on to the next person, and ask for shifts that nobody was asked for."""
    now = timezone.now()
    for offer in Offer.objects.overdue(now).select_related("shift__zip").order_by("answer_by")[:200]:
        try:
            offer.pass_on(at=now, by=None)
        except Refusal:
            continue  # answered in this very moment
    for shift in Shift.objects.to_ask(now).whole().order_by("starts_at")[:200]:
        shift.offer_next(at=now)


@sweep("bookings.sweep_holds")
def sweep_holds() -> None:
    """Free the times of those who did not go on, and the bookings for which no card was saved."""
    now = timezone.now()
    Shift.objects.lapsed(now).delete()
    for booking in Booking.objects.unpaid(now).whole()[:200]:
        try:
            booking.cancel(at=now, by=None, note="no card was saved in time")
        except Refusal:
            continue  # the card came in this very moment
