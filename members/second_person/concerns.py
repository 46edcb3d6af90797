"""Whom an act that waits for a second person is about, and what they say to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from coop.typed.fields import WrittenLine
from members.people.members import Member


class Concern(models.Model):
    """Somebody whom an act concerns, and what they say to it. Only who `is_asked` is told and answers."""

    class Said(models.TextChoices):
        NOTHING = "nothing", gettext_lazy("has not answered yet")
        AGREES = "agrees", gettext_lazy("agrees")
        OBJECTS = "objects", gettext_lazy("does not agree")

    confirmation = models.ForeignKey("members.Confirmation", on_delete=models.PROTECT, related_name="concerns")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    is_asked = models.BooleanField()
    said = models.CharField(max_length=10, choices=Said.choices, default=Said.NOTHING)
    words = WrittenLine(max_length=500, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("whom an act concerns")
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "member"], name="an_act_concerns_a_member_once"),
            models.CheckConstraint(
                condition=Q(said="nothing", said_at=None) | (~Q(said="nothing") & Q(said_at__isnull=False)),
                name="who_answered_did_so_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id}: {self.member_id}"
