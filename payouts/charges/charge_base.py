"""What every step of a charge's life shares: its fields, and how a next step is begun."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.models import Client, Visit
from coop.jobs import enqueue
from payouts.charges.sums.least_charge import least_charge
from payouts.ledger.ledger import Entry, Move
from payouts.policies import HOLD_HOURS
from payouts.stripe.attempts import StripeAttempt

if TYPE_CHECKING:
    from members.models import User
    from payouts.charges.charges import Charge


def time_to_hold(visit: Visit, *, at: datetime) -> datetime:
    """When the price of a visit is held: a day before (a policy), or at once if it is nearer."""
    return max(at, visit.starts_at - timedelta(hours=HOLD_HOURS.on(timezone.localdate(at))))


class ChargeBase(StripeAttempt):
    """What a client pays for a visit.

    `state` is what has happened at Stripe, `wanted` what should. `due_at` is when the next step is due.
    """

    class State(models.TextChoices):
        DUE = "due", gettext_lazy("due")
        UNCONFIRMED = "unconfirmed", gettext_lazy("to be confirmed")
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

    IN_HAND = (State.DUE, State.UNCONFIRMED, State.HELD, State.CAPTURED)
    WHOM = "customer"
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

    class Meta:
        abstract = True

    def is_about(self, user: "User") -> bool:
        """Does this person's household pay it?"""
        return self.client.is_about(user)

    @classmethod
    def has_a_step(cls, at: datetime) -> Q:
        """What waits for a person has none, and what is paid by check or in cash never has. What is too small for a
        card is not held: once the visit is done running the co-op bears it.
        """
        never = Q(wanted=cls.Wanted.OUTSIDE) | Q(wanted=cls.Wanted.HOLD, cents__lt=least_charge(at))
        return super().has_a_step(at) & Q(attention_since__isnull=True) & ~never

    def _begin_again(self, at: datetime) -> None:
        """Ask anew, as a new try, for what is wanted now."""
        self._begin_a_new_try()
        self._reset()
        self.intent, self.due_at = None, at
        if self.wanted == self.Wanted.LATER:
            self.wanted, self.due_at = self.Wanted.HOLD, time_to_hold(self.visit, at=at)

    def _reset(self) -> None:
        self._forget_calls()
        self.attention_since, self.trouble = None, ""

    def _hurry(self, at: datetime) -> None:
        if self.due_at <= at:
            enqueue("payouts.move_charge", self.pk)

    def _post(self, key: str, kind: str, moves: list[Move], *, at: datetime, memo: str = "") -> None:
        Entry.post(key=key, kind=kind, at=at, moves=moves, memo=memo, visit=self.visit, charge=cast("Charge", self))
