"""Disputes: a card holder's bank takes a payment back until it has judged."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.money import dollars
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine, WrittenText
from members.models import Notice, Role
from payouts.charges.charges import Charge
from payouts.ledger.ledger import Account, Entry, Move
from payouts.stripe import walking
from payouts.stripe.walking import Disputed
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

AGAIN = timedelta(hours=6)
"""Until Stripe is asked again about one that nobody has judged yet."""
OFFICES = ("treasurer", "coordinator")


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, user: "User") -> "DisputeQuerySet":
        return self if user.has_perm("payouts.see_disputes") else self.none()

    def going(self) -> "DisputeQuerySet":
        """Those that no bank has judged yet."""
        return self.filter(state__in=Dispute.GOING)

    def to_answer(self) -> "DisputeQuerySet":
        """Those that wait for our answer, the nearest deadline first."""
        return self.filter(state=Dispute.State.OPEN).order_by(F("due_by").asc(nulls_last=True), "pk")

    def to_look_at(self, at: datetime) -> "DisputeQuerySet":
        return self.going().filter(look_at__lte=at)


class Dispute(Stateful):
    """A payment that a card holder's bank took back, or asks about. `reason` is the bank's word.

    What was taken stands in an account of its own until the bank has judged: then it is back, or whoever bears it
    (`borne_by`) has paid it. It never comes out of anybody's pay.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("waits for our answer")
        ANSWERED = "answered", gettext_lazy("the bank is looking at it")
        WON = "won", gettext_lazy("won")
        LOST = "lost", gettext_lazy("lost")
        CLOSED = "closed", gettext_lazy("closed, nothing was taken")

    class Bearer(models.TextChoices):
        COOP = "coop", gettext_lazy("Running the co-op")
        NOBODY = "nobody", gettext_lazy("The shared reserve")
        CLIENT = "client", gettext_lazy("The client: they owe it again")

    GOING = (State.OPEN, State.ANSWERED)

    dispute = models.CharField(max_length=100, unique=True)
    payment = models.CharField(max_length=100, blank=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, related_name="disputes")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    due_by = models.DateTimeField(null=True)
    look_at = models.DateTimeField()
    borne_by = models.CharField(max_length=10, choices=Bearer.choices, default=Bearer.COOP)
    words = WrittenText(blank=True)
    answered_at = models.DateTimeField(null=True)
    note = WrittenLine(max_length=500, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("dispute")
        constraints = [
            models.CheckConstraint(
                condition=~Q(borne_by="client") | Q(charge__isnull=False), name="only_a_known_client_owes_it_again"
            )
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(state__in=["open", "answered"]), name="disputes_to_look_at")
        ]

    def __str__(self) -> str:
        return f"{dollars(self.cents)}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("dispute", args=[self.pk])

    def is_about(self, user: "User") -> bool:
        """Did this person's household pay it?"""
        return self.charge is not None and self.charge.is_about(user)

    @property
    def account(self) -> Account:
        """Where what the bank took stands until it has judged."""
        return Account(code=f"dispute:{self.dispute}"[:40], kind=Account.Kind.DISPUTES)

    @property
    def held_cents(self) -> int:
        """What the bank took and nobody has borne yet."""
        stored = Account.objects.filter(code=self.account.code).with_balance().first()
        return -stored.balance if stored else 0

    # What the bank says

    @classmethod
    def hear(cls, id: str, *, at: datetime) -> "Dispute":
        """Ask Stripe how it stands, and follow. Safe to call twice and in any order."""
        return cls.follow(walking.dispute(id), at=at)

    @classmethod
    def follow(cls, seen: Disputed, *, at: datetime) -> "Dispute":
        """Make our row say what Stripe says."""
        with transaction.atomic():
            charge = Charge.objects.filter(intent=seen.payment).first() if seen.payment else None
            facts = {
                "payment": seen.payment,
                "charge": charge,
                "cents": seen.cents,
                "reason": seen.reason,
                "opened_at": seen.opened_at,
                "due_by": seen.due_by,
                "look_at": at + AGAIN,
            }
            row, is_new = cls.objects.get_or_create(dispute=seen.id, defaults=facts)
            if is_new:
                row._begin(at)
            row._converge(seen, at)
        return row

    def _begin(self, at: datetime) -> None:
        self.record_event("open", at=at, by=None)
        if self.due_by is None or self.due_by < at:
            return
        for person in Role.objects.holders(at, *OFFICES):
            key = f"dispute_opened:{self.pk}:{person.pk}"
            Notice.post(key, to=person, mail="dispute_opened", at=at, about={"dispute": self})

    def _converge(self, seen: Disputed, at: datetime) -> None:
        self.lock()
        type(self).objects.filter(pk=self.pk).update(look_at=at + AGAIN, due_by=seen.due_by)
        step = {
            "under_review": self.pass_on,
            "warning_under_review": self.pass_on,
            "won": self.win,
            "lost": self.lose,
            "warning_closed": self.close,
            "prevented": self.close,
        }.get(seen.state)
        if step and self.state in step.sources and self.state != step.to:  # type: ignore[attr-defined]
            step(at=at, by=None)

    @transition(State.OPEN, to=State.ANSWERED)
    def pass_on(self, *, at: datetime, by: "User | None") -> None:
        """The bank has our answer, and looks at it."""
        self.answered_at = self.answered_at or at

    @transition(State.OPEN, State.ANSWERED, State.LOST, to=State.WON)
    def win(self, *, at: datetime, by: "User | None") -> None:
        """The bank gives it back: what somebody had borne of it already is undone."""
        self._undo_what_was_borne(at)
        self._tell_the_end(at)

    @transition(State.OPEN, State.ANSWERED, to=State.LOST)
    def lose(self, *, at: datetime, by: "User | None") -> None:
        """The bank keeps it: whoever bears it pays."""
        self.bear_it(at=at)
        self._tell_the_end(at)

    @transition(State.OPEN, State.ANSWERED, to=State.CLOSED)
    def close(self, *, at: datetime, by: "User | None") -> None:
        """The bank only asked, and takes nothing."""

    def _tell_the_end(self, at: datetime) -> None:
        for person in Role.objects.holders(at, "treasurer"):
            key = f"dispute_over:{self.pk}:{self.get_state_display()}:{person.pk}"
            Notice.post(key, to=person, mail="dispute_over", at=at, about={"dispute": self})

    # Who bears it

    def bear_it(self, *, at: datetime) -> None:
        """Whatever the bank took and nobody has borne yet is borne now; the row is locked. Twice is once."""
        if held := self.held_cents:
            number = self._borne().count() + 1
            moves = [Move(self._bearer(), self.account, held)] if held > 0 else []
            moves = moves or [Move(self.account, self._bearer(), -held)]
            visit = self.charge.visit if self.charge else None
            key = f"dispute:{self.pk}:lost:{number}"
            Entry.post(key=key, kind=Entry.Kind.DISPUTE, at=at, moves=moves, visit=visit, charge=self.charge)

    @transition(State.OPEN, State.ANSWERED, State.LOST, to=None)
    def let_bear(self, bearer: str, *, at: datetime, by: "User", note: str) -> None:
        """Say who bears it if it is lost; where it is lost already, what was written is undone and written anew."""
        if bearer == self.Bearer.CLIENT and self.charge is None:
            raise Refusal(_("We do not know whose payment it was."), field="bearer")
        if self.state == self.State.LOST:
            self._undo_what_was_borne(at)
        self.borne_by, self.note = bearer, note
        if self.state == self.State.LOST:
            self.bear_it(at=at)

    def _bearer(self) -> Account:
        if self.borne_by == self.Bearer.CLIENT and self.charge:
            return Account.client(self.charge.client_id)
        nobodys = self.borne_by == self.Bearer.NOBODY
        return Account.fund(Account.Kind.RESERVE if nobodys else Account.Kind.OPERATIONS)

    def _borne(self) -> "models.QuerySet[Entry]":
        return Entry.objects.filter(key__startswith=f"dispute:{self.pk}:lost:")

    def _undo_what_was_borne(self, at: datetime) -> None:
        for entry in self._borne().filter(reversed_by__isnull=True).order_by("pk"):
            entry.reverse(at=at, memo="borne otherwise")

    # Our answer

    def answer(self, words: str, *, at: datetime, by: "User") -> None:
        """Send what we know to the bank, through Stripe: once, and it cannot be taken back. Speaks to Stripe."""
        if self.state != self.State.OPEN:
            raise Refusal(_("The bank has our answer already, or has judged."))
        seen = walking.answer_dispute(
            self.dispute, evidence={"uncategorized_text": words}, key=f"dispute-{self.dispute}-answer"
        )
        with transaction.atomic():
            self.lock()
            type(self).objects.filter(pk=self.pk).update(words=words, answered_at=at)
            self.record_event("answer", at=at, by=by)
        self.follow(seen, at=at)
        self.refresh_from_db()


@follows(
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
def _look_at_dispute(subject: str, at: datetime) -> None:
    Dispute.hear(subject, at=at)
