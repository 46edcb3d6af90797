"""The ends of a part of a visit that is not done: missed, left to be safe, called off, turned away at the door."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.policies import LATE_WORKER_MINUTES
from bookings.signals import shift_left
from bookings.states import OfferState
from bookings.visits.shifts.base import ShiftBase
from coop.errors import Refusal
from coop.states import all_or_nothing, transition
from members.models import Notice, User

State = ShiftBase.State


class NotDone(ShiftBase):
    """Whoever was to do it is told, and where something follows for the visit, it follows at once."""

    class Meta:
        abstract = True

    def write_off(self, *, at: datetime, by: User, note: str = "") -> None:
        """Say that nobody came for this part, so that the others can end the visit; they share its pay."""
        with all_or_nothing(self):
            self.miss(at=at, by=by, note=note)
            assert self.visit is not None
            self.visit.settle(at=at, by=by)

    @transition(State.OPEN, State.OFFERED, State.ACCEPTED, to=State.MISSED)
    def miss(self, *, at: datetime, by: User, note: str = "") -> None:
        """Whoever was to come for this part did not, though others of the crew are there."""
        assert self.visit is not None
        if at < self.expected_at + timedelta(minutes=LATE_WORKER_MINUTES.on(timezone.localdate(at))):
            raise Refusal(_("Give them a little more time: they may be on the way."))
        if not self.visit.shifts.begun().exists():
            raise Refusal(_("Nobody of the crew has begun. If nobody came at all, say so of the whole visit."))
        if self.state == self.State.OFFERED:
            self.offers.get(state=OfferState.MADE).withdraw(at=at, by=by)
            self._vacate()
        if self.member:
            Notice.post(
                f"shift_missed:{self.pk}", to=self.member.user, mail="shift_missed", at=at, about={"shift": self}
            )

    @transition(State.ACCEPTED, State.STARTED, to=State.LEFT, announce=shift_left)
    def leave(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """Whoever was there left, to be safe, or did at a `moment` of which we only hear now.

        It is theirs no more to do, and paid by the members' rule.
        """
        self.done_at = max(moment or at, self.started_at or moment or at)
        self.undo_until = None

    def leave_for_safety(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """Leave, and say what that means for the visit, all or nothing."""
        with all_or_nothing(self):
            self.leave(at=at, by=by, moment=moment)
            assert self.visit is not None
            self.visit.go_on_without(self, at=at, by=by)

    @transition(State.OPEN, State.OFFERED, State.ACCEPTED, to=State.CANCELLED)
    def cancel(self, *, at: datetime, by: User | None) -> None:
        """The visit does not take place; who had accepted is told, and still stands here as who lost the work."""
        if self.state == self.State.OFFERED:
            self.offers.get(state=OfferState.MADE).withdraw(at=at, by=by)
        if self.state == self.State.ACCEPTED:
            self._tell_it_is_off(at=at)
        else:
            self._vacate()

    @transition(State.ACCEPTED, State.STARTED, to=State.CANCELLED)
    def turn_away(self, *, at: datetime, by: User) -> None:
        """Nobody opened: whoever was there goes home, and still stands here as who lost the work."""
