"""Idempotency keys and planned faults: a thing asked twice is done once, whatever happens to the reply."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from typing import Any

import pytest
import stripe

from payouts.sandbox import Fault, Mode, Sandbox

DAY = 86400
PAYMENTS = "/v1/payment_intents"


def payments(till: Any) -> list[str]:
    return [one.id for one in till.api.payment_intents.list({"limit": 100}).data]


def test_the_same_key_answers_with_the_first_answer(till: Any) -> None:
    first = till.pay(key="visit-7")
    again = till.pay(key="visit-7")
    assert again.id == first.id
    assert again.last_response.headers.get("Idempotent-Replayed") == "true"
    assert first.last_response.headers.get("Idempotent-Replayed") is None
    assert payments(till) == [first.id]


def test_the_same_key_for_something_else_is_refused(till: Any) -> None:
    till.pay(key="visit-7")
    with pytest.raises(stripe.IdempotencyError):
        till.pay(777, key="visit-7")
    assert len(payments(till)) == 1


def test_a_refusal_is_repeated_under_its_key(till: Any) -> None:
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            till.pay(card="chargeCustomerFail", key="visit-7")
    assert len(payments(till)) == 1


def test_a_call_that_never_began_leaves_its_key_free(till: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.pay(nonsense="yes", key="visit-7")
    assert till.pay(key="visit-7").status == "succeeded"


def test_a_key_is_forgotten_after_a_day(till: Any, sandbox: Sandbox) -> None:
    first = till.pay(key="visit-7")
    sandbox.advance(DAY)
    assert till.pay(key="visit-7").id != first.id


def test_members_accounts_have_keys_of_their_own(till: Any, sandbox: Sandbox) -> None:
    ana, bo = till.member(sandbox), till.member(sandbox)
    made = {
        till.api.customers.create({}, {"stripe_account": account, "idempotency_key": "one"}).id for account in (ana, bo)
    }
    assert len(made) == 2


def test_of_two_calls_with_one_key_at_the_same_time_one_is_told_to_wait(till: Any, sandbox: Sandbox) -> None:
    sandbox.faults(Fault(Mode.DELAY_BEFORE, path=PAYMENTS, seconds=0.5))
    answers: list[Any] = []

    def pay() -> None:
        try:
            answers.append(till.pay(key="visit-7").status)
        except stripe.StripeError as refusal:
            answers.append(refusal.http_status)

    threads = [threading.Thread(target=pay) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [409, "succeeded"]
    assert len(payments(till)) == 1


def test_many_calls_with_one_key_do_it_once(till: Any) -> None:
    def pay() -> None:
        for _ in range(50):
            try:
                till.pay(key="visit-7")
            except stripe.StripeError:
                time.sleep(0.01)
            else:
                return

    threads = [threading.Thread(target=pay) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(payments(till)) == 1


@pytest.mark.parametrize(
    ("mode", "error", "done"),
    [
        (Mode.LOST_BEFORE, stripe.APIConnectionError, 0),
        (Mode.LOST_AFTER, stripe.APIConnectionError, 1),
        (Mode.ERROR_BEFORE, stripe.APIError, 0),
        (Mode.ERROR_AFTER, stripe.APIError, 1),
        (Mode.LIMITED, stripe.RateLimitError, 0),
    ],
)
def test_after_trouble_the_same_key_brings_the_truth(
    till: Any, sandbox: Sandbox, mode: Mode, error: type[Exception], done: int
) -> None:
    sandbox.faults(Fault(mode, path=PAYMENTS))
    with pytest.raises(error):
        till.pay(key="visit-7")
    assert len(payments(till)) == done
    assert till.pay(key="visit-7").status == "succeeded"
    assert len(payments(till)) == 1


def test_a_kept_error_answers_its_key_for_good_though_it_was_done(till: Any, sandbox: Sandbox) -> None:
    sandbox.faults(Fault(Mode.ERROR_KEPT, path=PAYMENTS))
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            till.pay(key="visit-7", metadata={"visit": "7"})
    found = till.api.payment_intents.list({"customer": till.client}).data
    assert [(one.status, one.metadata.to_dict()) for one in found] == [("succeeded", {"visit": "7"})]


def test_a_fault_meets_only_its_path_and_only_so_often(till: Any, sandbox: Sandbox) -> None:
    sandbox.faults(Fault(Mode.LIMITED, path="/v1/payment_intents/*/capture", times=2))
    held = till.hold()
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            till.api.payment_intents.capture(held.id)
    assert till.api.payment_intents.capture(held.id).status == "succeeded"


def test_a_delay_takes_its_time(till: Any, sandbox: Sandbox) -> None:
    sandbox.faults(Fault(Mode.DELAY_AFTER, path="/v1/customers/*", method="GET", seconds=0.3))
    began = time.monotonic()
    till.api.customers.retrieve(till.client)
    assert time.monotonic() - began > 0.3


def test_faults_can_be_planned_from_outside(till: Any, sandbox: Sandbox) -> None:
    told = json.dumps([{"mode": "limited", "path": PAYMENTS, "times": 1}]).encode()
    asked = urllib.request.Request(f"{sandbox.url}/_sandbox/faults", told, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        assert json.load(answer) == {"planned": 1}
    with pytest.raises(stripe.RateLimitError):
        till.pay()


@pytest.mark.parametrize("key", ["sk_live_123", "rk_live_123", "nothing"])
def test_a_live_key_is_refused(sandbox: Sandbox, key: str) -> None:
    client = stripe.StripeClient(key, base_addresses={"api": sandbox.url}, max_network_retries=0)
    with pytest.raises(stripe.AuthenticationError, match="test keys only"):
        client.v1.balance.retrieve()
