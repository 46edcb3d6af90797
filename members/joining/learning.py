"""What a candidate learns: a list that the membership office keeps, ticked by the mentor."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import Event
from coop.typed.fields import WrittenLine
from members.people.members import Member
from members.people.users import User


class LessonQuerySet(models.QuerySet["Lesson"]):
    def standing(self) -> "LessonQuerySet":
        """What is on the list today, in its order."""
        return self.filter(ended_at=None).order_by("position", "pk")


class Lesson(models.Model):
    """One thing that every candidate learns, in both languages."""

    text_en = WrittenLine(max_length=160)
    text_es = WrittenLine(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("thing to learn")

    def __str__(self) -> str:
        return self.text_es if (get_language() or "en").startswith("es") else self.text_en

    @classmethod
    @transaction.atomic
    def add(cls, *, text_en: str, text_es: str, at: datetime, by: User) -> "Lesson":
        """Put something at the end of the list."""
        last = cls.objects.aggregate(last=models.Max("position"))["last"] or 0
        lesson = cls.objects.create(text_en=text_en, text_es=text_es, position=last + 1)
        lesson._log("add", text_en, at=at, by=by)
        return lesson

    @transaction.atomic
    def change(self, *, text_en: str, text_es: str, at: datetime, by: User) -> None:
        """Say it in other words; who has learned it still has."""
        self._insist_that_it_stands()
        self._log("change", f"{self.text_en} → {text_en}", at=at, by=by)
        self.text_en, self.text_es = text_en, text_es
        self.save(update_fields=["text_en", "text_es"])

    @transaction.atomic
    def end(self, *, at: datetime, by: User) -> None:
        """Take it off the list; what was ticked stays ticked."""
        self._insist_that_it_stands()
        self.ended_at = at
        self.save(update_fields=["ended_at"])
        self._log("end", self.text_en, at=at, by=by)

    def _insist_that_it_stands(self) -> None:
        self.refresh_from_db(from_queryset=Lesson.objects.select_for_update())
        if self.ended_at is not None:
            raise Refusal(_("This is not on the list any more."))

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)


class Learned(models.Model):
    """A mentor says that a candidate has learned something."""

    candidate = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="learned")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = gettext_lazy("thing learned")
        constraints = [models.UniqueConstraint(fields=["candidate", "lesson"], name="a_lesson_is_learned_once")]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.lesson_id}"
