"""What a member is paid beyond the prices of their visits, from running the co-op."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Shift
from bookings.visits.pay import pay_for
from coop.models import append_only
from coop.money import split
from coop.templatetags.coop import hours
from members.models import Member
from payouts.ledger.ledger import Account, Entry, Move
from payouts.ledger.work_week import left_minutes
from payouts.policies import LEFT_MINUTES


@dataclass(frozen=True)
class Paid:
    """What is in the books for one thing: cents, minutes, and in how many entries."""

    cents: int = 0
    minutes: int = 0
    entries: int = 0


class SupplementQuerySet(models.QuerySet["Supplement"]):
    def of_week(self, member_id: int, monday: date) -> dict[tuple[str, date], Paid]:
        """What a member was paid beyond their visits for a week, by kind and day. One query."""
        mine = self.filter(member=member_id, day__gte=monday, day__lt=monday + timedelta(days=7))
        sums = (Sum("entry__transfers__cents"), Sum("minutes"), Count("pk"))
        rows = mine.order_by().values_list("kind", "day").annotate(*sums)
        return {(kind, day): Paid(cents, minutes, entries) for kind, day, cents, minutes, entries in rows}


class Supplement(models.Model):
    """One entry for time between visits, for hours over a full week, for a long day, or for having left to be safe.

    `day` is the day that it is for, of a week its Sunday. `minutes` are those between visits, over, or paid.
    """

    class Kind(models.TextChoices):
        BETWEEN = "between", _("time between visits")
        FULL_WEEK = "full_week", _("over a full week")
        LONG_DAY = "long_day", _("a long day")
        LEFT = "left", _("a visit that was broken off")

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="supplement")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    day = models.DateField()
    minutes = models.PositiveIntegerField()

    objects = SupplementQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplement")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="full_week") | Q(day__iso_week_day=7), name="a_full_week_ends_on_a_sunday"
            )
        ]
        indexes = [models.Index(fields=["member", "day"], name="supplements_of_a_member")]
        triggers = append_only("supplements_are_never_changed")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    @property
    def said(self) -> str:
        """What it pays for, in words: time between visits; 5 hours over a full week."""
        if self.kind == self.Kind.FULL_WEEK:
            return gettext("%(hours)s over a full week") % {"hours": hours(self.minutes)}
        return str(self.get_kind_display())

    @classmethod
    def fill_up(
        cls, kind: str, *, member_id: int, day: date, cents: int, minutes: int, paid: Paid, at: datetime
    ) -> None:
        """Pay what `cents` has over what was paid before; whoever calls holds the week's lock.

        It is only ever filled up: what somebody was paid stays theirs. The first entry counts on `day`; a later one,
        for work that was written down late, counts on the day on which it is made.
        """
        if cents <= paid.cents:
            return
        entry = Entry.post(
            key=f"{kind}:{member_id}:{day}" + (f":{paid.entries}" if paid.entries else ""),
            kind=kind,
            effective_on=None if paid.entries else day,
            at=at,
            moves=[Move(Account.fund(Account.Kind.OPERATIONS), Account.pay(member_id), cents - paid.cents)],
        )
        cls.objects.create(entry=entry, member_id=member_id, kind=kind, day=day, minutes=max(0, minutes - paid.minutes))

    @classmethod
    def pay_who_left(cls, shift: Shift, *, at: datetime) -> None:
        """Pay whoever left to be safe, at what an hour of the visit would have paid them. Twice is once."""
        assert shift.visit is not None
        assert shift.member_id is not None
        day = shift.visit.day
        minutes = left_minutes(shift, most=LEFT_MINUTES.on(day))
        whole = dict(pay_for([shift])[shift.pk])["worker"]
        pay = Move(Account.fund(Account.Kind.OPERATIONS), Account.pay(shift.member_id), _part(whole, minutes, shift))
        entry = Entry.post(
            key=f"left:{shift.pk}",
            kind=Entry.Kind.LEFT,
            effective_on=day,
            at=at,
            moves=[pay],
            visit=shift.visit,
        )
        about = {"member_id": shift.member_id, "kind": cls.Kind.LEFT, "day": day, "minutes": minutes}
        cls.objects.get_or_create(entry=entry, defaults=about)


def _part(cents: int, minutes: int, shift: Shift) -> int:
    """What so many of a shift's minutes pay."""
    return split(cents, {"paid": minutes, "rest": shift.minutes - minutes})["paid"]
