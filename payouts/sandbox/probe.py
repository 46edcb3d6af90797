"""The same questions put to the sandbox and, by a person who has test keys, to Stripe itself.

`python -m payouts.sandbox.probe --base URL --key sk_test_...` prints one line a question. Without a key nothing is
asked and it says NOT RUN. Beside this file only the payouts' own gateway speaks through Stripe's SDK.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import stripe

STRIPE = "https://api.stripe.com"
QUESTIONS: list[tuple[str, Callable[[Probe], bool]]] = []
Question = Callable[["Probe"], bool]


class Skipped(Exception):
    """A question that cannot be asked here, and why."""


class Probe:
    """What the questions share: a client with a card, and a member who can be paid."""

    def __init__(self, *, base: str, key: str, account: str | None) -> None:
        addresses: Any = {"api": base}
        self.base = base
        self.v1: Any = stripe.StripeClient(key, base_addresses=addresses, max_network_retries=0).v1
        self.client = self.v1.customers.create({"email": "probe@example.com", "metadata": {"probe": "1"}}).id
        self._account = account

    def pay(self, cents: int = 12345, *, card: str = "visa", key: str | None = None, **more: Any) -> Any:
        told = {"amount": cents, "currency": "usd", "customer": self.client, "confirm": True, "off_session": True}
        told["payment_method"] = self.v1.payment_methods.attach(f"pm_card_{card}", {"customer": self.client}).id
        return self.v1.payment_intents.create({**told, **more}, {"idempotency_key": key} if key else {})

    def hold(self) -> Any:
        return self.pay(capture_method="manual")

    def member(self) -> str:
        """An account that can receive transfers: the one named with --account, or one that the sandbox onboards."""
        if self._account is None:
            if self.base == STRIPE:
                raise Skipped("name an onboarded test account with --account")
            asked: Any = {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
            self._account = str(self.v1.accounts.create(asked).id)
            self._pull_lever(f"accounts/{self._account}", {"outcome": "complete"})
        return self._account

    def _pull_lever(self, lever: str, told: Any) -> None:
        asked = urllib.request.Request(  # noqa: S310  (the sandbox's own address)
            f"{self.base}/_sandbox/{lever}", json.dumps(told).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(asked).close()  # noqa: S310


def question(text: str) -> Callable[[Question], Question]:
    def add(ask: Question) -> Question:
        QUESTIONS.append((text, ask))
        return ask

    return add


def refusal(ask: Callable[[], Any]) -> Any:
    """The code of a refusal; None if it was not refused."""
    try:
        ask()
    except stripe.StripeError as trouble:
        return trouble.code or type(trouble).__name__
    return None


@question("metadata is merged")
def _(probe: Probe) -> bool:
    probe.v1.customers.update(probe.client, {"metadata": {"more": "2"}})
    return bool(probe.v1.customers.retrieve(probe.client).metadata.to_dict() == {"probe": "1", "more": "2"})


@question("an unknown parameter is refused")
def _(probe: Probe) -> bool:
    return bool(refusal(lambda: probe.v1.customers.create({"emial": "x"})) == "parameter_unknown")


@question("a setup intent saves a card")
def _(probe: Probe) -> bool:
    told = {"customer": probe.client, "payment_method_types": ["card"], "payment_method": "pm_card_visa"}
    done = probe.v1.setup_intents.create({**told, "confirm": True})
    return bool(probe.v1.payment_methods.retrieve(done.payment_method).customer == probe.client)


@question("a saved card pays in its holder's absence")
def _(probe: Probe) -> bool:
    return bool(probe.pay().status == "succeeded")


@question("a card can be declined after it was saved")
def _(probe: Probe) -> bool:
    return bool(refusal(lambda: probe.pay(card="chargeCustomerFail")) == "card_declined")


@question("a declined card is not saved")
def _(probe: Probe) -> bool:
    told = {"customer": probe.client}
    return bool(
        refusal(lambda: probe.v1.payment_methods.attach("pm_card_visa_chargeDeclined", told)) == "card_declined"
    )


@question("a card that asks for proof is refused in absence")
def _(probe: Probe) -> bool:
    return bool(refusal(lambda: probe.pay(card="authenticationRequired")) == "authentication_required")


@question("a hold tells until when it lasts")
def _(probe: Probe) -> bool:
    charge = probe.v1.charges.retrieve(probe.hold().latest_charge)
    return bool(charge.payment_method_details.card.capture_before > charge.created)


@question("a hold is captured in part, the rest is released")
def _(probe: Probe) -> bool:
    done = probe.v1.payment_intents.capture(probe.hold().id, {"amount_to_capture": 10000})
    charge = probe.v1.charges.retrieve(done.latest_charge)
    return bool((done.amount_received, charge.amount_captured, charge.amount_refunded) == (10000, 10000, 2345))


@question("more than the hold is refused")
def _(probe: Probe) -> bool:
    held = probe.hold().id
    return refusal(lambda: probe.v1.payment_intents.capture(held, {"amount_to_capture": 99999})) is not None


@question("a canceled hold cannot be captured")
def _(probe: Probe) -> bool:
    held = probe.v1.payment_intents.cancel(probe.hold().id).id
    return bool(refusal(lambda: probe.v1.payment_intents.capture(held)) == "payment_intent_unexpected_state")


@question("refunds never exceed the payment")
def _(probe: Probe) -> bool:
    paid = probe.pay().id
    probe.v1.refunds.create({"payment_intent": paid, "amount": 345})
    rest = probe.v1.refunds.create({"payment_intent": paid})
    return bool(rest.amount == 12000) and refusal(lambda: probe.v1.refunds.create({"payment_intent": paid})) is not None


@question("the same key is the same payment, and says so")
def _(probe: Probe) -> bool:
    told = {"amount": 12345, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    told["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    key = {"idempotency_key": str(uuid.uuid4())}
    first, again = (probe.v1.payment_intents.create(told, key) for _ in range(2))
    return bool(first.id == again.id and again.last_response.headers.get("Idempotent-Replayed") == "true")


@question("the same key for another payment is refused")
def _(probe: Probe) -> bool:
    key = {"idempotency_key": str(uuid.uuid4())}
    probe.v1.customers.create({"name": "one"}, key)
    return refusal(lambda: probe.v1.customers.create({"name": "two"}, key)) is not None


@question("the fee is told with the charge")
def _(probe: Probe) -> bool:
    paid = probe.v1.payment_intents.retrieve(probe.pay().id, {"expand": ["latest_charge.balance_transaction"]})
    moved = paid.latest_charge.balance_transaction
    return bool(moved.net == moved.amount - moved.fee and moved.fee > 0)


@question("a new member's account owes its papers")
def _(probe: Probe) -> bool:
    told: Any = {"country": "US", "capabilities": {"transfers": {"requested": True}}}
    told["controller"] = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    account = probe.v1.accounts.create(told)
    link = {"account": account.id, "type": "account_onboarding"}
    link |= {"refresh_url": "https://example.com/again", "return_url": "https://example.com/back"}
    return bool(account.requirements.currently_due and probe.v1.account_links.create(link).url)


@question("a transfer travels with its charge, and can be reversed in part")
def _(probe: Probe) -> bool:
    told = {"amount": 5000, "currency": "usd", "destination": probe.member(), "transfer_group": str(uuid.uuid4())}
    sent = probe.v1.transfers.create({**told, "source_transaction": probe.pay().latest_charge})
    probe.v1.transfers.reversals.create(sent.id, {"amount": 2000})
    found = probe.v1.transfers.list({"transfer_group": told["transfer_group"]}).data
    return [(one.id, one.amount_reversed) for one in found] == [(sent.id, 2000)]


@question("a transfer beyond the balance is refused")
def _(probe: Probe) -> bool:
    told = {"amount": 99_999_999, "currency": "usd", "destination": probe.member()}
    return bool(refusal(lambda: probe.v1.transfers.create(told)) == "balance_insufficient")


@question("a disputed payment shows its dispute")
def _(probe: Probe) -> bool:
    paid = probe.pay(card="createDispute")
    return bool(probe.v1.disputes.list({"payment_intent": paid.id}).data)


@question("checkout saves a card on a hosted page")
def _(probe: Probe) -> bool:
    told = {"mode": "setup", "customer": probe.client, "currency": "usd", "success_url": "https://example.com/ok"}
    session = probe.v1.checkout.sessions.create(told)
    return bool(session.url and session.setup_intent)


@question("events can be read again")
def _(probe: Probe) -> bool:
    newest = probe.v1.events.list({"limit": 1}).data[0]
    return bool(probe.v1.events.retrieve(newest.id).type == newest.type)


def ask_all(probe: Probe) -> int:
    """Ask everything, a line each; how many answers were not as expected."""
    wrong = 0
    for text, ask in QUESTIONS:
        try:
            answer = "OK" if ask(probe) else "NO"
        except Skipped as why:
            answer = f"SKIPPED: {why}"
        except stripe.StripeError as trouble:
            answer = f"NO: {trouble.user_message or trouble}"
        wrong += answer.startswith("NO")
        sys.stdout.write(f"{text:<64} {answer}\n")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m payouts.sandbox.probe", description=__doc__)
    parser.add_argument("--base", default=STRIPE, help="default: Stripe itself")
    parser.add_argument("--key", help="a test key, sk_test_...; without one nothing is asked")
    parser.add_argument("--account", help="a connected test account that can receive transfers")
    told = parser.parse_args()
    if not told.key:
        sys.stdout.write("NOT RUN: no test key was given (--key sk_test_...).\n")
        return
    if not told.key.startswith(("sk_test_", "rk_test_")):
        parser.error("only test keys (sk_test_...) are taken")
    sys.exit(1 if ask_all(Probe(base=told.base, key=told.key, account=told.account)) else 0)


if __name__ == "__main__":
    main()
