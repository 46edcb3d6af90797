"""What happened: every step of every row, written once, for all who may read about that row."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from coop.typed.fields import WrittenText

GONE = "–"
"""What stands in place of words without which a row is not whole, once somebody is forgotten."""


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """The trigger of a table whose rows are written once and never changed or deleted."""
    return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)]


def only_words_go(
    name: str, *words: str, gone: str = "", condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """The trigger of a table whose rows are never changed, but for `words`: they are `gone` with who is forgotten."""
    kept = " OR ".join(f"NEW.{one} NOT IN (OLD.{one}, '{gone}')" for one in words)
    rest = "".join(f" - '{one}'" for one in words)
    func = f"""
IF {kept} OR (to_jsonb(NEW){rest}) IS DISTINCT FROM (to_jsonb(OLD){rest}) THEN
  RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Update, condition=condition, func=func
    )


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, row: models.Model) -> "EventQuerySet":
        """The history of one row, oldest first."""
        return self.filter(kind=row._meta.label_lower, subject=row.pk).order_by("at", "pk")

    def forget_words(self, rows: "models.QuerySet[Any]", *kinds: str) -> None:
        """Somebody is forgotten: what was written down about these rows goes; who did what, and when, stays.

        `kinds` are by which other names the same rows are known.
        """
        names = {rows.model._meta.label_lower, *kinds}
        self.filter(kind__in=names, subject__in=rows.values("pk")).exclude(note="").update(note="")


class Event(models.Model):
    """Who did what to which row, when: everything an office person does can be read by members.

    It is never changed; only the words of a note go when whoever it is about is forgotten.
    """

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
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="events_are_never_deleted", operation=pgtrigger.Delete),
            only_words_go("events_are_never_changed", "note"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.verb}"
