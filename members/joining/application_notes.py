"""What was said in a talk about an application."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy

from coop.typed.fields import WrittenText
from members.joining.applications import Application
from members.people.users import User


class ApplicationNote(models.Model):
    """What somebody of the office wrote down about a talk; the office alone reads it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    words = WrittenText(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = gettext_lazy("note of a talk")
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_note_of_a_talk_is_never_changed", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.at}"
