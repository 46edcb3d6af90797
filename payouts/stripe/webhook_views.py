"""Where Stripe tells us that something happened."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payouts.stripe import errors, gateway
from payouts.stripe.readiness import note_misfit
from payouts.stripe.webhooks import WebhookEvent


@csrf_exempt
@login_not_required
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Keep the event once its signature fits, and answer at once; what it means is looked up afterwards."""
    try:
        heard = gateway.heard(request.body, signature=request.headers.get("Stripe-Signature", ""))
    except errors.Forged:
        if "Stripe-Signature" in request.headers:
            note_misfit()
        return HttpResponse(status=400)
    WebhookEvent.receive(heard, at=timezone.now())
    return HttpResponse()
