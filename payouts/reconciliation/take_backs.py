"""Pay that was sent by mistake and is taken back from the member's account at Stripe: always with a second person."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import dollars
from coop.states import transition
from coop.typed.fields import WrittenLine
from members.models import Confirmation, Notice
from payouts.ledger.ledger import Account, Entry, Move
from payouts.payroll.payouts import Payout
from payouts.stripe import errors, gateway, names, walking
from payouts.stripe.attempts import AttemptQuerySet, StripeAttempt
from payouts.stripe.walking import TakenBack

if TYPE_CHECKING:
    from members.models import User

KIND = "payouts.take_back"


class TakeBackQuerySet(AttemptQuerySet["TakeBack"]):
    def in_trouble(self) -> "TakeBackQuerySet":
        return self.filter(state=TakeBack.State.FAILED)

    def standing(self) -> "TakeBackQuerySet":
        """Those that were done, or may be."""
        return self.exclude(state=TakeBack.State.DECLINED)


class TakeBack(StripeAttempt):
    """Cents of a payout that are taken back; what was paid by mistake is owed again, or is not owed twice any more."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        DECLINED = "declined", gettext_lazy("not confirmed")
        DUE = "due", gettext_lazy("on its way")
        SENT = "sent", gettext_lazy("taken back")
        FAILED = "failed", gettext_lazy("did not go through")

    IN_HAND = (State.DUE,)
    WHOM = "transfer"
    UNSEEN = gettext_lazy("No such reversal is to be seen at Stripe.")

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="take_backs")
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    cents = models.PositiveIntegerField()
    note = WrittenLine(max_length=500)
    made_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reversal = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    due_at = models.DateTimeField()

    objects = TakeBackQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("pay taken back")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="something_is_taken_back"),
            models.CheckConstraint(condition=~Q(note=""), name="what_is_taken_back_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(reversal__isnull=False, sent_at__isnull=False),
                name="what_was_taken_back_is_known_at_stripe",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="take_backs_to_send")]

    def __str__(self) -> str:
        return f"{dollars(self.cents)}: {self.get_state_display()}"

    def is_about(self, user: "User") -> bool:
        """Is it this person's own pay?"""
        return self.payout.is_about(user)

    @property
    def entry_key(self) -> str:
        return f"take_back:{self.pk}"

    @classmethod
    def ask(cls, payout: Payout, *, cents: int, note: str, at: datetime, by: "User") -> "TakeBack":
        """Ask for it: the member is told why and may answer, and a second person decides. Refused beyond what is left.

        What a member has already had sent on to their bank is not at Stripe any more, and cannot be taken back there.
        """
        with transaction.atomic():
            payout.lock()
            if payout.state != Payout.State.SENT or not payout.transfer:
                raise Refusal(_("This was not paid by Stripe, so it cannot be taken back there."))
            taken = cls.objects.filter(payout=payout).standing().aggregate(cents=Sum("cents", default=0))["cents"]
            if not 0 < cents <= payout.cents - taken:
                most = dollars(payout.cents - taken)
                raise Refusal(_("Of this at most %(left)s can be taken back.") % {"left": most}, field="amount")
            made = cls.objects.create(payout=payout, cents=cents, note=note, made_by=by, made_at=at, due_at=at)
            made.record_event("ask", at=at, by=by, note=note)
            Confirmation.ask(KIND, made.pk, reason=note, about=[payout.member], at=at, by=by)
        return made

    @transition(State.ASKED, to=State.DUE)
    def confirm(self, *, at: datetime, by: "User") -> None:
        """A second person said yes."""
        self.params, self.due_at = self._wish(), at
        self._hurry()

    @transition(State.ASKED, to=State.DECLINED)
    def drop(self, *, at: datetime, by: "User") -> None:
        """A second person said no, or whoever asked took it back."""

    def send(self, *, at: datetime) -> None:
        """Ask Stripe for it if it is due; safe to call twice. Raises errors.Stopped."""
        self.attempt(at=at)

    @transition(State.DUE, to=State.SENT)
    def record(self, *, reversal: str, at: datetime, by: "User | None") -> None:
        """Stripe has it back: so do the books, and the member is told."""
        self.reversal, self.sent_at, self.lease_until, self.trouble = reversal, at, None, ""
        moves = [Move(Account.fund(Account.Kind.STRIPE), Account.pay(self.payout.member_id), self.cents)]
        Entry.post(key=self.entry_key, kind=Entry.Kind.TAKEN_BACK, at=at, moves=moves, memo=self.note)
        about = {"take_back": self}
        Notice.post(self.entry_key, to=self.payout.member.user, mail="pay_taken_back", at=at, about=about)

    @transition(State.DUE, to=State.FAILED)
    def fail(self, *, reason: str, at: datetime, by: "User | None") -> None:
        """Stripe said a certain no, mostly because the money is with the member's bank already."""
        self.trouble, self.lease_until = reason, None

    @transition(State.FAILED, to=State.DUE)
    def retry(self, *, at: datetime, by: "User") -> None:
        """Once more, as a new try with a new key."""
        self._begin_a_new_try()
        self.trouble, self.due_at = "", at
        self.params = self._wish()
        self._hurry()

    @transition(State.FAILED, to=State.DECLINED)
    def give_up(self, *, at: datetime, by: "User") -> None:
        """It cannot be had from Stripe: nothing is taken back, and the books stay as they are."""
        self.trouble = ""

    def _follow(self, seen: TakenBack, *, at: datetime) -> None:
        if self.state == self.State.DUE:
            self.record(reversal=seen.id, at=at, by=None)

    def _hear_no(self, no: errors.GatewayTrouble, *, at: datetime) -> None:
        self.fail(reason=str(no), at=at, by=None)

    def _wish(self) -> gateway.Params:
        number = TakeBack.objects.filter(payout=self.payout_id, pk__lt=self.pk).count() + 1
        return {
            "transfer": self.payout.transfer,
            "amount": self.cents,
            "metadata": names.name(
                "take_back", transfer=self.payout.transfer, number=number, number_of_try=self.number_of_try
            ),
        }

    def _request(self, params: gateway.Params) -> TakenBack:
        asked = {"amount": params["amount"], "metadata": params["metadata"]}
        return walking.take_back(params["transfer"], asked, key=self.key)

    def _look(self, params: gateway.Params) -> TakenBack | None:
        return walking.find_taken_back(params["transfer"], named=names.debt_of(params["metadata"]))

    def _hurry(self) -> None:
        enqueue("payouts.send_take_back", self.pk)
