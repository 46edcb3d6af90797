"""Events and their delivery: signed, retried, doubled and shuffled, never in the way of a call."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from payouts.sandbox import Sandbox

from .conftest import SECRET, Inbox, Till, client_of


def eventually(true: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Whether something comes true before the time is up."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.fixture
def listened(inbox: Inbox) -> Iterator[tuple[Sandbox, Till]]:
    with Sandbox.running(webhook=inbox.url, secret=SECRET) as sandbox:
        yield sandbox, Till(client_of(sandbox.url).v1)


def test_a_payment_is_told_in_the_order_in_which_it_happened(listened: Any, inbox: Inbox) -> None:
    _, till = listened
    till.api.payment_intents.capture(till.hold().id)
    assert eventually(lambda: len(inbox.letters) == 6)
    assert inbox.types() == [
        "customer.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_every_delivery_is_signed_and_a_changed_one_is_not_believed(listened: Any, inbox: Inbox) -> None:
    assert eventually(lambda: len(inbox.letters) == 1)
    body, signed = inbox.letters[0]
    client = stripe.StripeClient("sk_test_reader")
    assert client.construct_event(body, signed, SECRET).type == "customer.created"
    for changed, secret in ((body + b" ", SECRET), (body, "whsec_wrong")):
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(changed, signed, secret)


def test_an_event_can_be_read_again_later(listened: Any, inbox: Inbox) -> None:
    _, till = listened
    till.pay()
    newest = till.api.events.list({"limit": 3}).data
    assert [event.type for event in newest] == [
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.created",
    ]
    assert till.api.events.retrieve(newest[0].id).data.object.status == "succeeded"
    chosen = till.api.events.list({"types": ["charge.succeeded", "customer.created"]}).data
    assert [event.type for event in chosen] == ["charge.succeeded", "customer.created"]


def test_an_event_of_a_members_account_names_the_account(listened: Any, inbox: Inbox) -> None:
    sandbox, till = listened
    member = till.member(sandbox)
    assert eventually(lambda: "account.updated" in inbox.types())
    told = next(event for event in inbox.events() if event.type == "account.updated")
    assert (told.account, told.data.object.id) == (member, member)


def test_deliveries_can_be_doubled_and_shuffled(listened: Any, inbox: Inbox) -> None:
    sandbox, till = listened
    sandbox.webhooks(hold=True)
    for _ in range(10):
        till.pay()
    sandbox.webhooks(hold=True, duplicate=2, shuffle=True)
    sandbox.deliver()
    events = inbox.events()
    assert set(Counter(event.id for event in events if event.type == "charge.succeeded").values()) == {2}
    arrived = [event.id for event in events if event.type == "charge.succeeded"][::2]
    happened = [event.id for event in till.api.events.list({"type": "charge.succeeded", "limit": 50}).data][::-1]
    assert sorted(arrived) == sorted(happened)
    assert arrived != happened


def test_held_deliveries_wait_until_they_are_let_go(listened: Any, inbox: Inbox) -> None:
    sandbox, till = listened
    assert eventually(lambda: len(inbox.letters) == 1)
    sandbox.webhooks(hold=True)
    till.api.customers.create({})
    time.sleep(0.3)
    assert len(inbox.letters) == 1
    sandbox.webhooks()
    assert eventually(lambda: len(inbox.letters) == 2)


def test_a_receiver_that_fails_is_tried_again(listened: Any, inbox: Inbox) -> None:
    _, till = listened
    assert eventually(lambda: len(inbox.letters) == 1)
    inbox.status = 500
    till.api.customers.create({})
    time.sleep(0.3)
    inbox.status = 200
    assert eventually(lambda: inbox.types() == ["customer.created", "customer.created"])


def test_nobody_listening_never_slows_a_call() -> None:
    with Sandbox.running(webhook="http://127.0.0.1:9/webhook") as sandbox:
        till = Till(client_of(sandbox.url).v1)
        began = time.monotonic()
        for _ in range(20):
            till.pay()
        assert time.monotonic() - began < 2


def test_an_endpoint_made_through_the_api_gets_what_it_asked_for(sandbox: Sandbox, till: Any, inbox: Inbox) -> None:
    made = till.api.webhook_endpoints.create({"url": inbox.url, "enabled_events": ["payment_intent.succeeded"]})
    till.pay()
    assert eventually(lambda: len(inbox.letters) == 1)
    client = stripe.StripeClient("sk_test_reader")
    assert client.construct_event(*inbox.letters[0], made.secret).type == "payment_intent.succeeded"
    assert [("secret" in one.to_dict()) for one in till.api.webhook_endpoints.list().data] == [False]


def test_an_endpoint_needs_a_web_address(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.webhook_endpoints.create({"url": "", "enabled_events": ["*"]})
    assert (refusal.value.code, refusal.value.param) == ("url_invalid", "url")
