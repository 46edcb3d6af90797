"""A visit whose people left before it was done: nothing follows by itself, the office decides how it goes on."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings.signals import visit_cancelled
from bookings.states import ShiftState
from bookings.visits.visit_base import VisitBase
from coop.errors import Refusal
from coop.money import dollars
from coop.states import transition
from members.models import Notice, User

if TYPE_CHECKING:
    from bookings.visits.shifts.base import ShiftBase

State = VisitBase.State


class BrokenOff(VisitBase):
    """Somebody left to be safe. Others of the crew go on; with nobody there it is broken off, and charges nobody."""

    class Meta:
        abstract = True

    def go_on_without(self, left: "ShiftBase", *, at: datetime, by: User) -> None:
        """Warn the others of the crew; without any, the visit is broken off."""
        mates = self.shifts.filter(state__in=[ShiftState.ACCEPTED, ShiftState.STARTED]).exclude(pk=left.pk)
        for mate in mates.select_related("member__user", "zip").order_by("pk"):
            assert mate.member is not None
            key = f"mate_left:{left.pk}:{mate.pk}"
            Notice.post(key, to=mate.member.user, mail="mate_left", at=at, about={"shift": mate})
        if not mates:
            self.break_off(at=at, by=by)

    @transition(State.SCHEDULED, State.STARTED, to=State.BROKEN_OFF)
    def break_off(self, *, at: datetime, by: User) -> None:
        """Nobody is there any more, and nobody is sent there; what else happens is for the office to say."""
        for shift in self.shifts.filter(state__in=[ShiftState.OPEN, ShiftState.OFFERED]).order_by("pk"):
            shift.cancel(at=at, by=by)

    @transition(State.BROKEN_OFF, to=State.CANCELLED, announce=visit_cancelled)
    def wind_up(self, *, cents: int, at: datetime, by: User, note: str = "") -> None:
        """It is over, and the client owes `cents` for what was done, which may be nothing; they are told."""
        if self.has_done_part:
            raise Refusal(_("Somebody has done their part. Count it as done; then money can be given back."))
        if cents > self.cents:
            raise Refusal(_("The whole visit costs %(price)s.") % {"price": dollars(self.cents)}, field="cents")
        self._is_off(cents, self.Responsible.NOBODY)
        self._end_the_booking(at=at, by=by)
        self._tell_client_it_is_off("visit_settled", at=at)
