"""Days on which the co-op is closed: nobody can book them, and what is booked already goes to the office."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.dated import Dated, DatedQuerySet
from bookings.signals import day_reopened
from coop.errors import Refusal
from coop.events import append_only
from coop.in_turn import wait_for_turn
from coop.models import Event
from coop.typed.fields import WrittenLine
from coop.typed.text import in_language
from members.models import User

A_DAY = timedelta(days=1)
MOST_DAYS = 31


class ClosedDayQuerySet(DatedQuerySet["ClosedDay"]):
    def between(self, first: date, last: date) -> Self:
        """Those that stand, from `first` to `last`, in their order."""
        days = self.standing().filter(effective_on__gte=first, effective_on__lte=last)
        return days.select_related("set_by").order_by("effective_on", "pk")


class ClosedDay(Dated):
    """One day, `effective_on`, on which nobody comes, and what clients read about it."""

    words_en = WrittenLine(max_length=80)
    words_es = WrittenLine(max_length=80)

    objects = ClosedDayQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = gettext_lazy("closed day")
        indexes = [models.Index(fields=["effective_on"], name="closed_days_by_day")]
        triggers = append_only("closed_days_are_never_changed")

    def __str__(self) -> str:
        return in_language(self.words_en, self.words_es)

    @classmethod
    def check_open(cls, day: date, *, field: str | None = None) -> None:
        """Refuse a new visit of a day on which the co-op is closed, with what clients read about it. One query."""
        if closed := cls.objects.between(day, day).first():
            told = {"day": date_format(day, "DAY_FORMAT"), "words": closed}
            raise Refusal(_("We are closed on %(day)s: %(words)s. Please choose another day.") % told, field=field)

    @classmethod
    @transaction.atomic
    def close(cls, *, first: date, last: date, words_en: str, words_es: str, at: datetime, by: User) -> None:
        """Take no bookings for these days, both included. What is booked already stays, and the office decides it."""
        today = timezone.localdate(at)
        if first < today:
            raise Refusal(_("That day is over. Please choose today or a later day."), field="first")
        if last < first:
            raise Refusal(_("The last day is before the first one."), field="last")
        if (last - first).days >= MOST_DAYS:
            raise Refusal(_("Close at most %(days)s days at once.") % {"days": MOST_DAYS}, field="last")
        wait_for_turn("bookings.closed_days")
        closed = set(cls.objects.between(first, last).values_list("effective_on", flat=True))
        days = [first + A_DAY * number for number in range((last - first).days + 1)]
        if closed.issuperset(days):
            raise Refusal(_("We are closed then already."), field="first")
        for day in days:
            if day not in closed:
                row = cls.objects.create(
                    effective_on=day, words_en=words_en, words_es=words_es, set_on=today, set_by=by
                )
                row.log("close", at=at, by=by)

    def log_taking_back(self, *, at: datetime, by: User) -> None:
        self.log("take_back", at=at, by=by)
        day_reopened.send(sender=ClosedDay, subject=self, at=at, by=by)

    def log(self, verb: str, *, at: datetime, by: User) -> None:
        """Write down for all members who did what to this day."""
        note = f"{self.effective_on}: {self.words_en}"
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)
