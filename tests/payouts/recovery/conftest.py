"""Stripe on the day of the lost pay, and who approves."""

from typing import Any

import pytest
import stripe

from payouts.models import Lookout
from payouts.sandbox import Sandbox
from tests import make
from tests.payouts.recovery.lost_days import LATER


@pytest.fixture
def v1(sandbox: Sandbox) -> Any:
    """Stripe on that day, with money in the balance; we looked at it last just now."""
    sandbox.set_clock(int(LATER.timestamp()))
    found = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1
    found.payment_intents.create(
        {"amount": 500_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )
    Lookout.objects.update(looked_until=LATER)
    return found


@pytest.fixture
def board(db: None) -> Any:
    return make.member("Bea Board", hours=None, roles=["board"]).user
