"""What Stripe tells us: each event once, in any order, and only as a hint where to look."""

import traceback
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coop.jobs import enqueue
from coop.models import Heartbeat
from coop.sending.delivery import pause_after
from payouts.stripe import answers, errors, gateway

MOST_ATTEMPTS = 12
LOOK_BACK = timedelta(minutes=10)
LONGEST_LOOK_BACK = timedelta(days=29)
"""Stripe keeps its events for 30 days."""

Look = Callable[[str, datetime], None]
"""Takes the id of an event's subject, and looks at what it has become."""
_looks: dict[str, list[Look]] = defaultdict(list)


def follows(*types: str) -> Callable[[Look], Look]:
    """This is how a folder follows events of these types."""

    def decorate(look: Look) -> Look:
        for one in types:
            _looks[one].append(look)
        return look

    return decorate


class WebhookEventQuerySet(models.QuerySet["WebhookEvent"]):
    def due(self, at: datetime) -> "WebhookEventQuerySet":
        """Those that were not dealt with and should be now."""
        return self.filter(processed_at__isnull=True, due_at__lte=at, attempts__lt=MOST_ATTEMPTS)

    def in_trouble(self) -> "WebhookEventQuerySet":
        return self.filter(processed_at__isnull=True, attempts__gte=MOST_ATTEMPTS)


class WebhookEvent(models.Model):
    """An event at Stripe that we were told of. Only its kind and the name of its subject are kept."""

    event = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=80)
    subject = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(processed_at__isnull=True), name="events_to_deal_with"),
            models.Index(fields=["-received_at"], name="events_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"

    @classmethod
    def receive(cls, heard: answers.Event, *, at: datetime) -> None:
        """Keep an event; hearing it twice is hearing it once."""
        row = WebhookEvent(event=heard.id, type=heard.type, subject=heard.subject, received_at=at, due_at=at)
        WebhookEvent.objects.bulk_create([row], ignore_conflicts=True)
        for pk in cls.objects.due(at).filter(event=heard.id).values_list("pk", flat=True):
            enqueue("payouts.follow_event", pk)

    @classmethod
    def fill_gaps(cls, *, at: datetime) -> None:
        """Receive what happened at Stripe since the last look that went well, with some time before it."""
        beat = Heartbeat.objects.filter(sweep="payouts.sweep_webhooks").first()
        seen = (beat and beat.well_since) or at
        since = max(seen, at - LONGEST_LOOK_BACK) - LOOK_BACK
        told = [heard for heard in gateway.events_since(since) if heard.type in _looks]
        known = set(cls.objects.filter(event__in=[heard.id for heard in told]).values_list("event", flat=True))
        for heard in told:
            if heard.id not in known:
                cls.receive(heard, at=at)

    def follow(self, *, at: datetime) -> None:
        """Look at the event's subject and converge; safe to call twice and in any order."""
        mine = WebhookEvent.objects.due(at).filter(pk=self.pk)
        if not mine.update(due_at=at + pause_after(self.attempts), attempts=F("attempts") + 1):
            return
        try:
            for look in _looks.get(self.type, []):
                look(self.subject, at)
        except errors.Stopped:
            raise
        except Exception:
            WebhookEvent.objects.filter(pk=self.pk).update(trouble=traceback.format_exc(limit=-3))
        else:
            WebhookEvent.objects.filter(pk=self.pk).update(processed_at=at, trouble="")
