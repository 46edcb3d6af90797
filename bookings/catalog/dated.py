"""What holds from a day on. Rows are written once: the past keeps what held, and a later row corrects."""

from datetime import date, datetime
from typing import Any, Self, TypeVar

import pgtrigger
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.events import Event, append_only
from members.models import User

D = TypeVar("D", bound="Dated")


class DatedQuerySet(models.QuerySet[D]):
    def standing(self) -> Self:
        """What was not taken back before its day."""
        return self.filter(takes_back__isnull=True, taken_back__isnull=True)

    def begun(self, day: date) -> Self:
        """What begins on `day` or began before; a later one may hold instead."""
        return self.standing().filter(effective_on__lte=day)

    def coming(self, day: date) -> Self:
        """What was set for the days after `day`, soonest first."""
        return self.standing().filter(effective_on__gt=day).order_by("effective_on", "pk")

    def history(self) -> Self:
        """All that held or will hold, latest first; also what was taken back, with who did that."""
        own = self.filter(takes_back__isnull=True).select_related("set_by", "taken_back__set_by")
        return own.order_by("-effective_on", "-pk")


class Dated(models.Model):
    """Something from `effective_on` on, set before that day by somebody of the office.

    Nobody set what the co-op began with. A row that `takes_back` another says only that: what it repeats never holds.
    """

    effective_on = models.DateField()
    set_on = models.DateField(null=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="taken_back")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(set_by__isnull=True, set_on__isnull=True)
                | models.Q(set_by__isnull=False, effective_on__gte=models.F("set_on")),
                name="a_%(class)s_is_never_backdated",
            ),
            models.CheckConstraint(
                condition=models.Q(takes_back__isnull=True) | models.Q(effective_on__gt=models.F("set_on")),
                name="a_%(class)s_is_taken_back_before_its_day",
            ),
        ]

    @transaction.atomic
    def take_back(self, *, at: datetime, by: User) -> None:
        """It will not hold after all. Refused once its day has begun; twice is once."""
        kept = type(self)._base_manager.select_for_update().get(pk=self.pk)
        today = timezone.localdate(at)
        if self.effective_on <= today:
            raise Refusal(_("Its day has begun already. Set something new for a later day instead."))
        if hasattr(kept, "taken_back"):
            return
        self.log_taking_back(at=at, by=by)
        repeated = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        repeated |= {"id": None, "set_on": today, "set_by_id": by.pk, "takes_back_id": self.pk}
        type(self)._base_manager.create(**repeated)

    def log_taking_back(self, *, at: datetime, by: User) -> None:
        """Write down for all members that somebody took it back."""
        about = {"kind": self._meta.label_lower, "subject": self.pk, "note": f"{self.effective_on}: {self}"}
        Event.objects.create(verb="take_back", actor=by, at=at, **about)


def written_once(name: str, *, of: str = "") -> list[Any]:
    """The triggers of a dated table: nothing is changed, and what holds today is changed for later.

    `of` names the columns that say what one thing is, with spaces between them.
    """
    mine = "".join(f"p.{column} = NEW.{column} AND " for column in of.split())
    return [
        *append_only(f"{name}_are_never_changed"),
        pgtrigger.Trigger(
            name=f"what_holds_today_stays_in_{name}",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Q(new__effective_on__lte=pgtrigger.F("new__set_on")),
            func=pgtrigger.Func(HOLDS_ALREADY.replace("MINE", mine).replace("NAME", name)),
        ),
    ]


HOLDS_ALREADY = """
IF EXISTS (SELECT FROM {meta.db_table} p WHERE MINEp.effective_on <= NEW.effective_on AND p.takes_back_id IS NULL
           AND NOT EXISTS (SELECT FROM {meta.db_table} t WHERE t.takes_back_id = p.id)) THEN
  RAISE EXCEPTION 'what_holds_today_stays_in_NAME' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
