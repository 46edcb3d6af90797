"""Taking an answer back: a tap in error costs nobody anything, as long as nobody else has heard of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.promises import BrokenPromise, promises
from bookings.states import OfferState, ShiftState
from bookings.turns.offers.offer_base import OfferBase
from coop.errors import Refusal
from coop.jobs import without_enqueueing
from coop.models import Event
from coop.states import all_or_nothing, transition
from members.models import User


class Undoing(OfferBase):
    """Until `undo_until` whoever answered by a tap may take it back.

    A pass goes on to the next person only after that, when the sweep comes by and empties the field.
    """

    class Meta:
        abstract = True

    def move_on(self, *, at: datetime) -> None:
        """A pass cannot be undone any more: ask the next person. Twice is once."""
        with all_or_nothing(self):
            self.shift.lock_date()
            self.lock()
            if self.state != OfferState.PASSED or self.undo_until is None or at < self.undo_until:
                return
            self.undo_until = None
            self.save(update_fields=["undo_until"])
            self.shift.offer_next(at=at)

    def undo(self, *, at: datetime, by: User) -> None:
        """Take the answer back: the offer waits again, until its old deadline.

        Refused in the same words whatever stands in the way: the time, somebody else, other work, a private reason.
        """
        try:
            with all_or_nothing(self), promises():
                self.shift.lock_date()
                self.wait_again(at=at, by=by)
        except BrokenPromise as broken:
            raise Refusal(_("That cannot be undone any more.")) from broken

    @transition(OfferState.ACCEPTED, OfferState.PASSED, to=OfferState.MADE)
    def wait_again(self, *, at: datetime, by: User) -> None:
        """The same for an answer whose day is locked."""
        if not self._can_be_undone(at):
            raise Refusal(_("That cannot be undone any more."))
        if self.state == OfferState.ACCEPTED and self._made_them_the_regular():
            assert self.shift.series is not None
            self.shift.series.clear_regular(self.shift, at=at, by=by)
        self.shift.reinstate(self.member, at=at, by=by)
        self.answered_at = self.undo_until = None
        self.why, self.counts = "", True

    @transition(OfferState.ACCEPTED, to=OfferState.WITHDRAWN)
    def revoke(self, *, at: datetime, by: User | None) -> None:
        """The yes to the series from which this one came was taken back; the visit waits for who will be regular."""
        self.counts = False
        with without_enqueueing():
            self.shift.release(at=at, by=by, note="the yes to the series was taken back", for_good=False)

    def _can_be_undone(self, at: datetime) -> bool:
        """Is there time, is the shift where the answer left it, and has the client heard nothing?"""
        if self.undo_until is None or at >= self.undo_until or self.starts_at != self.shift.starts_at:
            return False
        if self.state == OfferState.PASSED:
            return self.shift.is_wanted
        return (self.shift.state, self.shift.member_id) == (
            ShiftState.ACCEPTED,
            self.member_id,
        ) and not self._was_told()

    def _was_told(self) -> bool:
        """Has the client of a series heard that this person comes?"""
        series = self.shift.series
        if series is None:
            return False
        became_it = Event.objects.about(series).filter(verb="hand_over", at__gte=self.answered_at)
        as_substitute = series.days.filter(visit=self.shift.visit_id, substitute=self.member_id)
        return as_substitute.exists() or (series.regular_id == self.member_id and became_it.exists())

    def _made_them_the_regular(self) -> bool:
        """Did this very yes make them the regular person of the series?"""
        series = self.shift.series
        if series is None or series.regular_id != self.member_id or self.answered_at is None:
            return False
        welcomed = Event.objects.about(series).filter(verb="set_regular", at=self.answered_at)
        return welcomed.filter(actor=self.member.user_id).exists()
