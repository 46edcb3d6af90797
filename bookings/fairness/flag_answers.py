"""What somebody answers to a question of the spotlight, for all members to read."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import WrittenText
from members.models import Member

MOST_LETTERS = 500


class FlagAnswerQuerySet(models.QuerySet["FlagAnswer"]):
    def newest_first(self) -> "FlagAnswerQuerySet":
        return self.order_by("-written_at", "-pk")


class FlagAnswer(models.Model):
    """An answer of the member about whom the numbers ask. Changing it adds a new one; the older stay readable.

    `about` is the receiver where the question is about turns that the member decided for somebody.
    Only forgetting a person empties the words.
    """

    class Kind(models.TextChoices):
        HOURS = "hours", _("hours")
        OVERRIDES = "overrides", _("turns decided otherwise")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="flag_answers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    words = WrittenText(_("answer"), max_length=MOST_LETTERS, blank=True)
    written_at = models.DateTimeField()

    objects = FlagAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="hours", about__isnull=True) | models.Q(kind="overrides", about__isnull=False),
                name="an_answer_is_about_hours_or_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_answer_is_never_rewritten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__words__gt=""),
            ),
            pgtrigger.Protect(
                name="an_answer_stays_whose_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["words"]),
            ),
            pgtrigger.Protect(name="answers_do_not_vanish", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.kind}"

    @classmethod
    def write(cls, member: Member, *, kind: str, about: Member | None, words: str, at: datetime) -> "FlagAnswer":
        """Answer a question, or answer it anew."""
        return cls.objects.create(member=member, kind=kind, about=about, words=words, written_at=at)
