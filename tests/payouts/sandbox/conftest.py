"""A sandbox of one's own for each test, the official SDK beside it, and somebody who receives webhooks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from payouts.sandbox import Sandbox

SECRET = "whsec_known_beforehand"


@dataclass
class Inbox:
    """What arrived at the webhook's address: body and signature, in order of arrival."""

    url: str = ""
    status: int = 200
    turned_away: int = 0
    letters: list[tuple[bytes, str]] = field(default_factory=list)

    def events(self) -> list[stripe.Event]:
        """Every delivery, its signature checked by the SDK."""
        client = stripe.StripeClient("sk_test_reader")
        return [client.construct_event(body, signed, SECRET) for body, signed in self.letters]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if box.status == 200:
                box.letters.append((body, self.headers["Stripe-Signature"]))
            else:
                box.turned_away += 1
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    box.url = f"http://127.0.0.1:{server.server_port}/webhook"
    yield box
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.running() as running:
        yield running


def client_of(sandbox_url: str) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_evenhand", base_addresses={"api": sandbox_url}, max_network_retries=0)


@pytest.fixture
def api(sandbox: Sandbox) -> Any:
    """The SDK's `v1`, talking to the sandbox."""
    return client_of(sandbox.url).v1


@pytest.fixture
def till(api: Any) -> Till:
    return Till(api)


class Till:
    """A client with a card, and the payments they make."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.client = api.customers.create({"email": "lee@example.com", "name": "The Lees"}).id

    def card(self, name: str = "visa") -> str:
        """A test card saved for the client."""
        return str(self.api.payment_methods.attach(f"pm_card_{name}", {"customer": self.client}).id)

    def pay(self, cents: int = 12345, *, card: str = "visa", key: str | None = None, **more: Any) -> Any:
        """A payment while the client is away."""
        told = {
            "amount": cents,
            "currency": "usd",
            "customer": self.client,
            "payment_method": f"pm_card_{card}",
            "confirm": True,
            "off_session": True,
            **more,
        }
        told = {name: value for name, value in told.items() if value is not None}
        return self.api.payment_intents.create(told, {"idempotency_key": key} if key else {})

    def hold(self, cents: int = 12345, **more: Any) -> Any:
        return self.pay(cents, capture_method="manual", **more)

    def member(self, sandbox: Sandbox) -> str:
        """A member's account that can receive transfers."""
        account = self.api.accounts.create(
            {
                "country": "US",
                "email": "ana@example.com",
                "controller": {
                    "fees": {"payer": "application"},
                    "losses": {"payments": "application"},
                    "stripe_dashboard": {"type": "express"},
                },
                "capabilities": {"transfers": {"requested": True}},
            }
        )
        sandbox.onboard(account.id)
        return str(account.id)
