"""Background work of this room; each may run twice or be killed at any point."""

from celery import shared_task
from django.utils import timezone

from bookings.care.records import CareRecord, unwritten
from bookings.checkout.kept_times import KeptTime
from bookings.checkout.waitlist import WaitlistEntry
from bookings.households.housemates import HouseholdMember
from bookings.onsite.incidents import Incident
from bookings.onsite.late_alerts import tell_of_forgotten, tell_of_late
from bookings.onsite.photos import Photo
from bookings.onsite.taps import TapPlace
from bookings.reminders import list_tomorrow, remind
from bookings.series.days import SeriesDay
from bookings.series.series import Series
from bookings.turns.given_back import GivenBack
from bookings.turns.offers import Offer
from bookings.turns.swaps import Swap
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from bookings.visits.retention import abandoned_claims, homes_with_old_notes
from bookings.visits.shifts import Shift
from bookings.visits.visits import Visit
from coop.jobs import process_each, sweep
from members.data_registry import erase


@shared_task(name="bookings.offer_shift")
def offer_shift(shift_id: int) -> None:
    """Put an open shift to whoever's turn it is."""
    Shift.objects.with_related().get(pk=shift_id).offer_next(at=timezone.now())


@shared_task(name="bookings.extend_series")
def extend_series(series_id: int) -> None:
    """Make the visits of the coming weeks."""
    Series.objects.going().with_related().get(pk=series_id).extend(at=timezone.now())


@shared_task(name="bookings.offer_series")
def offer_series(series_id: int) -> None:
    """Put the new shifts of a series to its regular person, or to whoever's turn it is."""
    now = timezone.now()
    new = Shift.objects.to_ask(now).filter(visit__booking__series=series_id, asked_at=None)
    process_each(new.with_related().order_by("starts_at"), lambda shift: shift.offer_next(at=now))


@sweep("bookings.sweep_series")
def sweep_series() -> None:
    """End pauses that are over, book every series as far ahead as it should be, and tell who comes instead of whom."""
    now = timezone.now()
    process_each(Series.objects.to_resume(now).with_related()[:200], lambda series: series.resume(at=now, by=None))
    process_each(Series.objects.to_extend(now).with_related()[:200], lambda series: series.extend(at=now))
    process_each(Series.objects.to_hand_over(now).with_related()[:200], lambda series: series.hand_over(at=now))
    substitutes = SeriesDay.objects.with_substitute(now).select_related("series")
    process_each(substitutes[:200], lambda row: row.tell_substitute(at=now))


@sweep("bookings.sweep_offers")
def sweep_offers() -> None:
    """Free the work of those who left, let unanswered offers go on to the next person, and ask for what waits."""
    now = timezone.now()
    process_each(Shift.objects.left_behind(now).with_related()[:200], lambda shift: shift.free(at=now))
    overdue = Offer.objects.overdue(now).select_related("shift__zip").order_by("answer_by")[:200]
    process_each(overdue, lambda offer: offer.pass_on(at=now, by=None))
    passed = Offer.objects.to_move_on(now).select_related("shift__zip")[:200]
    process_each(passed, lambda offer: offer.move_on(at=now))
    process_each(Swap.objects.to_lapse(now)[:200], lambda swap: swap.lapse(at=now, by=None))
    process_each(
        Shift.objects.to_ask(now).with_related().order_by("starts_at")[:200], lambda shift: shift.offer_next(at=now)
    )


@sweep("bookings.sweep_visits")
def sweep_visits() -> None:
    """Complete the visits that are done, once the last finish cannot be undone any more."""
    now = timezone.now()
    process_each(Visit.objects.to_complete(now).with_related()[:200], lambda visit: visit.settle(at=now, by=None))


@sweep("bookings.sweep_late")
def sweep_late() -> None:
    """Ask whoever should have begun or ended, tell the office and the client; find readers for reports without any."""
    now = timezone.now()
    tell_of_late(at=now)
    tell_of_forgotten(at=now)
    process_each(Incident.objects.unread(now), lambda report: report.find_readers(at=now))


@sweep("bookings.sweep_reminders")
def sweep_reminders() -> None:
    """Remind households of the visits to come, and members of tomorrow's shifts."""
    remind(at=timezone.now())
    list_tomorrow(at=timezone.now())


@sweep("bookings.sweep_holds")
def sweep_holds() -> None:
    """Free the times of those who did not go on, and the bookings for which no card was saved."""
    now = timezone.now()
    Shift.objects.lapsed(now).delete_holds()
    KeptTime.objects.old(now).delete()
    process_each(
        Booking.objects.unpaid(now).with_related()[:200],
        lambda booking: booking.let_go(at=now, by=None, note="no card was saved in time"),
    )


@sweep("bookings.sweep_waitlist")
def sweep_waitlist() -> None:
    """End the waits that are over, and ask the next household where a time has opened."""
    now = timezone.now()
    rows = WaitlistEntry.objects.select_related("quote__service", "quote__zip", "quote__booking", "service", "user")
    process_each(rows.to_end(now)[:200], lambda entry: entry.end(at=now, by=None))
    process_each(rows.in_line()[:200], lambda entry: entry.ask_if_open(at=now))


@sweep("bookings.sweep_notes")
def sweep_notes() -> None:
    """Delete what has served: getting-in notes a day after the last visit; places of taps, photos, in time.

    And who gave an address that nobody proved, where nothing came of it.
    """
    now = timezone.now()
    TapPlace.objects.old(now).delete()
    process_each(homes_with_old_notes(now)[:200], lambda home: home.keep_note(""))
    Quote.objects.with_old_notes(now).update(access_note="")
    Photo.objects.expired(now).delete()
    process_each(abandoned_claims(now).select_related("user")[:200], lambda client: erase(client.user, at=now))
    process_each(
        WaitlistEntry.objects.abandoned(now).select_related("user")[:200], lambda entry: erase(entry.user, at=now)
    )
    process_each(
        HouseholdMember.objects.abandoned(now).select_related("user")[:200], lambda one: erase(one.user, at=now)
    )
    GivenBack.objects.old(now).delete()


@sweep("bookings.sweep_care")
def sweep_care() -> None:
    """Put care that was given on record, once its worker has said that it is done and cannot take that back."""
    now = timezone.now()
    process_each(unwritten(now)[:200], lambda shift: CareRecord.write(shift, at=now))
