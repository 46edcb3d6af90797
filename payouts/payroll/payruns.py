"""Paying the members: one person drafts, another approves, and each is paid once."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models, transaction
from django.db.models import Count, F, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.states import Stateful, transition
from coop.typed.fields import WrittenText
from members.models import Member, Notice, Role, User
from members.offices.roles import DateRange
from members.second_person.confirmations import FEW
from payouts.pay_kinds.pay_kinds import queue_with_pay_runs
from payouts.payroll.doubts import doubts
from payouts.payroll.least_payout import paid_now
from payouts.payroll.owed import Owed, owed_up_to
from payouts.payroll.wages import wages_of
from payouts.policies import COMPLAINT_HOURS
from payouts.stripe.lookout import Lookout

BY_US = Q(payouts__through_firm=False)
OFFICES = ("treasurer", "board")
"""Who approves what somebody else drafted."""


def period_before(day: date) -> tuple[date, date]:
    """The half month that ended last before `day`: the 1st to the 15th, or the 16th to the last."""
    return period_of(period_of(day)[0] - timedelta(days=1))


def period_of(day: date) -> tuple[date, date]:
    """The half month that `day` is in."""
    if day.day <= 15:
        return day.replace(day=1), day.replace(day=15)
    return day.replace(day=16), (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class PayRunQuerySet(models.QuerySet["PayRun"]):
    def visible_to(self, user: User) -> "PayRunQuerySet":
        """All for members, none for others."""
        return self if user.has_perm("payouts.read_books") else self.none()

    def counting(self) -> "PayRunQuerySet":
        """Without drafts that were sent back."""
        return self.exclude(state=PayRun.State.RETURNED)

    def first_day_up_to(self, ends_on: date) -> date:
        """Where a run that ends on a day begins: after the run before it, or with that half month.

        Refused for a day of one of these.
        """
        there = self.filter(starts_on__lte=ends_on, ends_on__gte=ends_on).first()
        if there:
            said = _("The pay run of %(days)s pays for that day. What came late is in the next one.")
            raise Refusal(said % {"days": there.days}, field="ends_on")
        last = self.filter(ends_on__lt=ends_on).order_by("-ends_on").first()
        return last.ends_on + timedelta(days=1) if last else period_of(ends_on)[0]

    def with_totals(self) -> "PayRunQuerySet":
        """Each with `.cents`, `.people`, `.minutes` and `.tip_cents` of what we pay, and `.wages`, in the one query."""
        return self.annotate(
            cents=Sum("payouts__cents", filter=BY_US, default=0),
            people=Count("payouts", filter=BY_US),
            minutes=Sum("payouts__minutes", filter=BY_US, default=0),
            tip_cents=Sum("payouts__tip_cents", filter=BY_US, default=0),
            least_per_hour=Min("payouts__least_per_hour", filter=BY_US),
            wages=Sum("payouts__cents", filter=~BY_US & Q(payouts__isnull=False), default=0),
        )


class PayRun(Stateful):
    """What all members are paid for a span of days. Nobody approves what they drafted themselves."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("waiting for a second person")
        RETURNED = "returned", gettext_lazy("sent back")
        APPROVED = "approved", gettext_lazy("approved")
        PAYING = "paying", gettext_lazy("being paid")
        PAID = "paid", gettext_lazy("paid")

    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    note = WrittenText(blank=True)
    despite = WrittenText(blank=True)

    objects = PayRunQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("pay run")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="one_draft_at_a_time"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_pay_run_covers_a_day"),
            ExclusionConstraint(
                name="pay_runs_share_no_day",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS)
                ],
                condition=~Q(state="returned"),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="a_second_person_approves",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"], approved_by__isnull=True)
                | Q(state__in=["approved", "paying", "paid"], approved_by__isnull=False),
                name="only_approved_runs_are_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.days

    @property
    def days(self) -> str:
        """The days that it pays for, as people say them."""
        first, last = self.starts_on, self.ends_on
        if (first.year, first.month) != (last.year, last.month):
            return f"{date_format(first, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}"
        return _("%(month)s %(first)d–%(last)d, %(year)d") % {
            "month": date_format(first, "F"),
            "first": first.day,
            "last": last.day,
            "year": first.year,
        }

    def get_absolute_url(self) -> str:
        return reverse("pay_run", args=[self.pk])

    @property
    def per_hour(self) -> int | None:
        """Cents an hour without tips, over everybody; needs `with_totals`."""
        cents: int = self.cents - self.tip_cents  # type: ignore[attr-defined]
        minutes: int = self.minutes  # type: ignore[attr-defined]
        return cents * 60 // minutes if minutes else None

    @property
    def closes_at(self) -> datetime:
        """What was written into the books up to then is in it: later work may still be complained about (a policy)."""
        return self.drafted_at - timedelta(hours=COMPLAINT_HOURS.on(timezone.localdate(self.drafted_at)))

    def previous(self) -> "PayRun | None":
        """The pay run before this one."""
        earlier = PayRun.objects.counting().filter(ends_on__lte=self.ends_on, pk__lt=self.pk)
        return earlier.order_by("-ends_on", "-pk").first()

    @classmethod
    def draft(cls, *, ends_on: date, at: datetime, by: User) -> "PayRun":
        """Net what each member is owed for work up to `ends_on`, and freeze it line by line.

        It covers the days since the run before; the first one covers the half month of its last day. Refused for a
        day that another run pays for. Work whose time for complaints is not over (a policy) waits for the next run, as
        does whoever is owed nothing, or less than is paid at once (a policy). What is taken back is taken at once, as
        far as pay bears it (`owed`).
        Wages stand apart in it: a payroll firm pays them. Refused while nobody has said how somebody in it is paid.
        """
        with transaction.atomic():
            queue_with_pay_runs()
            Lookout.insist(at=at)
            if cls.objects.filter(state=cls.State.DRAFT).exists():
                raise Refusal(_("There is a draft already. Approve it or send it back first."))
            starts_on = cls.objects.counting().first_day_up_to(ends_on)
            run = cls.objects.create(starts_on=starts_on, ends_on=ends_on, drafted_at=at, drafted_by=by)
            owed = paid_now(owed_up_to(ends_on, before=run.closes_at, at=at), on=timezone.localdate(at))
            _refuse_what_cannot_be_paid(owed)
            run.payouts.freeze(run, owed)
            run.record_event("draft", at=at, by=by)
            for person in run.seconds(at):
                key = f"pay_run_waits:{run.pk}:{person.pk}"
                Notice.post(key, to=person, mail="pay_run_waits", at=at, about={"run": run})
        return run

    def seconds(self, at: datetime) -> list[User]:
        """Who can approve it: the treasurers and the board, but for whoever drafted it; else those who stand in."""
        office = [one for one in Role.objects.holders(at, *OFFICES) if one.pk != self.drafted_by_id]
        return office or self.stand_ins(at)

    def stand_ins(self, at: datetime) -> list[User]:
        """Where nobody of those offices can: the longest-standing members in good standing, but for who drafted it.

        As long as it waits.
        """
        office = (one.pk for one in Role.objects.holders(at, *OFFICES))
        if self.state != self.State.DRAFT or any(pk != self.drafted_by_id for pk in office):
            return []
        others = Member.objects.acting(timezone.localdate(at)).exclude(user=self.drafted_by_id)
        return [one.user for one in others.select_related("user").by_seniority()[:FEW]]

    @transition(State.DRAFT, to=State.APPROVED)
    def approve(self, *, at: datetime, by: User, despite: str = "") -> None:
        """A second person looked at every line: pay it, and hand the wages over to the payroll firm.

        Where something in the books is unexplained (`doubts`), they say in a sentence why it is paid `despite` that.
        """
        if by == self.drafted_by:
            raise Refusal(_("Somebody other than the person who drafted a pay run approves it."))
        if doubts(at) and not despite.strip():
            raise Refusal(_("Something in the books is unexplained. Tick that it is paid all the same, and say why."))
        Lookout.insist(at=at)
        self.approved_by, self.approved_at, self.despite = by, at, despite.strip()
        for payout in self.payouts.for_the_firm().order_by("pk"):
            payout.hand_over(at=at, by=by)
        self.payouts.by_us().update(state=self.payouts.model.State.PENDING, due_at=at)
        for payout in self.payouts.by_us().order_by("pk"):
            enqueue("payouts.send_payout", payout.pk)

    @transition(State.DRAFT, to=State.RETURNED)
    def send_back(self, *, at: datetime, by: User | None, note: str) -> None:
        """Something is wrong: say what. Its work goes into the next draft."""
        self.note = note
        self.payouts.withdraw()

    @transition(State.APPROVED, to=State.PAYING)
    def begin(self, *, at: datetime, by: User | None) -> None:
        """The first payout is on its way."""

    @transition(State.APPROVED, State.PAYING, to=State.PAID)
    def finish(self, *, at: datetime, by: User | None) -> None:
        """Everybody who can be paid is paid; whoever has no bank account yet is paid when they do."""

    def export(self, *, at: datetime, by: User) -> list[list[object]]:
        """The wages of this run as rows for the payroll firm (`wages`); that they were taken along is written down.

        Refused before a second person has said yes to them.
        """
        if self.state in (self.State.DRAFT, self.State.RETURNED):
            raise Refusal(_("The file for the payroll firm is there once a second person has approved the pay run."))
        rows = wages_of(self.pk)
        if not rows:
            raise Refusal(_("Nobody in this pay run is paid through the payroll firm."))
        self.record_event("export", at=at, by=by, note=str(len(rows)))
        return rows

    def follow(self, *, at: datetime) -> None:
        """Move on with the payouts: under way once one is tried, paid once none is left to do."""
        with transaction.atomic():
            self.lock()
            if self.state == self.State.APPROVED:
                self.begin(at=at, by=None)
            if self.state == self.State.PAYING and not self.payouts.unfinished().exists():
                self.finish(at=at, by=None)


def _refuse_what_cannot_be_paid(owed: list[Owed]) -> None:
    if not owed:
        raise Refusal(_("Nobody has anything to be paid up to that day yet."))
    unsaid = [one.member for one in owed if one.kind is None]
    if unsaid:
        people = Member.objects.filter(pk__in=unsaid).select_related("user").order_by("user__name", "pk")
        names = ", ".join(person.short_name for person in people)
        raise Refusal(_("Say first under “How members are paid” how these are paid: %(names)s.") % {"names": names})
