"""How a member is paid from a day on, and how newcomers are: rows that are never changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import pgtrigger
from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.models import Event, append_only
from members.models import Member, Notice, Standing, User
from payouts.ledger.ledger import Transfer
from payouts.ledger.worked_on import WorkedOn

FAR = timedelta(days=730)

PAID_ALREADY = """
IF EXISTS (SELECT FROM payouts_line l JOIN payouts_payout p ON p.id = l.payout_id
           JOIN payouts_transfer t ON t.id = l.transfer_id
           WHERE p.member_id = NEW.member_id AND payouts_worked_on(t.entry_id) >= NEW.starts_on) THEN
  RAISE EXCEPTION 'what_is_in_a_pay_run_keeps_its_kind' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PayKindQuerySet(models.QuerySet["PayKind"]):
    def usual(self) -> "PayKindQuerySet":
        """What newcomers get, from day to day."""
        return self.filter(member=None)

    def in_order(self) -> "PayKindQuerySet":
        """The older first; of two for the same day the later word counts."""
        return self.order_by("starts_on", "pk")


class PayKind(models.Model):
    """From `starts_on` on a member is paid in a way, until a later row says otherwise; without a member it is the way
    in which whoever starts from that day on is paid.

    An `owner's draw` is what an owner of a company that is taxed as a partnership takes out; a `contractor` gets a
    form 1099. Both are paid by pay runs, without tax taken off. `Wages` (form W-2) are paid by a payroll firm, which
    takes off the tax: no pay run pays them.
    """

    class Kind(models.TextChoices):
        DRAW = "draw", _("owner's draw")
        CONTRACTOR = "contractor", _("contractor, form 1099")
        WAGES = "wages", _("wages, form W-2, through a payroll firm")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="pay_kinds")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    starts_on = models.DateField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PayKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("how somebody is paid")
        triggers = [
            *append_only("kinds_of_pay_are_never_changed"),
            pgtrigger.Trigger(
                name="what_is_in_a_pay_run_keeps_its_kind",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__member__isnull=False),
                func=PAID_ALREADY,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @classmethod
    def say(cls, member: Member | None, kind: str, *, starts_on: date, at: datetime, by: User) -> "PayKind":
        """Pay a member (or, without one, whoever starts from then on) so from a day on; the member is told.

        Refused about oneself, where nothing changes, and for days whose work is in a pay run already.
        """
        with transaction.atomic():
            queue_with_pay_runs()
            before = _before(member, starts_on, at=at, by=by)
            if before == kind:
                raise Refusal(gettext("That is how it is on that day already."), field="kind")
            made = cls.objects.create(member=member, kind=kind, starts_on=starts_on, said_at=at, said_by=by)
            note = f"{starts_on}: {before or '–'} → {kind}"
            if member is None:
                _log(made, note, at=at, by=by)
            else:
                member.record_event("say_pay_kind", at=at, by=by, note=note)
                about = {"said": made, "by": by}
                Notice.post(f"pay_kind_said:{made.pk}", to=member.user, mail="pay_kind_said", at=at, about=about)
        return made


class Kinds:
    """How some members are paid, day by day. Two queries, whatever their number."""

    def __init__(self, members: Collection[int]) -> None:
        self._own: dict[int, list[PayKind]] = defaultdict(list)
        self._usual: list[PayKind] = []
        for row in PayKind.objects.filter(Q(member__in=members) | Q(member=None)).in_order():
            (self._usual if row.member_id is None else self._own[row.member_id]).append(row)
        self._starts = _starts(members)

    def on(self, member: int, day: date) -> str | None:
        """Their own way on that day, else the one of whoever started when they did; None where nobody has said.

        Who left and came back started twice: what they did before they left is paid as it was then.
        """
        row = _latest(self._own[member], day) or self.usual(self._started(member, day))
        return row.kind if row else None

    def usual(self, started_on: date) -> PayKind | None:
        """How whoever starts on a day is paid; what was said first counts for all who were there before it."""
        return _latest(self._usual, started_on) or min(self._usual, key=lambda row: row.pk, default=None)

    def _started(self, member: int, day: date) -> date:
        starts = self._starts[member]
        return max((start for start in starts if start <= day), default=min(starts, default=day))

    def history(self, member: int) -> list[PayKind]:
        """Their own rows, the latest first."""
        return self._own[member][::-1]


def queue_with_pay_runs() -> None:
    """Let one pay run be drafted, or one way of paying be said, at a time; the others wait here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.draft'))")


def _starts(members: Collection[int]) -> dict[int, list[date]]:
    """The days on which each began to work here: the first one, and each on which they came back."""
    starts, gone = defaultdict(list), set(members)
    said = Standing.objects.valid().filter(member__in=members).values_list("member", "state", "starts_on")
    for member, state, day in said:
        if state == Member.State.FORMER:
            gone.add(member)
        elif member in gone:
            gone.remove(member)
            starts[member].append(day)
    return starts


def _latest(rows: Iterable[PayKind], day: date) -> PayKind | None:
    return next((row for row in reversed(list(rows)) if row.starts_on <= day), None)


def _before(member: Member | None, day: date, *, at: datetime, by: User) -> str | None:
    """How it was on that day; refused where it may not change."""
    today = timezone.localdate(at)
    if not -FAR < day - today < FAR:
        raise Refusal(gettext("Choose a day within the next two years."), field="starts_on")
    if member is None:
        if day <= today and PayKind.objects.usual().exists():
            raise Refusal(gettext("For newcomers choose a day that is still to come."), field="starts_on")
        row = Kinds([]).usual(day)
        return row.kind if row else None
    _refuse_what_is_settled(member, day, by=by)
    return Kinds([member.pk]).on(member.pk, day)


def _refuse_what_is_settled(member: Member, day: date, *, by: User) -> None:
    if member.user_id == by.pk:
        raise Refusal(gettext("This is about yourself: somebody else has to do it."))
    mine = Q(payee__member=member) | Q(payer__member=member)
    settled = Transfer.objects.filter(mine, lines__isnull=False).order_by()
    last: date | None = settled.aggregate(day=Max(WorkedOn("entry")))["day"]
    if last and last >= day:
        raise Refusal(
            gettext("Work up to %(day)s is in a pay run already and keeps its way. Choose a later day.")
            % {"day": date_format(last)},
            field="starts_on",
        )


def _log(made: PayKind, note: str, *, at: datetime, by: User) -> None:
    Event.objects.create(kind=made._meta.label_lower, subject=made.pk, verb="say", actor=by, at=at, note=note)
