"""What happened: every step of every row, written once, for all who may read about that row."""

import pgtrigger
from django.conf import settings
from django.db import models

from coop.typed.fields import WrittenText


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """The trigger of a table whose rows are written once and never changed or deleted."""
    return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)]


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, row: models.Model) -> "EventQuerySet":
        """The history of one row, oldest first."""
        return self.filter(kind=row._meta.label_lower, subject=row.pk).order_by("at", "pk")


class Event(models.Model):
    """Who did what to which row, when: everything an office person does can be read by members."""

    kind = models.CharField(max_length=60)
    subject = models.BigIntegerField()
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    note = WrittenText(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "at"], name="event_of_a_row")]
        triggers = append_only("events_are_never_changed")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.verb}"
