"""When to look at a member's week of work, and what of it is still to be paid."""

from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.matching.working_time import premium
from bookings.models import Visit
from members.models import Member
from payouts.ledger.ledger import Account, Entry, Transfer
from payouts.ledger.supplements import Paid, Supplement
from payouts.ledger.work_week import A_DAY, WorkDay, Worked, end_of, monday_of, was_there
from payouts.policies import FULL_WEEK_FACTOR

Books = dict[tuple[str, date], Paid]


class WorkWeekQuerySet(models.QuerySet["WorkWeek"]):
    def due(self, at: datetime) -> "WorkWeekQuerySet":
        """Those of which a day, or all of it, is over and was not looked at since."""
        return self.filter(due_at__lte=at)


class WorkWeek(models.Model):
    """A member's Monday to Sunday. `due_at` says when to look what of it is still to be paid; None: nothing is."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    due_at = models.DateTimeField(null=True)

    objects = WorkWeekQuerySet.as_manager()

    class Meta:
        verbose_name = _("week of work")
        constraints = [
            models.UniqueConstraint(fields=["member", "monday"], name="a_week_is_looked_at_in_one_place"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="a_week_begins_on_a_monday"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="weeks_to_look_at")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.monday}"

    @property
    def sunday(self) -> date:
        return self.monday + 6 * A_DAY

    @property
    def over_at(self) -> datetime:
        """When it is over by the co-op's calendar."""
        return end_of(self.sunday, timezone.get_default_timezone())

    @classmethod
    def expect(cls, visit: Visit) -> None:
        """Somebody worked at a visit, or stood at its door: look at their weeks when that day is over."""
        over_at = end_of(visit.day, visit.zone)
        for member_id in was_there().filter(visit=visit).order_by("member").values_list("member", flat=True):
            week, _new = cls.objects.get_or_create(member_id=member_id, monday=monday_of(visit.day))
            cls.objects.filter(Q(due_at=None) | Q(due_at__gt=over_at), pk=week.pk).update(due_at=over_at)

    def look(self, *, at: datetime) -> None:
        """Pay what the days that are over, and the week once it is, have beyond their visits. Twice is once."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=WorkWeek.objects.select_for_update())
            if self.due_at is None or self.due_at > at:
                return
            worked = Worked.of(self.member_id, self.monday)
            books = Supplement.objects.of_week(self.member_id, self.monday)
            ends = [self.over_at, *(day.over_at for day in worked.days)]
            for day in worked.days:
                if day.over_at <= at:
                    self._pay_day(day, books, at=at)
            if max(ends) <= at:
                self._pay_full_week(worked, books, at=at)
            self.due_at = min((end for end in ends if end > at), default=None)
            self.save(update_fields=["due_at"])

    def _pay_day(self, day: WorkDay, books: Books, *, at: datetime) -> None:
        self._fill_up("between", day.day, books, cents=day.between_cents, minutes=day.time.between, at=at)
        self._fill_up("long_day", day.day, books, cents=day.long_day_cents, minutes=0, at=at)

    def _pay_full_week(self, worked: Worked, books: Books, *, at: datetime) -> None:
        if worked.over:
            factor = FULL_WEEK_FACTOR.on(self.monday)
            cents = premium(self._pay_of(worked), minutes=worked.minutes, full=worked.full, factor=factor)
            self._fill_up("full_week", self.sunday, books, cents=cents, minutes=worked.over, at=at)

    def _pay_of(self, worked: Worked) -> int:
        """All that the hours of the week were paid: visits and time between them; no tips, fees or long days."""
        mine = Transfer.objects.filter(payee__code=Account.pay(self.member_id).code, entry__visit__in=worked.visits)
        worked_at = mine.filter(entry__kind__in=[Entry.Kind.VISIT, Entry.Kind.LEFT])
        visits: int = worked_at.aggregate(total=Sum("cents", default=0))["total"]
        return visits + sum(day.between_cents for day in worked.days)

    def _fill_up(self, kind: str, day: date, books: Books, *, cents: int, minutes: int, at: datetime) -> None:
        paid = books.get((kind, day), Paid())
        Supplement.fill_up(kind, member_id=self.member_id, day=day, cents=cents, minutes=minutes, paid=paid, at=at)
