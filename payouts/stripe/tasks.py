"""What webhooks tell is followed. Each task takes a number, fetches, calls one verb, and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import sweep
from payouts.stripe.sweeping import AT_A_TIME, at_stripe
from payouts.stripe.webhooks import WebhookEvent


@shared_task(name="payouts.follow_event")
def follow_event(event_id: int) -> None:
    """Look at what a webhook told of."""
    WebhookEvent.objects.get(pk=event_id).follow(at=timezone.now())


@sweep("payouts.sweep_webhooks")
def sweep_webhooks() -> None:
    """Events that were not dealt with or never came."""
    WebhookEvent.fill_gaps(at=timezone.now())
    due = WebhookEvent.objects.due(timezone.now()).order_by("pk")
    at_stripe(due[:AT_A_TIME], lambda event: event.follow(at=timezone.now()))
