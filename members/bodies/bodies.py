"""A body that decides for the co-op, such as its board or a committee, and the terms of those who belong to it."""

from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from coop.models import Event
from coop.typed.fields import WrittenLine, WrittenText
from coop.typed.text import in_language
from members.offices.roles import DateRange
from members.people.members import Member, MemberQuerySet
from members.people.users import User
from members.standing.meaning import HOLDING

TOLD = ("name_en", "name_es", "quorum", "may_en", "may_es", "up_to_cents")
"""What is said of a body."""


class Body(models.Model):
    """The board, or a committee: how many of it must be there (`quorum`), what it may decide, and up to which sum.

    `up_to_cents` is the most that it may spend at once without all members; 0 for nothing.
    """

    name_en = WrittenLine(max_length=80)
    name_es = WrittenLine(max_length=80)
    quorum = models.PositiveSmallIntegerField()
    may_en = WrittenText()
    may_es = WrittenText()
    up_to_cents = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = gettext_lazy("body")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_es=""), name="a_body_has_a_name_in_both_languages"
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="a_body_decides_with_somebody_there"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_body_is_never_deleted", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_es)

    @property
    def may(self) -> str:
        """What it may decide, in the language of the page."""
        return in_language(self.may_en, self.may_es)

    @classmethod
    def found(cls, *, at: datetime, by: User, note: str, **told: Any) -> "Body":
        """A new body, by the decision `note`."""
        made = cls.objects.create(**told)
        made._log("found", note, at=at, by=by)
        return made

    def change(self, *, at: datetime, by: User, note: str, **told: Any) -> None:
        """It is called otherwise, or may decide other things, by the decision `note`. What was decided stays."""
        for name, value in told.items():
            setattr(self, name, value)
        self.save(update_fields=list(told))
        self._log("change", note, at=at, by=by)

    def members_on(self, day: date) -> MemberQuerySet:
        """Who belongs to it on a day: those whose term runs, in good standing then."""
        terms = self.terms.on(day)
        return Member.objects.in_state(*HOLDING, on=day).filter(pk__in=terms.values("member"))

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)


class BodyTermQuerySet(models.QuerySet["BodyTerm"]):
    def on(self, day: date) -> "BodyTermQuerySet":
        """The terms that run on a day."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day).exclude(ended_on__lte=day)

    def running(self, day: date) -> "BodyTermQuerySet":
        """The terms that run, and those that are yet to begin."""
        return self.exclude(ends_on__lt=day).exclude(ended_on__lte=day)

    def between(self, first: date, last: date | None) -> "BodyTermQuerySet":
        """Those that run on any of these days; without a last one, on any from the first on."""
        rows = self.filter(ended_on=None).exclude(ends_on__lt=first)
        return rows.filter(starts_on__lte=last) if last else rows


class BodyTerm(models.Model):
    """Somebody belongs to a body from a day to a day, by a decision. It is never rewritten; a term that is ended
    before its time says from which day on (`ended_on`) it no longer runs.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="terms")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="body_terms")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    decision = WrittenLine(max_length=200)

    objects = BodyTermQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("term in a body")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="a_term_in_a_body_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="nobody_belongs_to_a_body_twice_at_once",
                expressions=[
                    ("body", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_on=None),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.ReadOnly(name="a_term_in_a_body_is_never_rewritten", exclude=["ended_on"]),
            pgtrigger.Protect(
                name="a_term_in_a_body_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_on__isnull=False),
            ),
            pgtrigger.Protect(name="a_term_in_a_body_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.body_id}: {self.member_id}, {self.starts_on}"

    def end(self, day: date) -> None:
        """From this day on they do not belong to it any more. Twice is once."""
        BodyTerm.objects.filter(pk=self.pk, ended_on=None).update(ended_on=day)
