"""Does Stripe take our key, and do its calls reach us? It is asked by a press, and says so in plain words."""

from typing import Any

import pytest
from django.urls import reverse

from coop.readiness import needs as readiness
from coop.readiness.trials import Finding
from members.models import Member
from payouts.sandbox import Sandbox
from tests.bookings import desk
from tests.browsers import Browser
from tests.payouts.stripe.test_webhooks import SECRET, event, signed

pytestmark = pytest.mark.django_db


def tried(by: Member, key: str) -> tuple[str, str]:
    Finding.objects.filter(key=key).delete()
    desk.signed_in(by).post(reverse("try_out", args=[key]))
    found = Finding.objects.get(key=key)
    return found.code, found.kind


def lacks(key: str) -> bool:
    return key in [need.key for need in readiness.lacking()]


def call(secret: str, id: str = "evt_1") -> None:
    """Stripe, or somebody who says so, tells us of an event."""
    body = event(id)
    signature = {"Stripe-Signature": signed(body, secret=secret)}
    Browser().post(reverse("stripe_webhook"), body, content_type="application/json", headers=signature)


def test_stripe_says_whether_it_takes_our_key(sandbox: Sandbox, tess: Member, settings: Any) -> None:
    assert tried(tess, "stripe-key") == ("trial", "good")
    settings.STRIPE_API_KEY = "sk_nobody_knows"
    assert tried(tess, "stripe-key") == ("wrong", "bad")
    assert "copy STRIPE_API_KEY anew" in desk.text(desk.signed_in(tess).get(reverse("readiness")))
    assert lacks("stripe-tried")
    settings.STRIPE_BASE_URL = "http://127.0.0.1:1"
    assert tried(tess, "stripe-key") == ("silent", "bad")


def test_payments_that_are_on_need_a_key_and_a_secret(tess: Member, settings: Any) -> None:
    settings.STRIPE_API_KEY = settings.STRIPE_WEBHOOK_SECRET = ""
    assert [tried(tess, key) for key in ("stripe-key", "stripe-webhook")] == [("missing", "bad")] * 2
    assert (lacks("stripe"), lacks("webhook")) == (True, True)
    settings.PAYMENTS = False
    assert [tried(tess, key) for key in ("stripe-key", "stripe-webhook")] == [("off", "")] * 2
    assert (lacks("stripe"), lacks("webhook")) == (False, False)


def test_calls_that_never_came_that_came_and_that_did_not_fit_are_told_apart(tess: Member, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    ours = f"{settings.BASE_URL}{reverse('stripe_webhook')}"
    with Sandbox.running(webhook=ours, secret=SECRET) as stripe:
        settings.STRIPE_API_KEY, settings.STRIPE_BASE_URL = "sk_test_money", stripe.url
        assert tried(tess, "stripe-webhook") == ("never", "")
        call("whsec_of_somebody_else")
        assert tried(tess, "stripe-webhook") == ("misfit", "bad")
        assert lacks("webhook-tried")
        call(SECRET)
        assert tried(tess, "stripe-webhook") == ("well", "good")


def test_an_address_that_stripe_does_not_call_is_said(sandbox: Sandbox, tess: Member, settings: Any) -> None:
    assert tried(tess, "stripe-webhook") == ("unlisted", "bad")
    assert f"add {settings.BASE_URL}/stripe/webhook" in Finding.objects.get(key="stripe-webhook").words


def test_whoever_knocks_without_any_signature_leaves_no_trace(settings: Any) -> None:
    Browser().post(reverse("stripe_webhook"), event(), content_type="application/json")
    assert not Finding.objects.exists()
