"""The two ends of the work of a shift: begun and done by a tap, undone while nobody has acted on it."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.policies import EARLY_FINISH, LONG_FINISH, UNDO_MINUTES
from bookings.promises import BrokenPromise, promises
from bookings.states import VisitState
from bookings.visits.shifts.base import ShiftBase
from coop.errors import Refusal
from coop.policies import values
from coop.states import all_or_nothing, transition
from members.models import User

State = ShiftBase.State


class Closing(ShiftBase):
    """A tap makes a shift begun, or done. Until `undo_until` whoever tapped may take it back.

    Only after that the sweep completes the visit, so that a slip charges nobody and pays nobody.
    """

    class Meta:
        abstract = True

    @transition(State.ACCEPTED, to=State.STARTED)
    def start(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """The worker is at the door, or was at a `moment` of which we only hear now."""
        self.started_at = moment or at
        if self.started_at < self.start_from:
            raise Refusal(_("It is too early: you can start up to 30 minutes before."))
        assert self.visit is not None
        if self.visit.state == VisitState.SCHEDULED:
            self.visit.start(at=at, by=by, moment=self.started_at)
        self.undo_until = _until(at)

    @transition(State.STARTED, to=State.DONE)
    def finish(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """The worker's part is done, or was at a `moment` of which we only hear now."""
        self.done_at = moment or at
        if self.started_at and self.done_at < self.started_at:
            raise Refusal(_("A visit cannot end before it begins."))
        self.undo_until = _until(at)

    @transition(State.ACCEPTED, State.STARTED, to=State.DONE)
    def close(self, *, started_at: datetime, done_at: datetime, at: datetime, by: User) -> None:
        """Somebody says by hand from when until when its worker was there. The planned times, and the pay, stay."""
        if started_at < self.start_from:
            raise Refusal(_("It can begin 30 minutes before it was planned, and not sooner."), field="starts")
        if done_at <= started_at or done_at > at:
            raise Refusal(_("The end must come after the start, and not be still to come."), field="ends")
        self.started_at, self.done_at, self.undo_until = started_at, done_at, None
        assert self.visit is not None
        if self.visit.state == VisitState.SCHEDULED:
            self.visit.start(at=at, by=by, moment=started_at)

    def complete(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """End one's part for good; with the last part the visit is completed and the price earned, all or nothing.

        The money counts from when we hear of it (`at`), the work until the `moment` at which it was done.
        """
        assert self.visit is not None
        with all_or_nothing(self):
            self.finish(at=at, by=by, moment=moment)
            self.undo_until = None
            self.save(update_fields=["undo_until"])
            self.visit.settle(at=at, by=by)

    def can_be_undone(self, at: datetime) -> bool:
        """Is there time, and has nothing followed from it?"""
        if (
            self.undo_until is None
            or at >= self.undo_until
            or self.visit is None
            or self.visit.state != VisitState.STARTED
        ):
            return False
        if self.state == State.STARTED:
            return not self.visit.shifts.filter(state=State.MISSED).exists()
        return self.state == State.DONE

    def undo(self, *, at: datetime, by: User) -> None:
        """Take back one's last tap: a finish, or else a start.

        Refused in the same words whatever stands in the way: the time, what others did since, other work.
        """
        try:
            with promises():
                self.lock()
                if not self.can_be_undone(at):
                    raise Refusal(_("That cannot be undone any more."))
                take_back = self.take_back_finish if self.state == State.DONE else self.take_back_start
                take_back(at=at, by=by)
        except BrokenPromise as broken:
            raise Refusal(_("That cannot be undone any more.")) from broken

    @transition(State.DONE, to=State.STARTED)
    def take_back_finish(self, *, at: datetime, by: User) -> None:
        """They are still at it."""
        self.done_at = self.undo_until = None

    @transition(State.STARTED, to=State.ACCEPTED)
    def take_back_start(self, *, at: datetime, by: User) -> None:
        """They are not there yet: as long as nobody else of the crew is, the visit has not begun."""
        assert self.visit is not None
        self.started_at = self.undo_until = None
        begun = self.visit.shifts.begun().exclude(pk=self.pk)
        first = begun.aggregate(first=models.Min("started_at"))["first"]
        if first:
            self.visit.begin_at(first)
        else:
            self.visit.take_back_start(at=at, by=by)

    def is_early(self, moment: datetime) -> bool:
        """Would it end before the part of its planned time at which one asks?"""
        return self.state == State.STARTED and self.length(moment) == "early"

    def length(self, until: datetime) -> str:
        """From its start until then: "early" or "long" where that is far from what was planned, else empty."""
        parts = values(timezone.localdate(until), (EARLY_FINISH, LONG_FINISH))
        took = self.minutes_until(until)
        if took < self.minutes * parts[EARLY_FINISH.key]:
            return "early"
        return "long" if took > self.minutes * parts[LONG_FINISH.key] else ""

    def minutes_until(self, moment: datetime) -> float:
        """Minutes from its start until then."""
        assert self.started_at is not None
        return (moment - self.started_at) / timedelta(minutes=1)


def _until(at: datetime) -> datetime:
    return at + timedelta(minutes=UNDO_MINUTES.on(timezone.localdate(at)))
