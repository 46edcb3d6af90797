"""Every movement of the balance at Stripe: each one in the books once, or waiting for a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from coop.money import dollars
from coop.sending.delivery import pause_after
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from payouts.ledger.ledger import Account, Entry
from payouts.reconciliation import postings
from payouts.reconciliation.changes import change_by
from payouts.stripe.walking import Moved

if TYPE_CHECKING:
    from members.models import User

PATIENCE = timedelta(hours=2)
"""How long what we asked for ourselves may take until it stands in the books; after that a person looks."""
UNKNOWN = gettext_noop("Nothing in the books goes with it.")
DIFFERS = gettext_noop("The books say another sum for it.")
TAKEN = gettext_noop("What goes with it in the books stands for another movement already.")


class MovementQuerySet(models.QuerySet["Movement"]):
    def visible_to(self, user: "User") -> "MovementQuerySet":
        return self if user.has_perm("payouts.see_reconciliation") else self.none()

    def due(self, at: datetime) -> "MovementQuerySet":
        """Those that are to be settled, or looked at again."""
        return self.filter(state__in=Movement.OPEN, due_at__lte=at)

    def open(self) -> "MovementQuerySet":
        """Those that are not in the books."""
        return self.filter(state__in=Movement.OPEN)

    def waiting(self) -> "MovementQuerySet":
        """Those that wait for a person."""
        return self.filter(state=Movement.State.WAITS)

    def net(self) -> int:
        """Cents by which they changed the balance, together."""
        sums = self.aggregate(cents=Sum("cents", default=0), fees=Sum("fee_cents", default=0))
        return int(sums["cents"] - sums["fees"])


class Movement(Stateful):
    """One movement of the balance at Stripe, as it was read: `cents` below zero left it, the fee is kept back besides.

    `source` is what made it, `about` the payment or transfer that this was part of. `entry` is where it stands in the
    books. One that another installation made on the same account is none of ours.
    """

    class State(models.TextChoices):
        NEW = "new", _("just seen")
        BOOKED = "booked", _("in the books")
        FOREIGN = "foreign", _("another installation's")
        WAITS = "waits", _("waits for a person")

    OPEN = (State.NEW, State.WAITS)

    bt = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=60)
    category = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=100, blank=True, db_index=True)
    about = models.CharField(max_length=100, blank=True, db_index=True)
    words = WrittenLine(max_length=120, blank=True)
    name = models.JSONField(default=dict, blank=True)
    cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    moved_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.NEW)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="movement")

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement at Stripe")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="booked", entry__isnull=False) | (~Q(state="booked") & Q(entry__isnull=True)),
                name="a_movement_in_the_books_has_its_entry",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["new", "waits"]), name="movements_to_settle"),
            models.Index(fields=["-moved_at"], name="movements_by_time"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="movements_keep_what_was_read",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *("bt", "type", "category", "source", "about", "name", "cents", "fee_cents", "moved_at")
                ),
            ),
            pgtrigger.Protect(name="movements_do_not_vanish", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.bt}"

    def get_absolute_url(self) -> str:
        return reverse("movement", args=[self.pk])

    @property
    def key(self) -> str:
        """The key of the entry that is posted for it."""
        return f"bt:{self.bt}"

    @property
    def net(self) -> int:
        """Cents by which the balance changed."""
        return self.cents - self.fee_cents

    @classmethod
    def keep(cls, moved: Iterable[Moved], *, at: datetime) -> None:
        """Write down what was read; reading it twice is reading it once."""
        Movement.objects.bulk_create((cls._read(one, at) for one in moved), ignore_conflicts=True, batch_size=500)

    @classmethod
    def _read(cls, one: Moved, at: datetime) -> "Movement":
        return cls(
            bt=one.id,
            type=one.type,
            category=one.category,
            source=one.source,
            about=one.about,
            words=one.words,
            name=dict(one.name),
            cents=one.cents,
            fee_cents=one.fee,
            moved_at=one.at,
            due_at=at,
        )

    def settle(self, *, at: datetime) -> None:
        """Find its entry, or post one, as its type says; what cannot be decided waits for a person. Twice is once."""
        with transaction.atomic():
            self.lock()
            if self.state not in self.OPEN:
                return
            if postings.is_foreign(self):
                self.pass_over(at=at, by=None)
            elif entry := self._entry(at):
                self._take(entry, at)
            elif self.state == self.State.NEW and (at - self.moved_at > PATIENCE or not postings.comes_by_itself(self)):
                self.wait(reason=UNKNOWN, at=at, by=None)
            else:
                self._rest(at)

    def _entry(self, at: datetime) -> Entry | None:
        if found := postings.known(self):
            return found
        posting = postings.posting_for(self)
        return self.post(posting, at=at) if posting else None

    def post(self, posting: postings.Posting, *, at: datetime, memo: str = "") -> Entry:
        """Write it into the books, on the day on which it moved."""
        return Entry.post(
            key=self.key,
            kind=posting.kind,
            at=at,
            effective_on=min(timezone.localdate(self.moved_at), timezone.localdate(at)),
            moves=posting.moves,
            memo=memo or self.words,
            visit=posting.visit,
            charge=posting.charge,
        )

    def _take(self, entry: Entry, at: datetime) -> None:
        if change_by(entry, Account.Kind.STRIPE) != self.net:
            self._wait_for(DIFFERS, at)
        elif Movement.objects.filter(entry=entry).exists():
            self._wait_for(TAKEN, at)
        else:
            self.book(entry=entry, at=at, by=None)
            postings.followed_up(self, at=at)

    def _wait_for(self, reason: str, at: datetime) -> None:
        if self.state == self.State.NEW:
            self.wait(reason=reason, at=at, by=None)
        else:
            self._rest(at, reason)

    def _rest(self, at: datetime, reason: str = "") -> None:
        facts = {"attempts": F("attempts") + 1, "due_at": at + pause_after(self.attempts)}
        type(self).objects.filter(pk=self.pk).update(**facts, reason=reason or self.reason)

    @transition(State.NEW, State.WAITS, to=State.BOOKED)
    def book(self, *, entry: Entry, at: datetime, by: "User | None", note: str = "") -> None:
        """It stands in the books."""
        self.entry, self.reason = entry, ""

    @transition(State.NEW, to=State.WAITS)
    def wait(self, *, reason: str, at: datetime, by: "User | None") -> None:
        """A person looks at it; meanwhile we look again each hour whether something in the books goes with it."""
        self.reason, self.due_at = reason, at + timedelta(hours=1)

    @transition(State.NEW, State.WAITS, to=State.FOREIGN)
    def pass_over(self, *, at: datetime, by: "User | None") -> None:
        """It belongs to another installation that shares the account at Stripe."""
        self.reason = ""

    @property
    def said(self) -> str:
        """What it is, for people."""
        return f"{self.type.replace('_', ' ')}: {dollars(self.net)}"
