"""The numbers by which one vote is decided."""

from datetime import date
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.models import append_only
from coop.policies import values
from governance.policies import QUORUM_LEAST, REMINDER_DAYS, TERMS


class Rule(models.Model):
    """The policies of the day on which notice went out, frozen for this vote; `delay_days` is None without effect."""

    proposal = models.OneToOneField("governance.Proposal", on_delete=models.PROTECT, related_name="rule")
    threshold_numerator = models.PositiveIntegerField()
    threshold_denominator = models.PositiveIntegerField()
    quorum_numerator = models.PositiveIntegerField()
    quorum_denominator = models.PositiveIntegerField()
    quorum_least = models.PositiveIntegerField()
    notice_days = models.PositiveSmallIntegerField()
    open_days = models.PositiveSmallIntegerField()
    reminder_days = models.PositiveSmallIntegerField()
    delay_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("rule of a vote")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold_denominator__gt=0, quorum_denominator__gt=0), name="a_rule_is_of_fractions"
            )
        ]
        triggers = append_only("rules_of_a_vote_are_never_changed")

    def __str__(self) -> str:
        return f"> {self.threshold}, {self.quorum}"

    @property
    def threshold(self) -> Fraction:
        """Those in favour must be more than this part of the votes for and against."""
        return Fraction(self.threshold_numerator, self.threshold_denominator)

    @property
    def quorum(self) -> Fraction:
        """At least this part of the roll must take part."""
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @classmethod
    def of_the_day(cls, proposal_id: int, kind: str, *, day: date) -> "Rule":
        """The rule of a vote of this kind whose notice goes out on `day`; not saved."""
        terms = TERMS[kind]
        parts = values(day, [terms.threshold, terms.quorum])
        threshold, quorum = parts[terms.threshold.key], parts[terms.quorum.key]
        whole = [QUORUM_LEAST, REMINDER_DAYS, terms.notice, terms.opened, *([terms.delay] if terms.delay else [])]
        numbers = values(day, whole)
        return cls(
            proposal_id=proposal_id,
            threshold_numerator=threshold.numerator,
            threshold_denominator=threshold.denominator,
            quorum_numerator=quorum.numerator,
            quorum_denominator=quorum.denominator,
            quorum_least=numbers[QUORUM_LEAST.key],
            notice_days=numbers[terms.notice.key],
            open_days=numbers[terms.opened.key],
            reminder_days=numbers[REMINDER_DAYS.key],
            delay_days=numbers[terms.delay.key] if terms.delay else None,
        )
