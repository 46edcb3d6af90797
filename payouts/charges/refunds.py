"""Money back to a client: how much of which charge, who is responsible, and why; sent once whatever crashes."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Visit
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import dollars
from coop.states import transition
from coop.typed.fields import WrittenLine
from members.models import Confirmation, Member, Notice
from payouts.charges.charges import Charge
from payouts.charges.sums.bearing import crew_of, insist_that_pay_can_bear_it, who_bears
from payouts.charges.sums.refund_rows import RefundQuerySet, RefundState, Responsible, check_left, paid_by
from payouts.charges.sums.ways_back import credit_in
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import REFUND_ALONE
from payouts.stripe import answers, errors, finding, gateway, names
from payouts.stripe.attempts import StripeAttempt
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

KIND = "payouts.refund"


class Refund(StripeAttempt):
    """Cents that go back to a client the way they came: what credit paid of a price is credit again (`credit_cents`),
    the rest goes to the card that was charged, or is owed until it is paid by check or in cash (`paid_how`).

    `responsible` says who gave rise to it, and so who bears it: for `coop` and (as a courtesy) for `client` what
    runs the co-op, for `nobody` the shared reserve, and for `worker` the pay of those who did the work. `note` says
    why. A tip always comes from the tips of those who got it.
    """

    State = RefundState

    Responsible = Responsible

    IN_HAND = (State.DUE,)
    WHOM = "payment_intent"
    UNSEEN = gettext_lazy("No such refund is to be seen at Stripe.")

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DUE)
    cents = models.PositiveIntegerField()
    credit_cents = models.PositiveIntegerField(default=0)
    paid_how = WrittenLine(max_length=500, blank=True)
    responsible = models.CharField(max_length=10, choices=Responsible.choices)
    note = WrittenLine(max_length=500)
    made_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refund = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    params = models.JSONField()
    due_at = models.DateTimeField()

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("refund")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_refund_is_of_something"),
            models.CheckConstraint(condition=~Q(note=""), name="a_refund_has_a_reason"),
            models.CheckConstraint(
                condition=Q(credit_cents__lte=F("cents")), name="a_refund_becomes_no_more_credit_than_it_is"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent")
                | Q(sent_at__isnull=False) & (Q(refund__isnull=False) | ~Q(paid_how="") | Q(credit_cents=F("cents"))),
                name="a_refund_that_was_sent_is_known_at_stripe_or_paid_otherwise",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="refunds_to_send")]

    def __str__(self) -> str:
        return f"{dollars(self.cents)}: {self.get_state_display()}"

    @property
    def visit(self) -> Visit:
        return self.charge.visit

    @property
    def rest(self) -> int:
        """Cents that do not become credit."""
        return self.cents - self.credit_cents

    @property
    def by_check(self) -> bool:
        """Was it paid by check or in cash, so that the rest goes back so, too?"""
        return self.charge.paid_outside_at is not None

    @property
    def from_pay(self) -> bool:
        """Does it come out of somebody's pay or tips?"""
        return self.responsible == self.Responsible.WORKER or self.charge.kind == Charge.Kind.TIP

    def is_about(self, user: "User") -> bool:
        """Does this person's household get it?"""
        return self.charge.is_about(user)

    @classmethod
    def give(cls, charge: Charge, *, cents: int, responsible: str, note: str, at: datetime, by: "User") -> "Refund":
        """Give back `cents` of a charge that was taken, at most what is left of it and of the credit that paid with
        it; the charge is locked meanwhile.

        It waits for a second person (`Confirmation`) if it comes out of somebody's pay, if more than one person may
        give back alone, or if whoever gives it did the work or belongs to the household.
        """
        with transaction.atomic():
            charge.lock()
            paid, given = paid_by(charge), charge.refunds.by_way()
            if not paid.total:
                raise Refusal(_("This charge was not taken yet, so there is nothing to give back."))
            check_left(cents, paid.total - given.total)
            facts = {"responsible": responsible, "note": note, "made_by": by, "made_at": at, "due_at": at}
            credit = credit_in(cents, paid=paid, given=given)
            made = cls(charge=charge, cents=cents, credit_cents=credit, params={}, **facts)
            if made.from_pay:
                insist_that_pay_can_bear_it(charge, responsible, at=at)
            if made._needs_a_second(by):
                made.state = cls.State.ASKED
            made.save(force_insert=True)
            made.record_event("give", at=at, by=by, note=note)
            if made.state == cls.State.ASKED:
                made._ask_a_second(at=at, by=by)
            else:
                made._set_out(at=at, by=by)
        return made

    def agree(self, *, at: datetime, by: "User") -> None:
        """A second person said yes: it is given back now."""
        with transaction.atomic():
            self.confirm(at=at, by=by)
            self._set_out(at=at, by=by)

    @transition(State.ASKED, to=State.DUE)
    def confirm(self, *, at: datetime, by: "User") -> None:
        """A second person said yes. Refused where the pay that would bear it cannot any more."""
        if self.from_pay:
            insist_that_pay_can_bear_it(self.charge, self.responsible, at=at)
        self.due_at = at

    @transition(State.ASKED, to=State.DECLINED)
    def drop(self, *, at: datetime, by: "User") -> None:
        """A second person said no, or whoever asked took it back."""

    def _set_out(self, *, at: datetime, by: "User") -> None:
        """What becomes credit is credit at once; the rest is sent to the card, or owed."""
        if self.credit_cents:
            credit = Account.credit(self.charge.client_id)
            self._post(f"refund:{self.pk}:credit", credit, self.credit_cents, at=at)
        if not self.rest:
            self.be_credit(at=at, by=by)
        elif self.by_check:
            self.owe(at=at, by=by)
        else:
            self._freeze()
            self._hurry()

    @transition(State.DUE, to=State.SENT)
    def be_credit(self, *, at: datetime, by: "User | None") -> None:
        """All of it is credit: it is there."""
        self.sent_at = at
        self._tell(at=at)

    @transition(State.DUE, to=State.OWED)
    def owe(self, *, at: datetime, by: "User | None") -> None:
        """What was paid by check or in cash is owed until somebody gives it back so."""
        self._tell(at=at)

    @transition(State.OWED, State.FAILED, to=State.SENT)
    def pay_outside(self, *, at: datetime, by: "User", note: str) -> None:
        """It went back by check, by bank or in cash; `note` says how."""
        self._check_again()
        self.sent_at, self.paid_how, self.trouble = at, note, ""
        self._post(f"refund:{self.pk}:outside", Account.fund(Account.Kind.BANK), self.rest, at=at)

    def touches(self, user: "User") -> bool:
        """Is it about this person's own work or household?"""
        worked = user.membership is not None and user.membership.pk in crew_of(self.visit)
        return worked or self.visit.booking.client.is_about(user)

    def _needs_a_second(self, by: "User") -> bool:
        given = self.charge.refunds.exclude(state=self.State.DECLINED).total()  # what failed may be tried again
        much = given + self.cents > REFUND_ALONE.on(timezone.localdate(self.made_at))
        return self.from_pay or much or self.touches(by)

    def _ask_a_second(self, *, at: datetime, by: "User") -> None:
        """Whoever would bear it is asked first; who did the work or lives there is not the second person."""
        crew = list(Member.objects.filter(pk__in=crew_of(self.visit)).select_related("user").order_by("pk"))
        home = Member.objects.filter(user__in=self.visit.booking.client.concerned())
        about = crew if self.from_pay else []
        Confirmation.ask(KIND, self.pk, reason=self.note, about=about, apart=[*crew, *home], at=at, by=by)

    def send(self, *, at: datetime) -> None:
        """Ask Stripe for it if it is due; safe to call twice. Raises errors.Stopped."""
        self.attempt(at=at)

    def _follow(self, seen: answers.GivenBack, *, at: datetime) -> None:
        if self.refund not in (None, seen.id):
            return
        if Refund.objects.filter(refund=seen.id).exclude(pk=self.pk).exists():
            if self.state == self.State.DUE:
                self.fail(reason=_("It was given back already, as another line says."), at=at, by=None)
            return
        went_wrong = seen.state in ("failed", "canceled")
        if self.state == self.State.DUE and not went_wrong:
            self.record(refund=seen.id, at=at, by=None)
        elif self.state == self.State.DUE:
            self.fail(reason=_("The bank sent it back."), at=at, by=None)
        elif self.state == self.State.SENT and went_wrong and not self.paid_how:
            self.come_back(at=at, by=None)

    @transition(State.DUE, to=State.SENT)
    def record(self, *, refund: str, at: datetime, by: "User | None") -> None:
        """It is on its way to the card: write it into the books, and tell the client."""
        self.refund, self.sent_at, self.lease_until, self.trouble = refund, at, None, ""
        self._post(self.entry_key, Account.fund(Account.Kind.STRIPE), self.rest, at=at)
        self._tell(at=at)

    @transition(State.DUE, to=State.FAILED)
    def fail(self, *, reason: str, at: datetime, by: "User | None") -> None:
        """Stripe said a certain no: a person has to look."""
        self.trouble, self.lease_until = reason, None

    @transition(State.SENT, to=State.FAILED)
    def come_back(self, *, at: datetime, by: "User | None") -> None:
        """The client's bank sent the money back to us: undo it in the books; a person finds another way."""
        self.trouble = _("The client's bank sent it back.")
        Entry.objects.get(key=self.entry_key).reverse(at=at, memo="refund came back")

    @transition(State.FAILED, to=State.DUE)
    def retry(self, *, at: datetime, by: "User | None") -> None:
        """A person looked: send it once more, as a new try with a new key."""
        self._check_again()
        self._begin_a_new_try()
        self.refund, self.sent_at, self.trouble, self.due_at = None, None, "", at
        self.params = self._wish()
        self._hurry()

    def _check_again(self) -> None:
        """What failed is not reserved: is as much of the charge still left? What is owed is reserved."""
        charge = Charge.objects.select_for_update().get(pk=self.charge_id)
        if self.state == self.State.FAILED:
            check_left(self.rest, paid_by(charge).charged - charge.refunds.by_way().charged)

    def _post(self, key: str, to: Account, cents: int, *, at: datetime) -> None:
        """Write into the books that so much goes from whoever bears it to the client, and on to where it is."""
        owed, kind = Account.client(self.charge.client_id), Charge.Kind(self.charge.kind)
        bearers = who_bears(self.visit, owed, cents, responsible=self.responsible, of=kind)
        moves = [*bearers, Move(owed, to, cents)]
        visit, charge, memo = self.visit, self.charge, f"{self.responsible}: {self.note}"
        Entry.post(key=key, kind=Entry.Kind.REFUND, at=at, moves=moves, memo=memo, visit=visit, charge=charge)

    def _tell(self, *, at: datetime) -> None:
        about = {"refund": self, "visit": self.visit, "zone": self.visit.booking.home.zip.zone}
        Notice.post(self.entry_key, to=self.charge.client.user, mail="refunded", at=at, about=about)

    @property
    def entry_key(self) -> str:
        """One entry a try that went through to the card."""
        return self.key_of_try(self.number_of_try)

    def key_of_try(self, number: int) -> str:
        """The key of the entry that this try wrote, or would have written."""
        return f"refund:{self.pk}" if number == 1 else f"refund:{self.pk}:{number}"

    def _wish(self) -> gateway.Params:
        return {"payment_intent": self.charge.intent, "amount": self.rest, "metadata": self._name()}

    def _name(self) -> names.Name:
        """What this try gives back: the first, the second and so on of what was taken for a visit."""
        number = self.charge.refunds.filter(pk__lt=self.pk).count() + 1
        booking = names.digest_of([str(self.visit.booking.token)])
        return names.name(
            "refund",
            visit=self.visit.pk,
            booking=booking,
            of=self.charge.kind,
            number=number,
            number_of_try=self.number_of_try,
        )

    def _request(self, params: gateway.Params) -> answers.GivenBack:
        return gateway.refund(params, key=self.key)

    def _look(self, params: gateway.Params) -> answers.GivenBack | None:
        return finding.find_refund(payment=params["payment_intent"], named=params["metadata"])

    def _hear_no(self, no: errors.GatewayTrouble, *, at: datetime) -> None:
        self.fail(reason=str(no), at=at, by=None)

    def _hurry(self) -> None:
        enqueue("payouts.send_refund", self.pk)


@follows("refund.failed", "refund.updated")
def _look_at_refund(subject: str, at: datetime) -> None:
    for refund in Refund.objects.filter(refund=subject):
        refund.converge(gateway.look_at_refund(subject), at=at)
