"""The least wage by law: where, for which work, from which day on, and where it is written."""

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bookings.catalog.dated import Dated, DatedQuerySet, written_once
from coop.errors import Refusal
from coop.models import Event, ZipCode
from coop.money import dollars
from coop.policies import reset_cache
from coop.typed.fields import WrittenLine
from members.models import User

EARLIEST = date(2000, 1, 1)


ONE_STANDS = """
PERFORM pg_advisory_xact_lock(hashtext('bookings.least_wages'));
IF EXISTS (
    SELECT FROM bookings_leastwage w
    WHERE w.state = NEW.state AND w.locality = NEW.locality AND w.work = NEW.work AND w.effective_on = NEW.effective_on
    AND w.takes_back_id IS NULL AND NOT EXISTS (SELECT FROM bookings_leastwage t WHERE t.takes_back_id = w.id)
) THEN
  RAISE EXCEPTION 'one_figure_stands_for_a_place_a_work_and_a_day' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class LeastWageQuerySet(DatedQuerySet["LeastWage"]):
    def in_force(self, day: date) -> Self:
        """The one of each place and kind of work on `day`; of two for the same day, the one that was set later."""
        started = self.begun(day).order_by("state", "locality", "work", "-effective_on", "-pk")
        return started.distinct("state", "locality", "work")


class LeastWage(Dated):
    """An hour of work pays at least so many cents, by law, at homes in a place; a later row of the same place and
    work ends the earlier one.

    `state` has two letters; without it the row holds wherever the co-op works. `locality` is a county or a city of the
    state, spelled as its ZIP codes have it; without it the whole state is meant. `citation` names the law. The first
    row of a place may begin on a day that is over, because the law did.
    """

    class Work(models.TextChoices):
        ALL = "all", pgettext_lazy("which work", "all work")
        CARE = "care", pgettext_lazy("which work", "home care")

    state = models.CharField(max_length=2, blank=True)
    locality = models.CharField(max_length=60, blank=True)
    work = models.CharField(max_length=10, choices=Work.choices, default=Work.ALL)
    cents_per_hour = models.PositiveIntegerField()
    citation = WrittenLine(max_length=200)

    objects = LeastWageQuerySet.as_manager()

    class Meta:
        verbose_name = _("least wage by law")
        constraints = [
            models.CheckConstraint(condition=models.Q(cents_per_hour__gt=0), name="a_least_wage_is_something"),
            models.CheckConstraint(condition=~models.Q(citation=""), name="a_least_wage_names_its_law"),
            models.CheckConstraint(
                condition=models.Q(set_by__isnull=True, set_on__isnull=True)
                | models.Q(set_by__isnull=False, set_on__isnull=False),
                name="a_least_wage_is_set_by_somebody_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(takes_back__isnull=True) | models.Q(effective_on__gt=models.F("set_on")),
                name="a_leastwage_is_taken_back_before_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(locality="") | models.Q(state__gt=""), name="a_county_or_city_lies_in_a_state"
            ),
        ]
        triggers = [
            *written_once("least_wages", of="state locality work"),
            pgtrigger.Trigger(
                name="one_figure_stands_for_a_place_a_work_and_a_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__takes_back__isnull=True),
                func=ONE_STANDS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.get_work_display()}: {dollars(self.cents_per_hour)}"

    @property
    def place(self) -> str:
        """Where it holds, in words."""
        if not self.state:
            return gettext("wherever we work")
        return f"{self.locality}, {self.state}" if self.locality else self.state

    def holds_at(self, place: ZipCode) -> bool:
        """Does it hold at homes of this postal area?"""
        if self.state and self.state != place.state:
            return False
        names = (place.county.casefold(), place.city.casefold())
        return not self.locality or self.locality.casefold() in names

    @classmethod
    @transaction.atomic
    def write_down(
        cls, *, state: str, locality: str, work: str, cents: int, citation: str, from_day: date, at: datetime, by: User
    ) -> "LeastWage":
        """Put on record what the law says from a day on. What holds today stays: refused for a day that has begun,
        unless nothing is known of that place and work so far, and where another figure stands for the same day.
        """
        _queue()
        today = timezone.localdate(at)
        same = cls.objects.filter(state=state, locality=locality, work=work)
        if from_day <= today and same.begun(from_day).exists():
            raise Refusal(
                gettext("What holds today stays. Choose a day that is still to come."),
                field="from_day",
            )
        if same.standing().filter(effective_on=from_day).exists():
            raise Refusal(gettext("A figure stands for that day already. Take that back first."), field="from_day")
        made = cls.objects.create(
            state=state,
            locality=locality,
            work=work,
            cents_per_hour=cents,
            citation=citation,
            effective_on=from_day,
            set_on=today,
            set_by=by,
        )
        reset_cache()
        note = f"{from_day}: {made}. {citation}"
        Event.objects.create(kind=cls._meta.label_lower, subject=made.pk, verb="write_down", actor=by, at=at, note=note)
        return made

    def take_back(self, *, at: datetime, by: User) -> None:
        super().take_back(at=at, by=by)
        reset_cache()


def _queue() -> None:
    """Let one figure be written down at a time; the others wait here, and read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bookings.least_wages'))")
