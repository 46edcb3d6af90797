"""A visit that does not take place: who called it off, what it costs the client, and who lost the work."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.catalog.sharing import FeeShares, share_fee
from bookings.policies import shares_on
from bookings.signals import visit_cancelled
from bookings.states import GOING, ShiftState
from bookings.visits.ending.cancellation_fees import Fee
from bookings.visits.visit_base import VisitBase
from coop.errors import Refusal
from coop.money import dollars
from coop.states import transition
from members.models import User

State = VisitBase.State


class CallingOff(VisitBase):
    """Whoever was to come is free again and told; the client may owe a fee."""

    class Meta:
        abstract = True

    def who_loses(self) -> dict[int, int]:
        """Minutes of work by member id, for those who have accepted, or had when the visit was called off."""
        states = [ShiftState.ACCEPTED, ShiftState.STARTED] if self.state in GOING else [ShiftState.CANCELLED]
        return {
            shift.member_id: shift.minutes
            for shift in sorted(self.shifts.all(), key=lambda shift: shift.member_id or 0)
            if shift.member_id and shift.state in states
        }

    def fee_shares(self, cents: int) -> FeeShares:
        """Who gets each cent of a fee, by the shares of the day of the visit."""
        mine = self.who_loses()
        vacant = max(0, self.minutes - sum(mine.values()))
        return share_fee(cents, minutes=mine, vacant=vacant, shares=shares_on(self.day))

    @transition(State.SCHEDULED, to=State.CANCELLED, announce=visit_cancelled)
    def cancel(
        self,
        *,
        at: datetime,
        by: User | None,
        note: str = "",
        fee_cents: int = 0,
        responsible: str = VisitBase.Responsible.COOP,
    ) -> None:
        """The visit does not take place; whoever held it is free again and told, and the client owes `fee_cents`."""
        self._is_off(fee_cents, responsible)
        self._let_everybody_go(at=at, by=by)

    @transition(State.SCHEDULED, to=State.MISSED, announce=visit_cancelled)
    def miss(self, *, at: datetime, by: User, note: str = "") -> None:
        """Nobody of ours came; the client pays nothing, and hears that we are sorry."""
        if at < self.starts_at:
            raise Refusal(_("This visit has not begun yet."))
        self._is_off(0, self.Responsible.COOP)
        self._let_everybody_go(at=at, by=by)
        self._end_the_booking(at=at, by=by)
        self._tell_client_it_is_off("visit_missed", at=at)

    def cancel_for_client(self, *, expected_cents: int, at: datetime, by: User) -> None:
        """Cancel as the client for the fee that they were shown. Refused when it costs something else by now."""
        with transaction.atomic():
            self.lock()
            self.check_fee(self.cancellation(at), expected_cents)
            self.cancel(at=at, by=by, fee_cents=expected_cents, responsible=self.Responsible.CLIENT)
            self._end_with_the_last(at=at, by=by)

    def check_fee(self, fee: Fee, expected_cents: int) -> None:
        """Refuse when the fee is not the one that somebody has seen."""
        if fee.cents != expected_cents:
            raise Refusal(
                _("Cancelling costs %(fee)s by now. Nothing is cancelled yet; please look at it once more.")
                % {"fee": dollars(fee.cents)}
            )

    def call_off(self, *, at: datetime, by: User, note: str) -> None:
        """Cancel as the office, which costs the client nothing; they are told."""
        with transaction.atomic():
            self.lock()
            self.cancel(at=at, by=by, note=note)
            self._end_with_the_last(at=at, by=by, note=note)

    def _end_with_the_last(self, *, at: datetime, by: User, note: str = "") -> None:
        """Tell the client; with its last visit the booking is over, too."""
        self._tell_client_it_is_off("visit_cancelled", at=at)
        self.booking.end_if_over(at=at, by=by, note=note)

    def _let_everybody_go(self, *, at: datetime, by: User | None) -> None:
        for shift in self.shifts.standing().order_by("pk"):
            shift.cancel(at=at, by=by)
