"""Money back to a client: how much of which charge, who is responsible, and why; sent once whatever crashes."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Visit
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.money import dollars, split
from coop.states import transition
from coop.typed.fields import WrittenLine
from members.models import Confirmation, Member, Notice
from members.standing.meaning import BEARING
from payouts.charges.charges import Charge
from payouts.ledger.earnings import crew_minutes
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import REFUND_ALONE
from payouts.stripe import answers, errors, finding, gateway, names
from payouts.stripe.attempts import AttemptQuerySet, StripeAttempt
from payouts.stripe.webhooks import follows

if TYPE_CHECKING:
    from members.models import User

KIND = "payouts.refund"
GIVEN_BACK_ON = (Charge.State.CAPTURED, Charge.State.SETTLED)


class RefundQuerySet(AttemptQuerySet["Refund"]):
    def standing(self) -> "RefundQuerySet":
        """Those that were sent or will be."""
        return self.exclude(state__in=[Refund.State.FAILED, Refund.State.ASKED, Refund.State.DECLINED])

    def reserved(self) -> "RefundQuerySet":
        """The same with those that wait for a second person: what they ask for is not given twice."""
        return self.exclude(state__in=[Refund.State.FAILED, Refund.State.DECLINED])

    def in_trouble(self) -> "RefundQuerySet":
        return self.filter(state=Refund.State.FAILED)

    def total(self) -> int:
        """Their cents together."""
        return int(self.aggregate(total=Sum("cents", default=0))["total"])


class Refund(StripeAttempt):
    """Cents of a charge that go back to the client's card.

    `responsible` says who gave rise to it, and so who bears it: for `coop` and (as a courtesy) for `client` what
    runs the co-op, for `nobody` the shared reserve, and for `worker` the pay of those who did the work. `note` says
    why.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        DECLINED = "declined", gettext_lazy("not confirmed")
        DUE = "due", gettext_lazy("on its way")
        SENT = "sent", gettext_lazy("given back")
        FAILED = "failed", gettext_lazy("did not go through")

    class Responsible(models.TextChoices):
        COOP = "coop", gettext_lazy("Ours: running the co-op pays for it")
        NOBODY = "nobody", gettext_lazy("Nobody's, bad luck: the shared reserve pays for it")
        CLIENT = "client", gettext_lazy("The client's, and we are kind: running the co-op pays for it")
        WORKER = "worker", gettext_lazy("The worker's: it comes out of their pay")

    IN_HAND = (State.DUE,)
    WHOM = "payment_intent"
    UNSEEN = gettext_lazy("No such refund is to be seen at Stripe.")

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DUE)
    cents = models.PositiveIntegerField()
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
                condition=~Q(state="sent") | Q(refund__isnull=False, sent_at__isnull=False),
                name="a_refund_that_was_sent_is_known_at_stripe",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="refunds_to_send")]

    def __str__(self) -> str:
        return f"{dollars(self.cents)}: {self.get_state_display()}"

    @property
    def visit(self) -> Visit:
        return self.charge.visit

    @classmethod
    def give(cls, charge: Charge, *, cents: int, responsible: str, note: str, at: datetime, by: "User") -> "Refund":
        """Give back `cents` of a charge that was taken, at most what is left of it; the charge is locked meanwhile.

        It waits for a second person (`Confirmation`) if it comes out of somebody's pay, if more than one person may
        give back alone, or if whoever gives it did the work or belongs to the household.
        """
        with transaction.atomic():
            charge.lock()
            if charge.state not in GIVEN_BACK_ON:
                raise Refusal(_("This charge was not taken yet, so there is nothing to give back."))
            cls._check(charge, cents)
            if responsible == cls.Responsible.WORKER:
                _insist_that_pay_can_bear_it(charge.visit, at=at)
            facts = {"responsible": responsible, "note": note, "made_by": by, "made_at": at, "due_at": at}
            made = cls(charge=charge, cents=cents, params={}, **facts)
            if made._needs_a_second(by):
                made.state = cls.State.ASKED
            made.save(force_insert=True)
            made.record_event("give", at=at, by=by, note=note)
            if made.state == cls.State.ASKED:
                made._ask_a_second(at=at, by=by)
            else:
                made._freeze()
                made._hurry()
        return made

    @transition(State.ASKED, to=State.DUE)
    def confirm(self, *, at: datetime, by: "User") -> None:
        """A second person said yes: it is sent now."""
        self.params, self.due_at = self._wish(), at
        self._hurry()

    @transition(State.ASKED, to=State.DECLINED)
    def drop(self, *, at: datetime, by: "User") -> None:
        """A second person said no, or whoever asked took it back."""

    def touches(self, user: "User") -> bool:
        """Is it about this person's own work or household?"""
        worked = user.membership is not None and user.membership.pk in _crew(self.visit)
        return worked or self.visit.booking.client.is_about(user)

    def _needs_a_second(self, by: "User") -> bool:
        given = self.charge.refunds.exclude(state=self.State.DECLINED).total()  # what failed may be tried again
        much = given + self.cents > REFUND_ALONE.on(timezone.localdate(self.made_at))
        return self.responsible == self.Responsible.WORKER or much or self.touches(by)

    def _ask_a_second(self, *, at: datetime, by: "User") -> None:
        """Whoever would bear it is asked first; who did the work or lives there is not the second person."""
        crew = list(Member.objects.filter(pk__in=_crew(self.visit)).select_related("user").order_by("pk"))
        client = self.visit.booking.client
        home = Member.objects.filter(user__in=client.concerned())
        about = crew if self.responsible == self.Responsible.WORKER else []
        Confirmation.ask(KIND, self.pk, reason=self.note, about=about, apart=[*crew, *home], at=at, by=by)

    @staticmethod
    def _check(charge: Charge, cents: int) -> None:
        left = charge.captured_cents - charge.refunds.reserved().total()
        if not 0 < cents <= left:
            most = dollars(left)
            raise Refusal(_("Of this charge at most %(left)s can be given back.") % {"left": most}, field="amount")

    def send(self, *, at: datetime) -> None:
        """Ask Stripe for it if it is due; safe to call twice. Raises errors.Stopped."""
        self.attempt(at=at)

    def _follow(self, seen: answers.GivenBack, *, at: datetime) -> None:
        if self.refund not in (None, seen.id):
            return
        went_wrong = seen.state in ("failed", "canceled")
        if self.state == self.State.DUE and not went_wrong:
            self.record(refund=seen.id, at=at, by=None)
        elif self.state == self.State.DUE:
            self.fail(reason=_("The bank sent it back."), at=at, by=None)
        elif self.state == self.State.SENT and went_wrong:
            self.come_back(at=at, by=None)

    @transition(State.DUE, to=State.SENT)
    def record(self, *, refund: str, at: datetime, by: "User | None") -> None:
        """It is on its way to the card: write it into the books, and tell the client."""
        self.refund, self.sent_at, self.lease_until, self.trouble = refund, at, None, ""
        owed = Account.client(self.charge.client_id)
        moves = [*self._who_bears(owed), Move(owed, Account.fund(Account.Kind.STRIPE), self.cents)]
        key, visit, memo = self._entry_key, self.visit, f"{self.responsible}: {self.note}"
        Entry.post(key=key, kind=Entry.Kind.REFUND, at=at, moves=moves, memo=memo, visit=visit, charge=self.charge)
        about = {"refund": self, "visit": visit, "zone": visit.booking.home.zip.zone}
        Notice.post(key, to=self.charge.client.user, mail="refunded", at=at, about=about)

    @transition(State.DUE, to=State.FAILED)
    def fail(self, *, reason: str, at: datetime, by: "User | None") -> None:
        """Stripe said a certain no: a person has to look."""
        self.trouble, self.lease_until = reason, None

    @transition(State.SENT, to=State.FAILED)
    def come_back(self, *, at: datetime, by: "User | None") -> None:
        """The client's bank sent the money back to us: undo it in the books; a person finds another way."""
        self.trouble = _("The client's bank sent it back.")
        Entry.objects.get(key=self._entry_key).reverse(at=at, memo="refund came back")

    @transition(State.FAILED, to=State.DUE)
    def retry(self, *, at: datetime, by: "User | None") -> None:
        """A person looked: send it once more, as a new try with a new key."""
        self._check(Charge.objects.select_for_update().get(pk=self.charge_id), self.cents)
        self._begin_a_new_try()
        self.refund, self.sent_at, self.trouble, self.due_at = None, None, "", at
        self.params = self._wish()
        self._hurry()

    def _who_bears(self, owed: Account) -> list[Move]:
        """Where the money comes from, by who is responsible; the pay of a crew by minutes of work."""
        if self.responsible == self.Responsible.WORKER:
            parts = split(self.cents, _crew(self.visit))
            return [Move(Account.pay(member), owed, cents) for member, cents in parts.items()]
        fund = Account.Kind.RESERVE if self.responsible == self.Responsible.NOBODY else Account.Kind.OPERATIONS
        return [Move(Account.fund(fund), owed, self.cents)]

    @property
    def _entry_key(self) -> str:
        """One entry a try that went through."""
        return f"refund:{self.pk}" if self.number_of_try == 1 else f"refund:{self.pk}:{self.number_of_try}"

    def _wish(self) -> gateway.Params:
        return {"payment_intent": self.charge.intent, "amount": self.cents, "metadata": self._name()}

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


def _crew(visit: Visit) -> dict[int, int]:
    """Minutes by member, for those who were paid for a visit, done or called off."""
    return crew_minutes(visit) or visit.who_loses()


def _insist_that_pay_can_bear_it(visit: Visit, *, at: datetime) -> None:
    crew = _crew(visit)
    if not crew:
        raise Refusal(_("Nobody was paid for this, so nobody's pay can bear it."), field="responsible")
    paid = Member.objects.in_state(*BEARING, on=timezone.localdate(at)).filter(pk__in=crew)
    if paid.count() < len(crew):
        raise Refusal(_("Somebody who did this has left the co-op: their pay cannot bear it."), field="responsible")


def given_back(visit: Visit) -> int:
    """Cents of a visit's charges that went back to the client, or will."""
    return Refund.objects.filter(charge__visit=visit).standing().total()


@follows("refund.failed", "refund.updated")
def _look_at_refund(subject: str, at: datetime) -> None:
    for refund in Refund.objects.filter(refund=subject):
        refund.converge(gateway.look_at_refund(subject), at=at)
