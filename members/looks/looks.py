"""That somebody looked at what is kept about another person: written once an hour, told to that person."""

from datetime import datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from members.people.users import User
from members.policies import LOOK_DAYS

AN_HOUR = timedelta(hours=1)


class During(Func):
    """The time from one moment to another."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class LookQuerySet(models.QuerySet["Look"]):
    def to_forget(self, at: datetime) -> "LookQuerySet":
        """What was kept for as long as the members voted."""
        return self.filter(at__lt=at - timedelta(days=LOOK_DAYS.on(timezone.localdate(at)))).order_by("at")


class Look(models.Model):
    """`by` looked at a page about `about`. Until `again_at` another look of theirs at the same is the same look."""

    class Page(models.TextChoices):
        FILE = "file", gettext_lazy("your file in the register of members")
        CERTIFICATE = "certificate", gettext_lazy("a certificate that you showed")
        HOUSEHOLD = "household", gettext_lazy("the page of your household")
        CARE = "care", gettext_lazy("the record of a care visit")

    about = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=20, choices=Page.choices)
    at = models.DateTimeField()
    again_at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("look")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(about=models.F("by")), name="nobody_is_told_of_their_own_look"),
            ExclusionConstraint(
                name="a_look_is_written_once_an_hour",
                expressions=[
                    ("about", RangeOperators.EQUAL),
                    ("by", RangeOperators.EQUAL),
                    ("page", RangeOperators.EQUAL),
                    (During("at", "again_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["at"], name="looks_by_age")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="looks_are_never_changed", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.by_id}: {self.page} {self.about_id}"

    @classmethod
    def write(cls, page: str, *, about: User, by: User, at: datetime) -> None:
        """Somebody looks. Nothing is written of oneself, nor again within an hour."""
        if about.pk != by.pk:
            row = Look(page=page, about=about, by=by, at=at, again_at=at + AN_HOUR)
            Look.objects.bulk_create([row], ignore_conflicts=True)
