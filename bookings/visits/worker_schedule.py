"""A member's days: the next shift, what follows it, the way between, and what may be shown when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.households.preferences import BROUGHT, Supplies
from bookings.matching.openings import way_minutes
from bookings.policies import EARLY_FINISH, FORGOTTEN_MINUTES, TRAVEL_MINUTES
from bookings.states import GOING
from bookings.visits.bookings import Booking
from bookings.visits.pay import Parts, pay_for
from bookings.visits.quotes import Quote
from bookings.visits.shifts.base import AROUND
from bookings.visits.shifts.shifts import Shift
from coop.models import ZipCode
from members.models import Member

AHEAD = timedelta(days=15)


@dataclass(frozen=True)
class Stop:
    """One shift as its worker sees it at one moment. `travel`: minutes from the stop before; `parts`: of its price."""

    shift: Shift
    at: datetime
    parts: Parts
    travel: int | None = None

    @property
    def day(self) -> date:
        """The local day of the home."""
        return self.shift.starts_at.astimezone(self.shift.zone).date()

    @property
    def days_ahead(self) -> int:
        """0 today, 1 tomorrow, where the home is."""
        return (self.day - self.at.astimezone(self.shift.zone).date()).days

    @property
    def pay(self) -> int:
        """Cents that the shift pays its worker."""
        return dict(self.parts)["worker"]

    @property
    def pay_an_hour(self) -> int:
        """Cents an hour, rounded down as on statements."""
        return self.pay * 60 // self.shift.minutes

    @property
    def shows_contact(self) -> bool:
        """Street and phone are shown from the day before."""
        return self.days_ahead <= 1

    @property
    def can_start(self) -> bool:
        """Is it time to arrive, or did they arrive already?"""
        return self.at >= self.shift.start_from

    @property
    def least_minutes(self) -> int:
        """Minutes of work before which a finish is asked about."""
        return math.ceil(self.shift.minutes * EARLY_FINISH.on(timezone.localdate(self.at)))

    @property
    def is_unclosed(self) -> bool:
        """Is its planned end so long ago that somebody should have said that it is over?"""
        patience = timedelta(minutes=FORGOTTEN_MINUTES.on(timezone.localdate(self.at)))
        return self.shift.state != Shift.State.DONE and self.at >= self.shift.ends_at + patience

    @property
    def can_undo(self) -> bool:
        """Can its last start or finish still be taken back?"""
        return self.shift.can_be_undone(self.at)

    @property
    def is_at_hand(self) -> bool:
        """Is it near, under way or over, so that one may say that something is wrong?"""
        return self.at >= self.shift.note_from

    @property
    def takes_photos(self) -> bool:
        """Is it under way, or just over, and about rooms and not about a person?"""
        assert self.shift.visit is not None
        over = self.shift.done_at is None or self.at <= self.shift.done_at + AROUND
        begun = self.shift.state in Shift.BEGUN
        return begun and over and not self.shift.visit.booking.service.is_care

    @property
    def can_be_late(self) -> bool:
        """Is it near and not begun, so that one may say that one comes later?"""
        return self.shift.state == Shift.State.ACCEPTED and self.is_at_hand and self.at < self.shift.ends_at

    @property
    def not_there(self) -> list[Shift]:
        """The parts of this visit that nobody has begun, though it is time and this worker has."""
        if self.shift.state != Shift.State.STARTED or self.shift.visit is None:
            return []
        waiting = (Shift.State.OPEN, Shift.State.OFFERED, Shift.State.ACCEPTED)
        return [mate for mate in self.shift.visit.shifts.all() if mate.state in waiting and mate.starts_at <= self.at]

    @property
    def shows_note(self) -> bool:
        """May the getting-in note be asked for now?"""
        return self.shift.note_from <= self.at <= self.shift.note_until

    @property
    def work(self) -> list[str]:
        """What there is to do, a line each: the service in short, the rooms, the extras, and what to know."""
        assert self.shift.visit is not None
        booking = self.shift.visit.booking
        redo = getattr(self.shift.visit, "redo_of", None)
        if redo:
            return [_("To do again:"), *redo.lines(), *_supplies(booking), *booking.home.about()]
        extras = [str(extra) for extra in booking.extras_to_do()]
        return [booking.service.summary, *_rooms(booking.quote), *extras, *_supplies(booking), *booking.home.about()]


@dataclass
class Days:
    """The coming fortnight of one member. `now` is under way or next today; `unclosed` is what should be over."""

    now: Stop | None = None
    today: list[Stop] = field(default_factory=list)
    tomorrow: list[Stop] = field(default_factory=list)
    later: list[Stop] = field(default_factory=list)
    done: list[Stop] = field(default_factory=list)
    unclosed: list[Stop] = field(default_factory=list)

    @property
    def next(self) -> Stop | None:
        """The first one after today."""
        return next(iter(self.tomorrow + self.later), None)


def days_of(member: Member, *, at: datetime) -> Days:
    """What this member does today and in the coming two weeks. Six queries, whatever the number of shifts."""
    days = Days()
    for stop in _stops(member, at=at):
        if stop.shift.state == Shift.State.DONE:
            days.done.append(stop)
        elif stop.is_unclosed:
            days.unclosed.append(stop)
        elif days.now is None and (stop.days_ahead <= 0 or stop.shift.state == Shift.State.STARTED):
            days.now = stop
        else:
            (days.today if stop.days_ahead <= 0 else days.tomorrow if stop.days_ahead == 1 else days.later).append(stop)
    return days


def stops(shifts: Sequence[Shift], *, at: datetime, home: ZipCode | None = None) -> list[Stop]:
    """Shifts as pages show them; with `home`, travel is counted from there, else from the stop before on its day."""
    least = TRAVEL_MINUTES.on(timezone.localdate(at))
    pay = pay_for(shifts)
    found: list[Stop] = []
    for shift in shifts:
        before = found[-1].shift if found else None
        same_day = before is not None and before.starts_at.astimezone(shift.zone).date() == (
            shift.starts_at.astimezone(shift.zone).date()
        )
        start = home or (before.zip if before and same_day else None)
        found.append(Stop(shift, at, pay[shift.pk], _minutes(start, shift.zip, least) if start else None))
    return found


def _stops(member: Member, *, at: datetime) -> list[Stop]:
    """Started ones first, then by time."""
    mine = Shift.objects.of(member).filter(
        Q(state=Shift.State.STARTED)
        | Q(state=Shift.State.ACCEPTED, visit__state__in=GOING, starts_at__lt=at + AHEAD)
        | Q(state=Shift.State.DONE, starts_at__gt=at - timedelta(days=1))
    )
    rows = mine.with_related().prefetch_related("visit__shifts").order_by("starts_at")
    today = [stop for stop in stops(list(rows), at=at) if stop.shift.state != Shift.State.DONE or stop.days_ahead == 0]
    return sorted(today, key=lambda stop: stop.shift.state != Shift.State.STARTED)


def _minutes(here: ZipCode, there: ZipCode, least: int) -> int:
    """The way from one area to another, rounded up to 5 minutes."""
    return way_minutes((here.latitude, here.longitude), (there.latitude, there.longitude), least=least)


def _supplies(booking: Booking) -> list[str]:
    """What to bring, and what is there; by what was agreed, else by what the household says of its home."""
    if booking.service.by_the_hour:
        return []
    agreed = {addon.code for addon in booking.wanted()} & BROUGHT
    if booking.quote is None:
        agreed = set(Supplies(booking.home.supplies).extras)
    if not agreed:
        return [_("Products and a vacuum are there")]
    if "vacuum" not in agreed:
        return [_("Please bring products. A vacuum is there")]
    return [_("Please bring products and a vacuum")] if "products" in agreed else [_("Please bring a vacuum")]


def _rooms(quote: Quote | None) -> list[str]:
    if quote is None or not (quote.bedrooms or quote.bathrooms):
        return []
    bedrooms = ngettext("%d bedroom", "%d bedrooms", quote.bedrooms) % quote.bedrooms
    bathrooms = ngettext("%d bathroom", "%d bathrooms", quote.bathrooms) % quote.bathrooms
    return [f"{bedrooms}, {bathrooms}"]
