"""Another time for a visit, at the wish of the client or of the office."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.catalog.areas import check_served
from bookings.catalog.pricing import Price
from bookings.matching.errors import NobodyFree, TimeTaken
from bookings.matching.openings import nearest
from bookings.matching.slots import openings, slot_at, sold_between
from bookings.policies import (
    FREE_CANCEL_HOURS,
    LATE_HOURS,
    MOST_MOVES,
    THINK_MINUTES,
)
from bookings.promises import promises
from bookings.signals import visit_moved
from bookings.states import BookingState, ShiftState
from bookings.visits.ics import calendar
from bookings.visits.visit_base import VisitBase
from coop.errors import Refusal
from coop.policies import values
from coop.states import transition
from members.models import Member, Notice, User

State = VisitBase.State


class Moving(VisitBase):
    """A visit keeps its people where they can come at the new time; else the turn decides anew.

    `moves` counts those that the client wished for.
    """

    moves = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def say_that_it_is_short(self, *, at: datetime) -> None:
        """Tell the client at once that nobody is sure to come, and what they may do; once each time that it is so."""
        if not self.is_short(at):
            return
        lost = sum(len(shift.given_back_by) for shift in self.shifts.all())
        key = f"visit_short:{self.pk}:{self.starts_at.timestamp():.0f}:{lost}"
        about = {"booking": self.booking, "visit": self}
        Notice.post(key, to=self.booking.client.user, mail="visit_short", at=at, about=about)

    def somebody_comes_after_all(self, member: Member, *, at: datetime) -> None:
        """Somebody said yes at the last moment: the client hears who, and may still say that it is too late."""
        think = timedelta(minutes=THINK_MINUTES.on(timezone.localdate(at)))
        self.way_out = max(at + think, self.starts_at, self.way_out or self.starts_at)
        self.save(update_fields=["way_out"])
        key = f"somebody_comes:{self.pk}:{member.pk}:{at.timestamp():.0f}"
        about = {"booking": self.booking, "visit": self, "member": member, "late": at >= self.starts_at}
        Notice.post(key, to=self.booking.client.user, mail="somebody_comes", at=at, about=about)

    def price_on(self, day: date) -> Price:
        """What this visit costs when it takes place on `day`."""
        quote, service = self.booking.quote, self.booking.service
        if quote is None and not service.by_the_hour:
            return Price(self.minutes, self.cents)
        return service.quote(
            on=day,
            bedrooms=quote.bedrooms if quote else 0,
            bathrooms=quote.bathrooms if quote else 0,
            minutes=self.minutes if service.by_the_hour else 0,
            add_ons=self.booking.wanted(),
            every=self.discounted(),
        )

    def discounted(self) -> int:
        """The rhythm in weeks that this visit has the discount of; 0 for a single visit and the first of a series."""
        series = self.booking.going_series()
        first = self.booking.first_visit() if series else None
        return series.every if series and first and first.pk != self.pk else 0

    def openings(self, *, first: date, days: int, at: datetime) -> list[datetime]:
        """The times to which this visit can be moved, in `days` days from `first`; it does not stand in its own way."""
        soonest, latest = sold_between(self.minutes, self.shifts.standing().count(), at=at)
        found = openings(self.booking.wish, soonest, latest=latest, first=first, days=days, at=at, visit=self.pk)
        return [time for time in found if time != self.starts_at]

    def nearest(self, wanted: datetime, *, at: datetime) -> list[datetime]:
        """The three times nearest to a wanted one to which this visit can be moved."""
        first = max(wanted.astimezone(self.zone).date() - timedelta(days=5), at.astimezone(self.zone).date())
        return nearest(self.openings(first=first, days=14, at=at), wanted)

    def let_decide(self, *, at: datetime) -> None:
        """Something changed that the client did not ask for: for a while they may cancel or move for nothing."""
        until = min(at + timedelta(hours=FREE_CANCEL_HOURS.on(timezone.localdate(at))), self.starts_at)
        self.way_out = max(until, self.way_out or until)
        self.save(update_fields=["way_out"])

    def moves_left(self, at: datetime) -> int:
        """How often the client may still move this visit; a move that the co-op gave rise to is not counted."""
        return max(0, MOST_MOVES.on(timezone.localdate(at)) - self.moves)

    def move(self, starts_at: datetime, *, at: datetime, by: User | None, note: str = "") -> None:
        """Move the visit as the office; the client has a while to say that it does not suit them.

        The price stays as agreed. Raises TimeTaken with the nearest other times when not enough people can come.
        """
        self._move(starts_at, price=Price(self.minutes, self.cents), wish=False, at=at, by=by, note=note)

    def move_for_client(self, starts_at: datetime, *, expected_cents: int, at: datetime, by: User) -> None:
        """Move the visit as the client wishes, to an opening, at the price of the new day, which they have seen.

        Raises TimeTaken with the nearest other times when the time is no opening (any more).
        """
        self.check_move(at)
        day = starts_at.astimezone(self.zone).date()
        check_served(self.booking.home.zip, day)
        if starts_at not in self.openings(first=day, days=1, at=at):
            raise TimeTaken(self.nearest(starts_at, at=at))
        price = self.price_on(day)
        if price.cents != expected_cents:
            raise Refusal(_("The price of that day has changed in the meantime. Please look at it once more."))
        self._move(starts_at, price=price, wish=True, at=at, by=by)

    def check_move(self, at: datetime) -> None:
        """Refuse what the client may not move (any more)."""
        rules = values(timezone.localdate(at), (MOST_MOVES, LATE_HOURS))
        free = self.fails(at) or (self.way_out is not None and at <= self.way_out)
        if self.state != State.SCHEDULED or self.booking.state != BookingState.CONFIRMED:
            raise Refusal(_("This visit cannot be moved any more."))
        if not free and self.moves >= rules[MOST_MOVES.key]:
            most = rules[MOST_MOVES.key]
            raise Refusal(
                ngettext(
                    "You have moved this visit %d time, which is as often as we can. You can still cancel it.",
                    "You have moved this visit %d times, which is as often as we can. You can still cancel it.",
                    most,
                )
                % most
            )
        if not free and at > self.starts_at - timedelta(hours=rules[LATE_HOURS.key]):
            raise Refusal(_("It is too close to the visit to move it. Whoever comes may be on the way already."))

    @transition(State.SCHEDULED, to=None, announce=visit_moved)
    def reschedule(
        self, starts_at: datetime, *, price: Price, wish: bool, at: datetime, by: User | None, note: str = ""
    ) -> None:
        """Put the visit and its shifts at another time; the days are locked already. `wish`: of the client."""
        if self.booking.state != BookingState.CONFIRMED:
            raise Refusal(_("This booking waits for a card. The visit can be moved once a card is saved."))
        if starts_at <= at:
            raise Refusal(_("Please choose a time that is still to come."))
        if starts_at == self.starts_at:
            raise Refusal(_("The visit is at that time already."))
        if wish:
            self._count_the_wish(at)
        else:
            self.way_out = min(at + timedelta(hours=FREE_CANCEL_HOURS.on(timezone.localdate(at))), starts_at)
        was = self.starts_at
        self._take_everybody_along(starts_at, price, at=at, by=by)
        self.sequence += 1
        self._tell_client_of_the_move(was, wish=wish, at=at)

    def _count_the_wish(self, at: datetime) -> None:
        """A move at short notice keeps the clock, so that nobody moves a visit only to cancel it for nothing."""
        self.check_move(at)
        if not self.fails(at) and (self.way_out is None or at > self.way_out):
            self.moves += 1
        if self.cancellation(at).cents:
            self.clock_at = self.clock

    def _move(
        self, starts_at: datetime, *, price: Price, wish: bool, at: datetime, by: User | None, note: str = ""
    ) -> None:
        try:
            with promises():
                self.shifts.model.objects.lock_days((self.starts_at, self.zone), (starts_at, self.zone), at=at)
                if self.state == State.BROKEN_OFF:
                    self.take_up(at=at, by=by)
                self.reschedule(starts_at, price=price, wish=wish, at=at, by=by, note=note)
        except NobodyFree:
            raise TimeTaken(self.nearest(starts_at, at=at)) from None

    @transition(State.BROKEN_OFF, to=State.SCHEDULED)
    def take_up(self, *, at: datetime, by: User | None) -> None:
        """It takes place after all, at another time: each part that somebody left is open anew, but not for them."""
        if self.has_done_part:
            raise Refusal(_("Somebody has done their part. Count it as done; then book another visit for the rest."))
        for left in self.shifts.filter(state=ShiftState.LEFT).order_by("pk"):
            anew = {name: getattr(left, name) for name in ("visit", "zip", "starts_at", "ends_at", "span")}
            self.shifts.create(**anew, state=ShiftState.OPEN, given_back_by=[left.member_id])
        self.started_at = None

    def _take_everybody_along(self, starts_at: datetime, price: Price, *, at: datetime, by: User | None) -> None:
        """Each part of the work to the new time: with who has it, if they can, else with whoever's turn it is."""
        shifts = list(self.shifts.standing().order_by("pk"))
        there = slot_at(starts_at, price.minutes, len(shifts), at=at)
        for shift in shifts:
            shift.move_to(there, at=at, by=by)
        self.starts_at, self.ends_at = there.start, there.ends_at
        self.minutes, self.cents = price.minutes, price.cents
        self.save(update_fields=["starts_at", "ends_at", "minutes", "cents"])
        vacant = [shift for shift in shifts if shift.state == shift.State.OPEN]
        if vacant and len(vacant) > vacant[0].how_many_can(at=at):
            raise NobodyFree
        for shift in vacant:
            shift.offer_next(at=at)

    def _tell_client_of_the_move(self, was: datetime, *, wish: bool, at: datetime) -> None:
        Notice.post(
            f"visit_moved:{self.pk}:{self.sequence}",
            to=self.booking.client.user,
            mail="visit_moved",
            at=at,
            about={"booking": self.booking, "visit": self, "was": was, "wish": wish},
            calendar=calendar([self], at=at),  # type: ignore[list-item]
        )
