"""What a candidate learns: a list that the membership office keeps, ticked by the mentor."""

from django.db import models
from django.utils.translation import gettext_lazy

from coop.typed.fields import WrittenLine
from coop.typed.list_items import ListItem
from members.people.members import Member
from members.people.users import User


class LessonQuerySet(models.QuerySet["Lesson"]):
    def standing(self) -> "LessonQuerySet":
        """What is on the list today, in its order."""
        return self.filter(ended_at=None).order_by("position", "pk")


class Lesson(ListItem):
    """One thing that every candidate learns, in both languages."""

    text_en = WrittenLine(max_length=160)
    text_es = WrittenLine(max_length=160)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("thing to learn")


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
