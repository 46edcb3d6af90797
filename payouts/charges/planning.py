"""What is wanted of a charge: that it is held, taken, put off, given back, or paid in another way."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.utils.translation import gettext as _

from bookings.models import Booking, Visit
from bookings.states import NOT_OVER
from coop.errors import Refusal
from coop.money import dollars
from coop.states import transition
from payouts.charges.charge_base import ChargeBase, time_to_hold
from payouts.charges.sums.least_charge import bear, is_too_small, least_charge
from payouts.ledger.ledger import Account, Entry, Move

if TYPE_CHECKING:
    from members.models import User

State = ChargeBase.State


class Planning(ChargeBase):
    """What bookings, households and the office want of it."""

    class Meta:
        abstract = True

    @classmethod
    def plan(cls, visit: Visit, *, at: datetime) -> Self:
        """The charge for a visit's price: held a day before (a policy), at once if the visit is nearer."""
        due_at = time_to_hold(visit, at=at)
        wanted = cls.Wanted.OUTSIDE if visit.booking.pays == Booking.Pays.OUTSIDE else cls.Wanted.HOLD
        return cls._make(visit, kind=cls.Kind.PRICE, wanted=wanted, cents=visit.cents, due_at=due_at, at=at)

    def plan_anew(self, *, at: datetime, by: "User | None") -> None:
        """The visit was moved: hold its price in its new time; a hold that is of no use then goes back to the card."""
        if self.has_no_payment:
            self.try_again(at=at, by=by)
        if self.state in (State.DUE, State.UNCONFIRMED, State.HELD):
            self.put_off(at=at, by=by)

    @transition(State.DUE, State.UNCONFIRMED, State.HELD, to=None)
    def put_off(self, *, at: datetime, by: "User | None") -> None:
        """Hold the price of the visit as it is now; what is held or asked for already stays if it serves."""
        self.cents = self.visit.cents
        if self.wanted == self.Wanted.OUTSIDE:
            return
        if self.params is None:
            self._reset()
            self.wanted, self.due_at = self.Wanted.HOLD, time_to_hold(self.visit, at=at)
        elif not self._serves_at(at):
            self.wanted, self.due_at = self.Wanted.LATER, at
        self._hurry(at)

    @transition(State.DUE, State.UNCONFIRMED, to=State.DUE)
    def wait_for_its_time(self, *, at: datetime, by: "User | None") -> None:
        """The bank said no to a hold that is not needed any more: ask anew in the new time."""
        self._begin_again(at)

    def _serves_at(self, at: datetime) -> bool:
        """Does the hold that was placed, or is being placed, cover the visit as it is now?"""
        held = self.held_cents if self.state == State.HELD else (self.params or {})["amount"]
        lasts = self.capture_before is None or self.capture_before > self.visit.ends_at
        return lasts and self.cents <= held and time_to_hold(self.visit, at=at) <= at

    @classmethod
    def take(cls, visit: Visit, *, kind: str, cents: int, at: datetime) -> Self:
        """Charge something at once."""
        return cls._make(visit, kind=kind, wanted=cls.Wanted.CAPTURE, cents=cents, due_at=at, at=at)

    @classmethod
    def _make(cls, visit: Visit, *, kind: str, wanted: str, cents: int, due_at: datetime, at: datetime) -> Self:
        facts = {"client": visit.booking.client, "wanted": wanted, "cents": cents, "due_at": due_at}
        charge, _is_new = cls._default_manager.get_or_create(visit=visit, kind=kind, defaults=facts)
        charge._hurry(at)
        return charge

    @classmethod
    def tip(cls, visit: Visit, *, cents: int, at: datetime, by: "User") -> Self:
        """Charge a tip for a visit that was done; one a visit, and all of it is for those who did the work."""
        if visit.state != Visit.State.COMPLETED:
            raise Refusal(_("You can give a tip once the visit is done."))
        if visit.booking.pays == Booking.Pays.OUTSIDE:
            raise Refusal(_("This visit is not paid by card, so a tip cannot be either."))
        if is_too_small(cents, at=at):
            raise Refusal(
                _("A tip by card is at least %(least)s.") % {"least": dollars(least_charge(at))}, field="amount"
            )
        if cls._default_manager.filter(visit=visit, kind=cls.Kind.TIP).exists():
            raise Refusal(_("You have already given a tip for this visit. Thank you!"))
        charge = cls.take(visit, kind=cls.Kind.TIP, cents=cents, at=at)
        charge.record_event("tip", at=at, by=by)
        return charge

    @transition(State.DUE, State.UNCONFIRMED, State.HELD, State.FAILED, to=None)
    def earn(self, *, cents: int, at: datetime, by: "User | None", kind: str = ChargeBase.Kind.PRICE) -> None:
        """The visit is done and costs `cents`: take what is held, and what is more than that as a second charge.

        For a visit that was called off too late, `kind` says that it is a fee; the rest of a hold goes back.
        """
        self.kind = kind
        if self.wanted == self.Wanted.OUTSIDE:
            self.cents = cents
            return
        asked_for = self.params["amount"] if self.params else cents
        limit = self.held_cents if self.state == State.HELD else asked_for
        self.cents, self.wanted = min(cents, limit), self.Wanted.CAPTURE
        if self.state != State.UNCONFIRMED:
            self.due_at = at
        self.take_rest(max(0, cents - limit), at=at)
        self._hurry(at)

    def take_rest(self, cents: int, *, at: datetime) -> None:
        """Charge at once what the price is more than what was held or taken; what is too small is borne."""
        if is_too_small(cents, at=at):
            bear(self.visit, kind=self.Kind.REST, client=self.client_id, cents=cents, at=at)
        elif cents:
            self.take(self.visit, kind=self.Kind.REST, cents=cents, at=at)

    def call_off(self, *, at: datetime, by: "User | None") -> None:
        """The visit will not take place: give back what is held, or may be."""
        if self.has_no_payment or (self.state == State.DUE and self.params is None):
            self.drop(at=at, by=by)
        elif self.state in (State.DUE, State.UNCONFIRMED, State.HELD):
            self.want_back(at=at, by=by)

    @transition(State.DUE, State.UNCONFIRMED, State.FAILED, to=State.RELEASED)
    def drop(self, *, at: datetime, by: "User | None") -> None:
        """Nothing was held, and nothing will be."""
        self.wanted, self.lease_until = self.Wanted.RELEASE, None

    @transition(State.DUE, State.UNCONFIRMED, State.HELD, to=None)
    def want_back(self, *, at: datetime, by: "User | None") -> None:
        """Give back what is held as soon as it can be."""
        self.wanted, self.due_at = self.Wanted.RELEASE, at
        self._hurry(at)

    @transition(State.DUE, State.FAILED, to=State.SETTLED)
    def pay_outside(self, *, at: datetime, by: "User", note: str) -> None:
        """The client paid by check or in cash, and the money is in our bank account; `note` says how."""
        if self.state == State.DUE and self.wanted != self.Wanted.OUTSIDE:
            raise Refusal(_("This is charged to a card."))
        if self.visit.state in NOT_OVER:
            raise Refusal(_("The visit is still to come. It is paid once it is done."))
        self.paid_outside_at = at
        self._reset()
        moves = [Move(Account.fund(Account.Kind.BANK), Account.client(self.client_id), self.cents)]
        self._post(f"outside:{self.pk}", Entry.Kind.OUTSIDE, moves, at=at, memo=note)

    @property
    def has_no_payment(self) -> bool:
        """Was it declined, or does it wait for a confirmation whose page nobody has opened yet?"""
        return self.state == State.FAILED or (self.state == State.UNCONFIRMED and self.params is None)

    @transition(State.UNCONFIRMED, State.FAILED, to=State.DUE)
    def try_again(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Try once more, with the card that the client has now."""
        if not self.has_no_payment:
            raise Refusal(_("Somebody is confirming this payment at the bank."))
        self._begin_again(at)
        self._hurry(at)

    def retry(self, *, at: datetime, by: "User") -> None:
        """A person says: once more. What is too small for a card is not asked for again: running the co-op bears it."""
        if self.wanted == self.Wanted.CAPTURE and is_too_small(self.cents, at=at):
            bear(self.visit, kind=self.kind, client=self.client_id, cents=self.cents, at=at)
            self.call_off(at=at, by=by)
        elif self.state == State.FAILED:
            self.try_again(at=at, by=by)
        else:
            self.go_on(at=at, by=by)

    @transition(State.DUE, State.UNCONFIRMED, State.HELD, State.CAPTURED, to=None)
    def go_on(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """A person looked at what went wrong: take the next step again.

        What was never held is looked for under all its tries and, if it is not there, asked for as a new one.
        """
        if self.state == State.DUE:
            self._begin_a_new_try()
        self._reset()
        self.due_at = at
        self._hurry(at)
