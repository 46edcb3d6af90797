"""Between which hours of a week a visit can be booked, from a day on. Without any, whenever somebody works."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.dated import Dated, DatedQuerySet, written_once
from coop.errors import Refusal
from coop.models import Event
from members.hours.free_hours import Minutes
from members.models import User

WEEK = 7
A_DAY = 1440
ALWAYS: tuple[Minutes, ...] = ((0, A_DAY),) * WEEK
"""What holds as long as nobody said anything: from midnight to midnight, each day."""


class BookableHoursQuerySet(DatedQuerySet["BookableHours"]):
    def in_force(self, day: date) -> Self:
        """What holds on `day`, first; of two for the same day, the one that was said later."""
        return self.begun(day).order_by("-effective_on", "-pk")

    def week(self, day: date) -> tuple[Minutes, ...]:
        """From and to of each weekday as it holds on `day`, Monday first. One query."""
        found = self.in_force(day).first()
        return found.week if found else ALWAYS


class BookableHours(Dated):
    """From when until when (minutes since local midnight) a visit may be, Monday first; 0 to 0 for not at all."""

    opens = ArrayField(models.SmallIntegerField(), size=WEEK)
    closes = ArrayField(models.SmallIntegerField(), size=WEEK)

    objects = BookableHoursQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = gettext_lazy("bookable hours")
        verbose_name_plural = gettext_lazy("bookable hours")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(opens__len=WEEK, closes__len=WEEK), name="bookable_hours_are_of_a_week"
            ),
        ]
        triggers = written_once("bookable_hours")

    def __str__(self) -> str:
        return ", ".join(f"{low // 60}:{low % 60:02}–{high // 60}:{high % 60:02}" for low, high in self.week)

    @property
    def lines(self) -> list[tuple[str, str]]:
        return in_words(self.week)

    @property
    def week(self) -> tuple[Minutes, ...]:
        return tuple(zip(self.opens, self.closes, strict=True))

    @classmethod
    @transaction.atomic
    def say(cls, week: Sequence[Minutes], *, from_day: date, at: datetime, by: User) -> None:
        """Let visits be booked in these hours from a day on. What is agreed, and series, go on as they are."""
        today = timezone.localdate(at)
        if from_day <= today:
            raise Refusal(_("New hours begin tomorrow at the earliest."), field="from_day")
        if not any(low < high for low, high in week):
            raise Refusal(
                _("Without any hours nobody could book. To take no bookings for a while, close for bookings.")
            )
        opens, closes = [low for low, _high in week], [high for _low, high in week]
        row = cls.objects.create(opens=opens, closes=closes, effective_on=from_day, set_on=today, set_by=by)
        row.log("say", at=at, by=by)

    def log(self, verb: str, *, at: datetime, by: User) -> None:
        """Write down for all members who did what to these hours."""
        note = f"{self.effective_on}: {self}"
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)


def clock(minutes: int) -> time:
    """The time of day so many minutes after midnight; the end of the day is midnight, too."""
    return time(minutes // 60 % 24, minutes % 60)


def in_words(week: Sequence[Minutes]) -> list[tuple[str, str]]:
    """Each weekday with when visits can be, as people read it."""
    return [(str(WEEKDAYS[number]), _span(low, high)) for number, (low, high) in enumerate(week)]


def _span(low: int, high: int) -> str:
    if low >= high:
        return _("no visits")
    if (low, high) == (0, A_DAY):
        return _("at any time")
    return f"{time_format(clock(low), 'TIME_FORMAT')} – {time_format(clock(high), 'TIME_FORMAT')}"
