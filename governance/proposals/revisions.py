"""What a proposal says: the values it changes, every version of its text, and what members answered."""

from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.models import append_only
from coop.policies import Policy, named
from coop.typed.fields import WrittenLine, WrittenText
from governance import triggers
from members.models import Member


class Change(models.Model):
    """One policy and the value that it gets if the proposal passes; `was` is the value it was written against."""

    proposal = models.ForeignKey("governance.Proposal", on_delete=models.PROTECT, related_name="changes")
    policy = models.CharField(max_length=60)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)
    was_numerator = models.BigIntegerField()
    was_denominator = models.BigIntegerField(default=1)

    class Meta:
        verbose_name = _("change")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "policy"], name="a_proposal_changes_a_policy_once"),
            models.CheckConstraint(
                condition=models.Q(denominator__gt=0, was_denominator__gt=0), name="a_change_is_of_fractions"
            ),
        ]
        triggers = [triggers.WORDS]

    def __str__(self) -> str:
        return f"{self.rule.label}: {self.says_was} → {self.says}"

    @classmethod
    def write(cls, proposal_id: int, policy: str, *, value: Fraction, was: Fraction) -> "Change":
        """Propose `value` for a policy that is now `was`."""
        return cls.objects.create(
            proposal_id=proposal_id,
            policy=policy,
            numerator=value.numerator,
            denominator=value.denominator,
            was_numerator=was.numerator,
            was_denominator=was.denominator,
        )

    @property
    def rule(self) -> "Policy[int] | Policy[Fraction]":
        return named(self.policy)

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def was(self) -> Fraction:
        return Fraction(self.was_numerator, self.was_denominator)

    @property
    def says(self) -> str:
        """The new value with its unit."""
        return self.rule.say(self.value)

    @property
    def says_was(self) -> str:
        """The value it was written against, with its unit."""
        return self.rule.say(self.was)

    @property
    def moves(self) -> bool:
        """Shares are proposed together; some of them may stay as they are."""
        return self.value != self.was


class Revision(models.Model):
    """One version of a proposal, as it was read until the next; `changes` holds [numerator, denominator] by key."""

    proposal = models.ForeignKey("governance.Proposal", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    title = WrittenLine(max_length=120)
    text = WrittenText()
    changes = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version")
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="versions_are_numbered")]
        triggers = [triggers.WORDS, *append_only("versions_are_never_changed")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Comment(models.Model):
    """What a member said about a proposal; said is said, so it is never edited."""

    proposal = models.ForeignKey("governance.Proposal", on_delete=models.PROTECT, related_name="comments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = WrittenText()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("comment")
        indexes = [models.Index(fields=["proposal", "at"], name="comments_in_order")]
        triggers = append_only("comments_are_never_changed")

    def __str__(self) -> str:
        return self.body
