"""Money out: what one member is paid by a pay run, sent to Stripe at most once whatever crashes."""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.states import transition
from members.models import Member, Notice, User
from payouts.ledger.ledger import Account, Entry, Move
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payout_rows import PayoutQuerySet, PayoutState
from payouts.payroll.payruns import PayRun
from payouts.stripe import answers, errors, finding, gateway, names
from payouts.stripe.attempts import Misfit, NobodyKnows, StripeAttempt
from payouts.stripe.lookout import OVERLAP, Lookout

AGAIN = timedelta(minutes=15)
"""Until the balance is looked at again when it was too small."""


class Payout(StripeAttempt):
    """What one member is paid in one pay run, in cents; frozen with its lines when the run is drafted.

    What is `through_firm` is wages: it is handed over to the payroll firm and never sent from here.
    """

    State = PayoutState

    IN_HAND = (State.SENDING,)
    WHOM = "destination"
    WHILE_CLAIMED = {"state": State.SENDING}

    run = models.ForeignKey(PayRun, on_delete=models.PROTECT, related_name="payouts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="payouts")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFTED)
    cents = models.PositiveBigIntegerField()
    visit_cents = models.BigIntegerField()
    tip_cents = models.BigIntegerField()
    minutes = models.PositiveIntegerField()
    least_per_hour = models.PositiveIntegerField(null=True)
    through_firm = models.BooleanField(default=False)
    transfer = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    sent_at = models.DateTimeField(null=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout")
        constraints = [
            models.UniqueConstraint(fields=["run", "member", "through_firm"], name="a_member_is_paid_once_a_run"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_payout_pays_something"),
            models.CheckConstraint(
                condition=Q(through_firm=False) & ~Q(state="handed_over")
                | Q(through_firm=True, state__in=["drafted", "withdrawn", "handed_over"]),
                name="wages_are_handed_over_and_never_sent",
            ),
            models.CheckConstraint(
                condition=Q(cents=F("visit_cents") + F("tip_cents")), name="a_payout_is_the_sum_of_its_parts"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="a_payout_is_sent_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["pending", "sending", "waiting"]), name="payouts_to_send"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="payouts_keep_their_amounts",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "run", "member", "cents", "visit_cents", "tip_cents", "minutes", "least_per_hour", "through_firm"
                ),
            ),
            pgtrigger.Protect(name="payouts_do_not_vanish", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_state_display()}"

    def is_about(self, user: "User") -> bool:
        """Is it this person's own pay?"""
        return self.member.user_id == user.pk

    @classmethod
    def has_a_step(cls, at: datetime) -> Q:
        """Those to be sent now, and those whose sender has gone silent."""
        return Q(state__in=[cls.State.PENDING, cls.State.WAITING], due_at__lte=at) | Q(state=cls.State.SENDING)

    @property
    def group(self) -> str:
        """How its transfer is found again at Stripe, whichever try made it; it is frozen with the rest."""
        return str(self.params["transfer_group"]) if self.params else f"payout_{self.pk}"

    @property
    def has_account(self) -> bool:
        """Can the member receive money by Stripe now?"""
        payee = getattr(self.member, "payee_account", None)
        return bool(payee and payee.transfers_active)

    @property
    def per_hour(self) -> int | None:
        """Cents an hour, without tips."""
        return self.visit_cents * 60 // self.minutes if self.minutes else None

    def is_for(self, name: names.Name) -> bool:
        """Does a transfer of this name pay what this pays, whichever try made it?"""
        return names.debt_of(self._name()) == names.debt_of(name)

    def send(self, *, at: datetime) -> None:
        """Send it to Stripe if it is due; safe to call twice. Raises errors.Stopped."""
        if self.attempt(at=at):
            self.run.follow(at=at)

    def _follow(self, seen: answers.Sent, *, at: datetime) -> None:
        if self.state in (self.State.SENDING, self.State.REVIEW):
            self.record(transfer=seen.id, at=at, by=None)

    @transition(State.SENDING, State.REVIEW, State.PENDING, State.WAITING, State.FAILED, to=State.SENT)
    def record(self, *, transfer: str, at: datetime, by: User | None) -> None:
        """Stripe has it: so do the books, in the same transaction."""
        self.transfer, self.sent_at, self.trouble, self.lease_until = transfer, at, "", None
        self._post(Account.fund(Account.Kind.STRIPE), at=at)
        Notice.post(f"payout_sent:{self.pk}", to=self.member.user, mail="payout_sent", at=at, about={"payout": self})

    @transition(State.SENDING, to=State.WAITING)
    def wait(self, *, reason: str, until: datetime | None, at: datetime, by: User | None) -> None:
        """It stays owed: until a moment, or (None) until the member has a bank account with Stripe."""
        self.trouble, self.due_at = reason, until
        self._begin_a_new_try()

    @transition(State.SENDING, to=State.FAILED)
    def fail(self, *, reason: str, at: datetime, by: User | None) -> None:
        """Stripe will not have it as it is: a person looks at it. Nothing was paid."""
        self.trouble, self.lease_until = reason, None

    @transition(State.SENDING, to=State.REVIEW)
    def ask_for_review(self, *, reason: str, at: datetime, by: User | None) -> None:
        """Nobody can say whether it was paid: a person looks it up at Stripe."""
        self.trouble, self.lease_until = reason, None

    @transition(State.FAILED, State.REVIEW, State.WAITING, to=State.PENDING)
    def retry(self, *, at: datetime, by: User, note: str = "") -> None:
        """A person made sure that it was not paid: send it, as a new try.

        Where nobody knows whether it was, whoever would be paid does not say so themselves.
        """
        if self.state == self.State.REVIEW and self.is_about(by):
            raise Refusal(gettext("Nobody knows whether this was paid. With your own pay somebody else makes sure."))
        self._begin_a_new_try()
        self.due_at = at
        enqueue("payouts.send_payout", self.pk)

    @transition(State.DRAFTED, to=State.HANDED_OVER)
    def hand_over(self, *, at: datetime, by: User) -> None:
        """The payroll firm pays it: in the books it comes from the bank, before what the firm takes off and adds."""
        self._post(Account.fund(Account.Kind.BANK), at=at)
        about = {"payout": self}
        Notice.post(f"wages_handed_over:{self.pk}", to=self.member.user, mail="wages_handed_over", at=at, about=about)

    @transition(State.FAILED, State.REVIEW, State.WAITING, to=State.SENT)
    def pay_outside(self, *, at: datetime, by: User, note: str) -> None:
        """It was paid by check or bank instead; `note` says how."""
        self.sent_at = at
        self._post(Account.fund(Account.Kind.BANK), at=at, memo=note)

    def _wish(self) -> gateway.Params:
        payee = PayeeAccount.objects.filter(member=self.member_id, transfers_active=True).first()
        if payee is None:
            raise errors.NotNow("", code="insufficient_capabilities_for_transfer")
        name = self._name()
        return {
            "amount": self.cents,
            "currency": "usd",
            "destination": payee.account,
            "transfer_group": names.group_of(name, "member", "entries"),
            "metadata": name,
        }

    def _name(self) -> names.Name:
        """What this try pays: a member, for the entries of the books that stand on their statement."""
        settles = self.lines.values_list("transfer__entry__key", flat=True)
        return names.name("payout", settles=settles, member=self.member_id, number_of_try=self.number_of_try)

    def _request(self, params: gateway.Params) -> answers.Sent:
        return gateway.transfer(params, key=self.key)

    def _look(self, params: gateway.Params) -> answers.Sent | None:
        found = finding.find_transfer(group=params["transfer_group"], named=params.get("metadata", {}))
        if found is None and self._is_news(params["destination"]):
            Lookout.look_again()
            raise errors.Unknown(gettext("Stripe has sent this account pay that our books do not know."))
        return found

    def _is_news(self, account: str) -> bool:
        """Was something sent there lately, for other work, that is in no row, as after a restore of minutes ago?"""
        made = finding.transfers_to(account, since=Lookout.objects.get().looked_until - OVERLAP)
        return bool(made and Payout.objects.filter(member=self.member_id).unknown(made))

    def _hear_no(self, no: errors.GatewayTrouble, *, at: datetime) -> None:
        if isinstance(no, errors.NotNow):
            self._hear_not_now(no, at=at)
        elif isinstance(no, (NobodyKnows, Misfit)):
            self.ask_for_review(reason=str(no), at=at, by=None)
        else:
            self.fail(reason=str(no), at=at, by=None)

    def _hear_not_now(self, no: errors.NotNow, *, at: datetime) -> None:
        if no.code == "balance_insufficient":
            self.wait(reason=str(no), until=at + AGAIN, at=at, by=None)
            return
        PayeeAccount.objects.filter(member=self.member_id).update(transfers_active=False)
        self.wait(reason="", until=None, at=at, by=None)
        about = {"payout": self}
        Notice.post(f"payout_waiting:{self.pk}", to=self.member.user, mail="payout_waiting", at=at, about=about)

    def _rest(self, until: datetime, trouble: str = "") -> None:
        self._row().in_hand().update(lease_until=until, trouble=trouble)

    def _post(self, paid_from: Account, *, at: datetime, memo: str = "") -> None:
        parts = [(Account.pay(self.member_id), self.visit_cents), (Account.tips(self.member_id), self.tip_cents)]
        moves = [Move(owed, paid_from, cents) if cents > 0 else Move(paid_from, owed, -cents) for owed, cents in parts]
        Entry.post(key=f"payout:{self.pk}", kind=Entry.Kind.PAYOUT, at=at, moves=moves, memo=memo, payout=self)
