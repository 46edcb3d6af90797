"""Why people leave: one of a few words and, if they like, their own; for the co-op to learn from, a year at a time."""

from collections import Counter
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import WrittenText
from members.standing.standings import Standing


class LeavingReasonQuerySet(models.QuerySet["LeavingReason"]):
    def standing(self) -> "LeavingReasonQuerySet":
        """Those of people who left, or will; not of notice that was taken back."""
        return self.filter(leaving__taken_back_by=None)

    def by_year(self) -> dict[int, Counter[str]]:
        """How many left in each year, by category, the latest year first."""
        found: dict[int, Counter[str]] = {}
        for year, why in self.standing().values_list("leaving__starts_on__year", "why").order_by("-leaving__starts_on"):
            found.setdefault(year, Counter())[why] += 1
        return found


class LeavingReason(models.Model):
    """Why somebody leaves, to the day of leaving. The words are emptied when they are forgotten."""

    class Why(models.TextChoices):
        WORK = "work", _("other work, or a business of my own")
        HOURS = "hours", _("too few hours, or at the wrong times")
        PAY = "pay", _("the pay")
        TOGETHER = "together", _("how we work together")
        LIFE = "life", _("family, health, a move or school")
        END = "end", _("it was agreed from the beginning, or I retire")
        SILENT = "silent", _("I would rather not say")

    leaving = models.OneToOneField(Standing, on_delete=models.PROTECT, related_name="reason")
    why = models.CharField(max_length=10, choices=Why.choices)
    words = WrittenText(blank=True)
    said_at = models.DateTimeField()

    objects: ClassVar = LeavingReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for leaving")

    def __str__(self) -> str:
        return self.get_why_display()

    @classmethod
    def say(cls, leaving: Standing, *, why: str, words: str, at: datetime) -> None:
        """Keep what somebody says about it."""
        cls.objects.create(leaving=leaving, why=why, words=words, said_at=at)
