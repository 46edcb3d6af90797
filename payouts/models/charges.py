"""Money in: what a client is charged for a visit, as it is held, taken, and found in the balance."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bookings.models import Booking, Client, Visit
from coop.delivery import LONGEST_PAUSE, PAUSE, pause_after
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import split
from coop.states import Stateful, transition
from members.models import Notice
from payouts import gateway, names
from payouts.models.cards import Card
from payouts.models.earnings import crew_minutes
from payouts.models.ledger import Account, Entry, Move
from payouts.policies import HOLD_HOURS

if TYPE_CHECKING:
    from members.models import User

LEASE = timedelta(minutes=2)
"""Longer than all tries of one call to Stripe."""
KEYS_LAST = timedelta(hours=20)
"""Stripe forgets an idempotency key after 24 hours; from here on we look instead of asking again."""
NO_CARD = gettext_noop("There is no card.")
MOVING = ("due", "held", "captured")


class Changed(Exception):
    """What is wanted of a charge changed before it was asked for: nothing was, and it has its own time again."""


def _time_to_hold(visit: Visit, *, at: datetime) -> datetime:
    """When the price of a visit is held: a day before (a policy), or at once if it is nearer."""
    return max(at, visit.starts_at - timedelta(hours=HOLD_HOURS.on(timezone.localdate(at))))


class ChargeQuerySet(models.QuerySet["Charge"]):
    def visible_to(self, user: "User") -> "ChargeQuerySet":
        """All for those who look after what went wrong, none for others."""
        return self if user.has_perm("payouts.see_trouble") else self.none()

    def due(self, at: datetime) -> "ChargeQuerySet":
        """Those whose next step is due and that nobody is busy with, unless payments are off."""
        if not settings.PAYMENTS:
            return self.none()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
        asked = self.filter(free, state__in=MOVING, due_at__lte=at, attention_since__isnull=True)
        return asked.exclude(wanted=Charge.Wanted.OUTSIDE)

    def to_collect(self) -> "ChargeQuerySet":
        """Those for visits that are done, or were called off too late, and are paid by check or in cash."""
        owed = Q(visit__state=Visit.State.COMPLETED) | Q(kind=Charge.Kind.FEE)
        return self.filter(owed, state=Charge.State.DUE, wanted=Charge.Wanted.OUTSIDE)

    def failed(self) -> "ChargeQuerySet":
        return self.filter(state=Charge.State.FAILED)

    def in_trouble(self) -> "ChargeQuerySet":
        """Those that a person should look at."""
        return self.filter(Q(attention_since__isnull=False) | Q(state=Charge.State.FAILED))

    def claim(self, pk: int, *, at: datetime) -> bool:
        """Make this charge ours for the length of a call to Stripe; False when it is somebody else's or not due."""
        tried = Coalesce("first_tried_at", Value(at))
        mine = self.due(at).filter(pk=pk)
        return bool(mine.update(lease_until=at + LEASE, attempts=F("attempts") + 1, first_tried_at=tried))


