"""Requests and replies held to Stripe's published document."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from payouts.sandbox import Sandbox
from payouts.sandbox.document import published
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.operations import OPERATIONS
from payouts.sandbox.replies import faults_in
from payouts.sandbox.requests import decode, read

LISTS = (
    "accounts",
    "balance_transactions",
    "charges",
    "customers",
    "disputes",
    "events",
    "payment_intents",
    "payment_methods",
    "payouts",
    "refunds",
    "transfers",
    "webhook_endpoints",
)


def get(sandbox: Sandbox, path: str) -> Any:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
    connection.request("GET", path, headers={"Authorization": "Bearer sk_test_x"})
    return json.load(connection.getresponse())


def test_everything_a_full_journey_leaves_behind_keeps_to_the_document(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    till.api.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    paid = till.api.payment_intents.capture(till.hold(50000).id, {"amount_to_capture": 40000})
    till.api.transfers.create(
        {"amount": 100, "currency": "usd", "destination": member, "source_transaction": paid.latest_charge}
    )
    till.api.refunds.create({"payment_intent": till.pay(card="refundFail").id})
    till.pay(card="createDispute")
    till.pay(90000, card="bypassPending")
    till.api.payouts.create({"amount": 1000, "currency": "usd"})
    till.api.checkout.sessions.create(
        {"mode": "setup", "customer": till.client, "currency": "usd", "success_url": "http://evenhand.test/"}
    )
    document = published()
    for name in LISTS:
        route, _ = document.route("GET", f"/v1/{name}")
        reply = get(sandbox, f"/v1/{name}?limit=100")
        assert (name, faults_in(document, route.answered, reply)) == (name, [])
        assert (name, bool(reply["data"])) == (name, True)


def test_every_event_carries_an_object_that_keeps_to_the_document(till: Any, sandbox: Sandbox) -> None:
    till.member(sandbox)
    till.api.payment_intents.cancel(till.hold().id)
    till.pay(card="createDispute")
    document = published()
    for event in get(sandbox, "/v1/events?limit=100")["data"]:
        thing = event["data"]["object"]
        schema = {"$ref": f"#/components/schemas/{thing['object']}"}
        assert (event["type"], faults_in(document, schema, thing)) == (event["type"], [])


def test_a_reply_with_a_wrong_missing_or_unknown_field_is_caught(sandbox: Sandbox, till: Any) -> None:
    document = published()
    route, _ = document.route("GET", "/v1/payment_intents/pi_1")
    right = get(sandbox, f"/v1/payment_intents/{till.pay().id}")
    without = {name: value for name, value in right.items() if name != "id"}
    assert faults_in(document, route.answered, right) == []
    assert faults_in(document, route.answered, {**right, "amount": "12345"}) == ["reply.amount: str is not integer"]
    assert faults_in(document, route.answered, {**right, "status": "paid"}) == [
        "reply.status: 'paid' is not one of the allowed values"
    ]
    assert faults_in(document, route.answered, without) == ["reply.id: missing"]
    assert faults_in(document, route.answered, {**right, "cents": 1}) == ["reply.cents: unknown field"]


def test_forms_are_taken_apart_by_their_brackets() -> None:
    assert decode("a=1&b[c]=2&b[d][e]=3&f[]=4&f[]=5&g[0][h]=6") == {
        "a": "1",
        "b": {"c": "2", "d": {"e": "3"}},
        "f": {"0": "4", "1": "5"},
        "g": {"0": {"h": "6"}},
    }


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("amount=500&currency=usd&confirm=true", {"amount": 500, "currency": "usd", "confirm": True}),
        ("amount=500&currency=usd&metadata[a]=1", {"amount": 500, "currency": "usd", "metadata": {"a": "1"}}),
        ("amount=500&currency=usd&expand[]=customer", {"amount": 500, "currency": "usd", "expand": ["customer"]}),
    ],
)
def test_values_are_typed_as_the_document_says(form: str, typed: Obj) -> None:
    route, _ = published().route("POST", "/v1/payment_intents")
    assert read(published(), route.asked, decode(form)) == typed


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ("currency=usd", "amount"),
        ("amount=5.0&currency=usd", "amount"),
        ("amount=500&currency=usd&confirm=yes", "confirm"),
        ("amount=500&currency=usd&capture_method=later", "capture_method"),
        ("amount=500&currency=usd&payment_method_types=card", "payment_method_types"),
        ("amount=500&currency=usd&shipping[street]=x", "shipping[address]"),
    ],
)
def test_values_that_do_not_fit_are_refused_by_name(form: str, param: str) -> None:
    route, _ = published().route("POST", "/v1/payment_intents")
    with pytest.raises(Refused) as refusal:
        read(published(), route.asked, decode(form))
    assert refusal.value.body["error"]["param"] == param


def test_every_operation_of_ours_is_one_of_the_documents_and_no_change_is_left_out() -> None:
    content = published()
    routes = {route.id: route for route in content.routes}
    changes = {id for id, route in routes.items() if route.method == "POST"}
    assert set(OPERATIONS) <= set(routes)
    assert changes <= set(OPERATIONS)


def test_the_sandbox_stands_alone() -> None:
    found = (
        "import sys, payouts.sandbox, payouts.sandbox.__main__;"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'stripe', 'coop', 'members'}))"
    )
    told = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
