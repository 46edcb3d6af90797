"""Money in: what a client is charged for a visit, as it is held, taken, and found in the balance."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from bookings.models import Visit
from coop.money import split
from coop.sending.delivery import LONGEST_PAUSE, PAUSE, pause_after
from coop.states import transition
from members.models import Notice
from payouts.charges.cards import Card
from payouts.charges.charge_base import ChargeBase
from payouts.charges.confirming.confirming import Confirming
from payouts.charges.planning import Planning
from payouts.ledger.earnings import crew_minutes
from payouts.ledger.ledger import Account, Entry, Move
from payouts.stripe import answers, errors, finding, gateway, names
from payouts.stripe.attempts import AttemptQuerySet, Changed
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

State = ChargeBase.State
NO_CARD = gettext_noop("There is no card.")
NOT_NEEDED = "not needed any more"


class ChargeQuerySet(AttemptQuerySet["Charge"]):
    def to_collect(self) -> "ChargeQuerySet":
        """Those for visits that are done, or were called off too late, and are paid by check or in cash."""
        owed = Q(visit__state=Visit.State.COMPLETED) | Q(kind=Charge.Kind.FEE)
        return self.filter(owed, state=Charge.State.DUE, wanted=Charge.Wanted.OUTSIDE)

    def failed(self) -> "ChargeQuerySet":
        return self.filter(state=Charge.State.FAILED)

    def to_try_again(self) -> "ChargeQuerySet":
        """Those that another card could pay: declined, or waiting for a bank on a page that nobody has opened."""
        waits = Q(state=Charge.State.UNCONFIRMED, params__isnull=True)
        return self.filter(Q(state=Charge.State.FAILED) | waits)

    def to_confirm(self) -> "ChargeQuerySet":
        """Those whose bank waits for the client."""
        return self.filter(state=Charge.State.UNCONFIRMED, attention_since__isnull=True)

    def on_its_way(self) -> "ChargeQuerySet":
        """Neither paid nor let go."""
        return self.filter(state__in=[*Charge.IN_HAND, Charge.State.FAILED])

    def by_card(self) -> "ChargeQuerySet":
        """Without those that are paid by check or in cash."""
        return self.exclude(wanted=Charge.Wanted.OUTSIDE)

    def in_trouble(self) -> "ChargeQuerySet":
        """Those that a person should look at."""
        return self.filter(Q(attention_since__isnull=False) | Q(state=Charge.State.FAILED))


class Charge(Planning, Confirming):
    """What a client pays for one visit: its price, the rest of a price that grew, a tip, or a fee instead of the price.

    What is wanted of it stands in `Planning`; here is how it is held, taken and found in the balance.
    """

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("charge")
        constraints = [
            models.UniqueConstraint(fields=["visit", "kind"], name="a_visit_is_charged_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_charge_is_for_something"),
            models.CheckConstraint(
                condition=Q(state__in=["due", "unconfirmed", "failed", "released"])
                | Q(intent__isnull=False)
                | Q(paid_outside_at__isnull=False),
                name="held_or_taken_money_has_a_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state="unconfirmed") | Q(asked_to_confirm_at__isnull=False),
                name="what_is_to_be_confirmed_was_asked_for",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["due", "unconfirmed", "held", "captured"]),
                name="charges_with_a_next_step",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    @property
    def is_taken(self) -> bool:
        """Did the card pay it? Before its visit is done only where it was found after a restore."""
        return self.state in (self.State.CAPTURED, self.State.SETTLED) and self.paid_outside_at is None

    @property
    def is_declined_tip(self) -> bool:
        """A tip that the card did not pay: nobody owes one, so nothing adds it up."""
        return self.kind == self.Kind.TIP and self.state == self.State.FAILED

    # What happens at Stripe

    def move(self, *, at: datetime) -> None:
        """Carry out the next step at Stripe if it is due; safe to call twice. Raises errors.Stopped."""
        self.attempt(at=at)

    def adopt(self, seen: answers.Payment, *, name: names.Name, at: datetime) -> None:
        """A payment for this was found at Stripe that no row knows: it is this row's, unless that has one already."""
        fresh = self._row().filter(intent__isnull=True, state__in=[State.DUE, State.UNCONFIRMED, State.FAILED])
        if fresh.update(params={"amount": seen.cents, "customer": seen.whom, "metadata": name}):
            self.converge(seen, at=at)
        self.refresh_from_db()

    def _follow(self, seen: answers.Payment, *, at: datetime) -> None:
        if self.intent not in (None, seen.id):
            return
        before = self.state
        self._move_on(seen, at)
        if self.state == before:
            self._rest(at + pause_after(self.attempts))

    @property
    def _has_crew(self) -> bool:
        """A tip waits until its visit is written down as done, as after a restore: before that nobody can have it."""
        return self.kind != self.Kind.TIP or self.visit.completed_at is not None

    def _move_on(self, seen: answers.Payment, at: datetime) -> None:
        state = self.State(self.state)
        to_be_paid = (self.State.DUE, self.State.UNCONFIRMED, self.State.FAILED)
        if seen.state == "requires_capture" and state in to_be_paid:
            self.hold(seen=seen, at=at, by=None)
        elif seen.state == "succeeded" and state in (*to_be_paid, self.State.HELD):
            self.capture(seen=seen, at=at, by=None)
        elif seen.state == "canceled" and state == self.State.HELD:
            end = self.release if self.wanted == self.Wanted.RELEASE else self.lapse
            end(at=at, by=None)
        if self.state == self.State.CAPTURED and seen.taken and self._has_crew:
            self.settle(taken=seen.taken, at=at, by=None)

    @transition(State.DUE, State.UNCONFIRMED, State.FAILED, to=State.HELD)
    def hold(self, *, seen: answers.Payment, at: datetime, by: "User | None") -> None:
        """The card has the money set aside, until `capture_before`."""
        self.intent, self.held_cents, self.capture_before = seen.id, seen.held, seen.capture_before
        self._reset()
        self.due_at = at if self.wanted != self.Wanted.HOLD else (seen.capture_before or at + LONGEST_PAUSE)
        self._hurry(at)

    @transition(State.DUE, State.UNCONFIRMED, State.HELD, State.FAILED, to=State.CAPTURED)
    def capture(self, *, seen: answers.Payment, at: datetime, by: "User | None") -> None:
        """The money is taken."""
        self.intent, self.captured_cents = seen.id, seen.received
        self._reset()
        self.due_at = at + PAUSE

    @transition(State.CAPTURED, to=State.SETTLED)
    def settle(self, *, taken: answers.Taken, at: datetime, by: "User | None") -> None:
        """The money is in our balance: write it and Stripe's fee into the books."""
        self._reset()
        stripe, operations = Account.fund(Account.Kind.STRIPE), Account.fund(Account.Kind.OPERATIONS)
        owed = Account.client(self.client_id)
        moves = [Move(stripe, owed, taken.cents), Move(operations, stripe, taken.fee)]
        self._post(f"bt:{taken.id}", Entry.Kind.CAPTURE, moves, at=at)
        if self.kind == self.Kind.TIP:
            parts = split(taken.cents, crew_minutes(self.visit))
            tips = [Move(owed, Account.tips(member), cents) for member, cents in parts.items()]
            self._post(f"tip:{self.pk}", Entry.Kind.TIP, tips, at=at)

    @transition(State.HELD, to=State.RELEASED)
    def release(self, *, at: datetime, by: "User | None") -> None:
        """What was held is back on the card."""
        self.held_cents = 0

    @transition(State.HELD, to=State.DUE)
    def lapse(self, *, at: datetime, by: "User | None") -> None:
        """The hold ran out before the visit was charged, or was given back to be placed later: begin anew."""
        self.held_cents, self.capture_before = 0, None
        self._begin_again(at)
        self._hurry(at)

    @transition(State.DUE, State.UNCONFIRMED, to=State.FAILED)
    def decline(self, *, reason: str, at: datetime, by: "User | None") -> None:
        """The bank said no; the client is told and may save another card."""
        self.trouble, self.lease_until = reason, None
        Notice.post(
            f"charge_declined:{self.pk}:{self.number_of_try}",
            to=self.client.user,
            mail="charge_declined",
            at=at,
            about={"charge": self, "visit": self.visit, "booking": self.visit.booking},
        )

    def _ask(self, at: datetime) -> answers.Payment:
        """Ask Stripe for what brings this row from its state to what is wanted."""
        intent = self.intent or ""
        if self.state == self.State.UNCONFIRMED:
            return self._end_page()
        try:
            if self.state == self.State.DUE:
                return cast("answers.Payment", super()._ask(at))
            if self.state == self.State.HELD and self.wanted == self.Wanted.CAPTURE:
                return gateway.capture(intent, cents=self.cents, key=f"{self.key}-capture-{self.cents}")
            if self.state == self.State.HELD and self.wanted in (self.Wanted.RELEASE, self.Wanted.LATER):
                return gateway.release(intent, key=f"{self.key}-release")
        except errors.Moved:
            if not intent:
                raise
        return gateway.payment(intent)

    def _wish(self) -> gateway.Params:
        card = Card.objects.filter(client=self.client_id).exclude(method="").first()
        if card is None:
            raise errors.Declined(NO_CARD)
        name = self._name()
        return {
            "amount": self.cents,
            "currency": "usd",
            "customer": card.customer,
            "payment_method": card.method,
            "payment_method_types": ["card"],
            "off_session": True,
            "confirm": True,
            "capture_method": "manual" if self.wanted == self.Wanted.HOLD else "automatic",
            "transfer_group": names.group_of(name, "visit"),
            "metadata": name,
        }

    def _as_asked(self) -> AttemptQuerySet["Charge"]:
        """This row, unless something else came to be wanted this very moment."""
        same = self._row().filter(state=self.State.DUE, params__isnull=True)
        return same.filter(cents=self.cents, wanted=self.wanted, due_at=self.due_at)

    def _request(self, params: gateway.Params) -> answers.Payment:
        if self.wanted in (self.Wanted.RELEASE, self.Wanted.LATER) and self.attempts == 1:
            raise errors.Declined(NOT_NEEDED)
        seen = gateway.pay(params, key=self.key)
        if seen.state == "requires_action":
            raise errors.Unproven(seen.state)
        return seen

    def _look(self, params: gateway.Params) -> answers.Payment | None:
        return finding.find_payment(customer=params["customer"], named=params["metadata"])

    def _name(self) -> names.Name:
        """What this try pays: a visit's price or fee, which stands in the books or will, or a tip for it."""
        entry = Entry.Kind.FEE if self.kind == self.Kind.FEE else Entry.Kind.VISIT
        settles = [] if self.kind == self.Kind.TIP else [f"{entry}:{self.visit_id}"]
        booking = names.digest_of([str(self.visit.booking.token)])
        about = {"visit": self.visit_id, "booking": booking}
        return names.name(self.kind, settles=settles, number_of_try=self.number_of_try, **about)

    def _hear_no(self, no: errors.GatewayTrouble, *, at: datetime) -> None:
        if isinstance(no, Changed):
            self._row().update(lease_until=None)
        elif not isinstance(no, errors.Declined) or self.state not in (self.State.DUE, self.State.UNCONFIRMED):
            self._ask_for_help(str(no), at=at)
        elif self.wanted == self.Wanted.RELEASE:
            self.drop(at=at, by=None)
        elif self.wanted == self.Wanted.LATER or self.can_be_confirmed(at):
            self.wait_for_its_time(at=at, by=None)
        elif isinstance(no, errors.Unproven):
            self.ask_to_confirm(at=at, by=None)
        else:
            self.decline(reason=str(no), at=at, by=None)

    def _hear_nothing(self, trouble: str, *, at: datetime) -> None:
        if self.state != self.State.DUE and self._key_is_old(at):
            self._ask_for_help(trouble, at=at)
        else:
            super()._hear_nothing(trouble, at=at)

    def _ask_for_help(self, trouble: str, *, at: datetime) -> None:
        self._row().in_hand().update(lease_until=None, attention_since=at, trouble=trouble)


@follows("payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.succeeded")
def _look_at_payment(intent: str, at: datetime) -> None:
    charge = Charge.objects.filter(intent=intent).first()
    if charge:
        charge.converge(gateway.payment(intent), at=at)


@follows("checkout.session.completed")
def _look_at_page(page: str, at: datetime) -> None:
    for charge in Charge.objects.filter(page=page):
        charge.look_at_page(at=at)
