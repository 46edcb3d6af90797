"""A Stripe of one's own for the tests of money, spoken to over HTTP through the official SDK."""

from collections.abc import Iterator
from typing import Any

import pytest

from payouts.sandbox import Sandbox


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    with Sandbox.running() as running:
        settings.STRIPE_API_KEY = "sk_test_money"
        settings.STRIPE_BASE_URL = running.url
        yield running