class Charge(Stateful):
    """What a client pays for one visit: its price, the rest of a price that grew, a tip, or a fee instead of the price.

    `state` is what has happened at Stripe, `wanted` what should. `due_at` is when the next step is due.
    A try has a number, a key and exact parameters that stay in the row, so that asking twice is paying once;
    only a certain no begins a new try.
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
    number_of_try = models.PositiveSmallIntegerField(default=1)
    params = models.JSONField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attention_since = models.DateTimeField(null=True)
    paid_outside_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

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
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=MOVING), name="charges_with_a_next_step")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    def is_about(self, user: "User") -> bool:
        """Does this person's household pay it?"""
        return self.client.is_about(user)

    @property
    def key(self) -> str:
        """The idempotency key of this try: by what it pays, which its frozen parameters say."""
        name = names.name_in(self.params)
        return names.key_of(name) if name else f"charge-{self.pk}-{self.number_of_try}"

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
        self._begin_a_new_try(at)

    def _serves_at(self, at: datetime) -> bool:
        """Does the hold that was placed, or is being placed, cover the visit as it is now?"""
        held = self.held_cents if self.state == self.State.HELD else (self.params or {})["amount"]
        lasts = self.capture_before is None or self.capture_before > self.visit.ends_at
        return lasts and self.cents <= held and _time_to_hold(self.visit, at=at) <= at

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
        if self.visit.state in (Visit.State.SCHEDULED, Visit.State.STARTED, Visit.State.BROKEN_OFF):
            raise Refusal(_("The visit is still to come. It is paid once it is done."))
        self.paid_outside_at = at
        self._reset()
        moves = [Move(Account.fund(Account.Kind.BANK), Account.client(self.client_id), self.cents)]
        self._post(f"outside:{self.pk}", Entry.Kind.OUTSIDE, moves, at=at, memo=note)

    @transition(State.FAILED, to=State.DUE)
    def try_again(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Try once more, with the card that the client has now."""
        self._begin_a_new_try(at)
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
        """Carry out the next step at Stripe if it is due; safe to call twice. Raises gateway.Stopped."""
        if not Charge.objects.claim(self.pk, at=at):
            return
        self.refresh_from_db()
        try:
            seen = self._ask(at)
        except Changed:
            self._unless_over().update(lease_until=None)
        except gateway.Declined as no:
            self._hear_no(at, str(no))
        except gateway.Unknown as trouble:
            self._wait(at, str(trouble))
        except (gateway.Mistaken, gateway.NotNow, gateway.Moved) as trouble:
            self._ask_for_help(at, str(trouble))
        else:
            self.converge(seen, at=at)

    def converge(self, seen: gateway.Payment, *, at: datetime) -> None:
        """Make this row say what Stripe says, whoever told us and however often."""
        with transaction.atomic():
            self.lock()
            if self.intent not in (None, seen.id):
                return
            before = self.state
            self._follow(seen, at)
            if self.state == before:
                self._rest(at + pause_after(self.attempts))

    def _follow(self, seen: gateway.Payment, at: datetime) -> None:
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
    def hold(self, *, seen: gateway.Payment, at: datetime, by: "User | None") -> None:
        """The card has the money set aside, until `capture_before`."""
        self.intent, self.held_cents, self.capture_before = seen.id, seen.held, seen.capture_before
        self._reset()
        self.due_at = at if self.wanted != self.Wanted.HOLD else (seen.capture_before or at + LONGEST_PAUSE)
        self._hurry(at)

    @transition(State.DUE, State.HELD, State.FAILED, to=State.CAPTURED)
    def capture(self, *, seen: gateway.Payment, at: datetime, by: "User | None") -> None:
        """The money is taken."""
        self.intent, self.captured_cents = seen.id, seen.received
        self._reset()
        self.due_at = at + PAUSE

    @transition(State.CAPTURED, to=State.SETTLED)
    def settle(self, *, taken: gateway.Taken, at: datetime, by: "User | None") -> None:
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
        self._begin_a_new_try(at)
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

    def _ask(self, at: datetime) -> gateway.Payment:
        """Ask Stripe for what brings this row from its state to what is wanted."""
        intent = self.intent or ""
        try:
            if self.state == self.State.DUE:
                return self._ask_for_money(at)
            if self.state == self.State.HELD and self.wanted == self.Wanted.CAPTURE:
                return gateway.capture(intent, cents=self.cents, key=f"{self.key}-capture")
            if self.state == self.State.HELD and self.wanted in (self.Wanted.RELEASE, self.Wanted.LATER):
                return gateway.release(intent, key=f"{self.key}-release")
        except gateway.Moved:
            if not intent:
                raise
        return gateway.payment(intent)

    def _ask_for_money(self, at: datetime) -> gateway.Payment:
        if self.first_tried_at and at - self.first_tried_at > KEYS_LAST:
            return self._find()
        if self.params is None:
            self._freeze()
        try:
            return gateway.pay(self.params or {}, key=self.key)
        except gateway.Unknown as trouble:
            if trouble.replayed:
                return self._find()
            raise

    def _freeze(self) -> None:
        """Write down what exactly is asked for, unless something else came to be wanted this very moment."""
        card = Card.objects.filter(client=self.client_id).exclude(method="").first()
        if card is None:
            raise gateway.Declined(NO_CARD)
        name = self._name()
        self.params = {
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
        same = Charge.objects.filter(pk=self.pk, state=self.State.DUE, params__isnull=True)
        if not same.filter(cents=self.cents, wanted=self.wanted, due_at=self.due_at).update(params=self.params):
            raise Changed

    def _name(self) -> names.Name:
        """What this try pays: a visit's price or fee, which stands in the books or will, or a tip for it."""
        entry = Entry.Kind.FEE if self.kind == self.Kind.FEE else Entry.Kind.VISIT
        settles = [] if self.kind == self.Kind.TIP else [f"{entry}:{self.visit_id}"]
        booking = names.digest_of([str(self.visit.booking.token)])
        about = {"visit": self.visit_id, "booking": booking}
        return names.name(self.kind, settles=settles, number_of_try=self.number_of_try, **about)

    def _find(self) -> gateway.Payment:
        """Look for what this try has done when its key can no longer tell; raises Mistaken when nothing is found."""
        asked = self.params
        found = asked and gateway.find_payment(customer=asked["customer"], named=asked["metadata"])
        if not found:
            raise gateway.Mistaken("Nobody knows whether this charge went through: please look at Stripe.")
        return found

    def _hear_no(self, at: datetime, reason: str) -> None:
        with transaction.atomic():
            self.lock()
            if self.state != self.State.DUE:
                self._ask_for_help(at, reason)
            elif self.wanted == self.Wanted.RELEASE:
                self.drop(at=at, by=None)
            elif self.wanted == self.Wanted.LATER:
                self.wait_for_its_time(at=at, by=None)
            else:
                self.decline(reason=reason, at=at, by=None)

    def _wait(self, at: datetime, trouble: str) -> None:
        if self.first_tried_at and self.state != self.State.DUE and at - self.first_tried_at > KEYS_LAST:
            self._ask_for_help(at, trouble)
        else:
            self._rest(at + pause_after(self.attempts), trouble)

    def _rest(self, until: datetime, trouble: str = "") -> None:
        self._unless_over().update(lease_until=None, due_at=until, trouble=trouble)

    def _ask_for_help(self, at: datetime, trouble: str) -> None:
        self._unless_over().update(lease_until=None, attention_since=at, trouble=trouble)

    def _unless_over(self) -> ChargeQuerySet:
        return Charge.objects.filter(pk=self.pk, state__in=MOVING)

    def _begin_a_new_try(self, at: datetime) -> None:
        """Only after a certain no: a new number is a new key."""
        self._reset()
        self.number_of_try, self.params, self.intent, self.due_at = self.number_of_try + 1, None, None, at
        if self.wanted == self.Wanted.LATER:
            self.wanted, self.due_at = self.Wanted.HOLD, _time_to_hold(self.visit, at=at)

    def _reset(self) -> None:
        self.attempts, self.first_tried_at, self.lease_until = 0, None, None
        self.attention_since, self.trouble = None, ""

    def _hurry(self, at: datetime) -> None:
        if self.due_at <= at:
            enqueue("payouts.move_charge", self.pk)

    def _post(self, key: str, kind: str, moves: list[Move], *, at: datetime, memo: str = "") -> None:
        day, memo = timezone.localdate(at), memo[:200]
        Entry.post(key=key, kind=kind, effective_on=day, at=at, moves=moves, memo=memo, visit=self.visit, charge=self)
