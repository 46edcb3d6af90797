"""Money in: what a client is charged for a visit, as it is held, taken, and found in the balance."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bookings.models import Booking, Client, Visit
from bookings.states import NOT_OVER
from coop.delivery import LONGEST_PAUSE, PAUSE, pause_after
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import split
from coop.states import transition
from members.models import Notice
from payouts.charges.cards import Card
from payouts.ledger.earnings import crew_minutes
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import HOLD_HOURS
from payouts.stripe import answers, errors, gateway, names
from payouts.stripe.attempts import AttemptQuerySet, Changed, StripeAttempt
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

NO_CARD = gettext_noop("There is no card.")


def _time_to_hold(visit: Visit, *, at: datetime) -> datetime:
    """When the price of a visit is held: a day before (a policy), or at once if it is nearer."""
    return max(at, visit.starts_at - timedelta(hours=HOLD_HOURS.on(timezone.localdate(at))))


class ChargeQuerySet(AttemptQuerySet["Charge"]):
    def to_collect(self) -> "ChargeQuerySet":
        """Those for visits that are done, or were called off too late, and are paid by check or in cash."""
        owed = Q(visit__state=Visit.State.COMPLETED) | Q(kind=Charge.Kind.FEE)
        return self.filter(owed, state=Charge.State.DUE, wanted=Charge.Wanted.OUTSIDE)

    def failed(self) -> "ChargeQuerySet":
        return self.filter(state=Charge.State.FAILED)

    def on_its_way(self) -> "ChargeQuerySet":
        """Neither paid nor let go."""
        return self.filter(state__in=[*Charge.IN_HAND, Charge.State.FAILED])

    def by_card(self) -> "ChargeQuerySet":
        """Without those that are paid by check or in cash."""
        return self.exclude(wanted=Charge.Wanted.OUTSIDE)

    def in_trouble(self) -> "ChargeQuerySet":
        """Those that a person should look at."""
        return self.filter(Q(attention_since__isnull=False) | Q(state=Charge.State.FAILED))


class Charge(StripeAttempt):
    """What a client pays for one visit: its price, the rest of a price that grew, a tip, or a fee instead of the price.

    `state` is what has happened at Stripe, `wanted` what should. `due_at` is when the next step is due.
    """

    class State(models.TextChoices):
        DUE = "due", gettext_lazy("due")
        HELD = "held", gettext_lazy("held on the card")
        CAPTURED = "captured", gettext_lazy("charged")
        SETTLED = "settled", gettext_lazy("paid")
        FAILED = "failed", gettext_lazy("declined")
        RELEASED = "released", gettext_lazy("released")

    class Kind(models.TextChoices):
        PRICE = "price", gettext_lazy("price")
        REST = "rest", gettext_lazy("rest of the price")
        TIP = "tip", gettext_lazy("tip")
        FEE = "fee", gettext_lazy("fee")

    class Wanted(models.TextChoices):
        HOLD = "hold", gettext_lazy("hold")
        CAPTURE = "capture", gettext_lazy("charge")
        RELEASE = "release", gettext_lazy("release")
        OUTSIDE = "outside", gettext_lazy("paid by check or in cash")
        LATER = "later", gettext_lazy("hold later")

    IN_HAND = (State.DUE, State.HELD, State.CAPTURED)
    UNSEEN = "Nobody knows whether this charge went through: please look at Stripe."

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="charges")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DUE)
    wanted = models.CharField(max_length=20, choices=Wanted.choices)
    cents = models.PositiveIntegerField()
    held_cents = models.PositiveIntegerField(default=0)
    captured_cents = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    capture_before = models.DateTimeField(null=True)
    intent = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    attention_since = models.DateTimeField(null=True)
    paid_outside_at = models.DateTimeField(null=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("charge")
        constraints = [
            models.UniqueConstraint(fields=["visit", "kind"], name="a_visit_is_charged_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_charge_is_for_something"),
            models.CheckConstraint(
                condition=Q(state__in=["due", "failed", "released"])
                | Q(intent__isnull=False)
                | Q(paid_outside_at__isnull=False),
                name="held_or_taken_money_has_a_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["due", "held", "captured"]), name="charges_with_a_next_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    def is_about(self, user: "User") -> bool:
        """Does this person's household pay it?"""
        return self.client.is_about(user)

    @classmethod
    def has_a_step(cls, at: datetime) -> Q:
        """What waits for a person has none, and what is paid by check or in cash never has."""
        return super().has_a_step(at) & Q(attention_since__isnull=True) & ~Q(wanted=cls.Wanted.OUTSIDE)

    # What is wanted

    @classmethod
    def plan(cls, visit: Visit, *, at: datetime) -> "Charge":
        """The charge for a visit's price: held a day before (a policy), at once if the visit is nearer."""
        due_at = _time_to_hold(visit, at=at)
        wanted = cls.Wanted.OUTSIDE if visit.booking.pays == Booking.Pays.OUTSIDE else cls.Wanted.HOLD
        return cls._make(visit, kind=cls.Kind.PRICE, wanted=wanted, cents=visit.cents, due_at=due_at, at=at)

    def plan_anew(self, *, at: datetime, by: "User | None") -> None:
        """The visit was moved: hold its price in its new time; a hold that is of no use then goes back to the card."""
        if self.state == self.State.FAILED:
            self.try_again(at=at, by=by)
        if self.state in (self.State.DUE, self.State.HELD):
            self.put_off(at=at, by=by)

    @transition(State.DUE, State.HELD, to=None)
    def put_off(self, *, at: datetime, by: "User | None") -> None:
        """Hold the price of the visit as it is now; what is held or asked for already stays if it serves."""
        self.cents = self.visit.cents
        if self.wanted == self.Wanted.OUTSIDE:
            return
        if self.params is None:
            self._reset()
            self.wanted, self.due_at = self.Wanted.HOLD, _time_to_hold(self.visit, at=at)
        elif not self._serves_at(at):
            self.wanted, self.due_at = self.Wanted.LATER, at
        self._hurry(at)

    @transition(State.DUE, to=None)
    def wait_for_its_time(self, *, at: datetime, by: "User | None") -> None:
        """The bank said no to a hold that is not needed any more: ask anew in the new time."""
        self._begin_again(at)

    def _serves_at(self, at: datetime) -> bool:
        """Does the hold that was placed, or is being placed, cover the visit as it is now?"""
        held = self.held_cents if self.state == self.State.HELD else (self.params or {})["amount"]
        lasts = self.capture_before is None or self.capture_before > self.visit.ends_at
        return lasts and self.cents <= held and _time_to_hold(self.visit, at=at) <= at

    @property
    def is_declined_tip(self) -> bool:
        """A tip that the card did not pay: nobody owes one, so nothing adds it up."""
        return self.kind == self.Kind.TIP and self.state == self.State.FAILED

    @classmethod
    def take(cls, visit: Visit, *, kind: str, cents: int, at: datetime) -> "Charge":
        """Charge something at once."""
        return cls._make(visit, kind=kind, wanted=cls.Wanted.CAPTURE, cents=cents, due_at=at, at=at)

    @classmethod
    def _make(cls, visit: Visit, *, kind: str, wanted: str, cents: int, due_at: datetime, at: datetime) -> "Charge":
        facts = {"client": visit.booking.client, "wanted": wanted, "cents": cents, "due_at": due_at}
        charge, _is_new = cls.objects.get_or_create(visit=visit, kind=kind, defaults=facts)
        charge._hurry(at)
        return charge

    @classmethod
    def tip(cls, visit: Visit, *, cents: int, at: datetime, by: "User") -> "Charge":
        """Charge a tip for a visit that was done; one a visit, and all of it is for those who did the work."""
        if visit.state != Visit.State.COMPLETED:
            raise Refusal(_("You can give a tip once the visit is done."))
        if visit.booking.pays == Booking.Pays.OUTSIDE:
            raise Refusal(_("This visit is not paid by card, so a tip cannot be either."))
        if cls.objects.filter(visit=visit, kind=cls.Kind.TIP).exists():
            raise Refusal(_("You have already given a tip for this visit. Thank you!"))
        charge = cls.take(visit, kind=cls.Kind.TIP, cents=cents, at=at)
        charge.record_event("tip", at=at, by=by)
        return charge

    @transition(State.DUE, State.HELD, State.FAILED, to=None)
    def earn(self, *, cents: int, at: datetime, by: "User | None", kind: str = Kind.PRICE) -> None:
        """The visit is done and costs `cents`: take what is held, and what is more than that as a second charge.

        For a visit that was called off too late, `kind` says that it is a fee; the rest of a hold goes back.
        """
        self.kind = kind
        if self.wanted == self.Wanted.OUTSIDE:
            self.cents = cents
            return
        asked_for = self.params["amount"] if self.params else cents
        limit = self.held_cents if self.state == self.State.HELD else asked_for
        self.cents, self.wanted, self.due_at = min(cents, limit), self.Wanted.CAPTURE, at
        if cents > limit:
            Charge.take(self.visit, kind=self.Kind.REST, cents=cents - limit, at=at)
        self._hurry(at)

    def call_off(self, *, at: datetime, by: "User | None") -> None:
        """The visit will not take place: give back what is held, or may be."""
        if self.state == self.State.FAILED or (self.state == self.State.DUE and self.params is None):
            self.drop(at=at, by=by)
        elif self.state in (self.State.DUE, self.State.HELD):
            self.want_back(at=at, by=by)

    @transition(State.DUE, State.FAILED, to=State.RELEASED)
    def drop(self, *, at: datetime, by: "User | None") -> None:
        """Nothing was held, and nothing will be."""
        self.wanted, self.lease_until = self.Wanted.RELEASE, None

    @transition(State.DUE, State.HELD, to=None)
    def want_back(self, *, at: datetime, by: "User | None") -> None:
        """Give back what is held as soon as it can be."""
        self.wanted, self.due_at = self.Wanted.RELEASE, at
        self._hurry(at)

    @transition(State.DUE, State.FAILED, to=State.SETTLED)
    def pay_outside(self, *, at: datetime, by: "User", note: str) -> None:
        """The client paid by check or in cash, and the money is in our bank account; `note` says how."""
        if self.state == self.State.DUE and self.wanted != self.Wanted.OUTSIDE:
            raise Refusal(_("This is charged to a card."))
        if self.visit.state in NOT_OVER:
            raise Refusal(_("The visit is still to come. It is paid once it is done."))
        self.paid_outside_at = at
        self._reset()
        moves = [Move(Account.fund(Account.Kind.BANK), Account.client(self.client_id), self.cents)]
        self._post(f"outside:{self.pk}", Entry.Kind.OUTSIDE, moves, at=at, memo=note)

    @transition(State.FAILED, to=State.DUE)
    def try_again(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Try once more, with the card that the client has now."""
        self._begin_again(at)
        self._hurry(at)

    def retry(self, *, at: datetime, by: "User") -> None:
        """A person says: once more."""
        if self.state == self.State.FAILED:
            self.try_again(at=at, by=by)
        else:
            self.go_on(at=at, by=by)

    @transition(State.DUE, State.HELD, State.CAPTURED, to=None)
    def go_on(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """A person looked at what went wrong: take the next step again, with the same key."""
        self._reset()
        self.due_at = at
        self._hurry(at)

    # What happens at Stripe

    def move(self, *, at: datetime) -> None:
        """Carry out the next step at Stripe if it is due; safe to call twice. Raises errors.Stopped."""
        self.attempt(at=at)

    def _follow(self, seen: answers.Payment, *, at: datetime) -> None:
        if self.intent not in (None, seen.id):
            return
        before = self.state
        self._move_on(seen, at)
        if self.state == before:
            self._rest(at + pause_after(self.attempts))

    def _move_on(self, seen: answers.Payment, at: datetime) -> None:
        state = self.State(self.state)
        if seen.state == "requires_capture" and state in (self.State.DUE, self.State.FAILED):
            self.hold(seen=seen, at=at, by=None)
        elif seen.state == "succeeded" and state in (self.State.DUE, self.State.HELD, self.State.FAILED):
            self.capture(seen=seen, at=at, by=None)
        elif seen.state == "canceled" and state == self.State.HELD:
            end = self.release if self.wanted == self.Wanted.RELEASE else self.lapse
            end(at=at, by=None)
        if self.state == self.State.CAPTURED and seen.taken:
            self.settle(taken=seen.taken, at=at, by=None)

    @transition(State.DUE, State.FAILED, to=State.HELD)
    def hold(self, *, seen: answers.Payment, at: datetime, by: "User | None") -> None:
        """The card has the money set aside, until `capture_before`."""
        self.intent, self.held_cents, self.capture_before = seen.id, seen.held, seen.capture_before
        self._reset()
        self.due_at = at if self.wanted != self.Wanted.HOLD else (seen.capture_before or at + LONGEST_PAUSE)
        self._hurry(at)

    @transition(State.DUE, State.HELD, State.FAILED, to=State.CAPTURED)
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

    @transition(State.DUE, to=State.FAILED)
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
        try:
            if self.state == self.State.DUE:
                return cast("answers.Payment", super()._ask(at))
            if self.state == self.State.HELD and self.wanted == self.Wanted.CAPTURE:
                return gateway.capture(intent, cents=self.cents, key=f"{self.key}-capture")
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
        return gateway.pay(params, key=self.key)

    def _look(self, params: gateway.Params) -> answers.Payment | None:
        return gateway.find_payment(customer=params["customer"], named=params["metadata"]) if params else None

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
        elif not isinstance(no, errors.Declined) or self.state != self.State.DUE:
            self._ask_for_help(str(no), at=at)
        elif self.wanted == self.Wanted.RELEASE:
            self.drop(at=at, by=None)
        elif self.wanted == self.Wanted.LATER:
            self.wait_for_its_time(at=at, by=None)
        else:
            self.decline(reason=str(no), at=at, by=None)

    def _hear_nothing(self, trouble: str, *, at: datetime) -> None:
        if self.state != self.State.DUE and self._key_is_old(at):
            self._ask_for_help(trouble, at=at)
        else:
            super()._hear_nothing(trouble, at=at)

    def _ask_for_help(self, trouble: str, *, at: datetime) -> None:
        self._row().in_hand().update(lease_until=None, attention_since=at, trouble=trouble)

    def _begin_again(self, at: datetime) -> None:
        """Ask anew, as a new try, for what is wanted now."""
        self._begin_a_new_try()
        self._reset()
        self.intent, self.due_at = None, at
        if self.wanted == self.Wanted.LATER:
            self.wanted, self.due_at = self.Wanted.HOLD, _time_to_hold(self.visit, at=at)

    def _reset(self) -> None:
        self._forget_calls()
        self.attention_since, self.trouble = None, ""

    def _hurry(self, at: datetime) -> None:
        if self.due_at <= at:
            enqueue("payouts.move_charge", self.pk)

    def _post(self, key: str, kind: str, moves: list[Move], *, at: datetime, memo: str = "") -> None:
        Entry.post(key=key, kind=kind, at=at, moves=moves, memo=memo, visit=self.visit, charge=self)


@follows("payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.succeeded")
def _look_at_payment(intent: str, at: datetime) -> None:
    charge = Charge.objects.filter(intent=intent).first()
    if charge:
        charge.converge(gateway.payment(intent), at=at)
