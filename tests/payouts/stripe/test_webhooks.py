"""What Stripe tells us: only with its signature, each event once, in any order."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from coop.models import Heartbeat
from members.models import Member
from payouts.models import CardSession, Charge, PayeeAccount, WebhookEvent
from payouts.payroll.tasks import sweep_payouts
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe.tasks import sweep_webhooks
from tests.browsers import Browser as Client
from tests.payouts.stage import accept, booking, choose_card, do

SECRET = "whsec_tests_of_money"
Tell = Any


def signed(body: str, *, secret: str = SECRET, age: int = 0) -> str:
    moment = int(time.time()) - age
    print_of = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={print_of}"


def event(id: str = "evt_1", type: str = "charge.succeeded", subject: str = "ch_1") -> str:
    told = {"id": id, "object": "event", "type": type, "data": {"object": {"id": subject, "object": "charge"}}}
    return json.dumps(told)


@pytest.fixture
def tell(client: Client, settings: Any, db: None) -> Tell:
    settings.STRIPE_WEBHOOK_SECRET = SECRET

    def post(body: str, signature: str) -> int:
        answer = client.post(
            reverse("stripe_webhook"), body, content_type="application/json", headers={"Stripe-Signature": signature}
        )
        return answer.status_code

    return post


def test_an_event_is_kept_once_however_often_it_comes(tell: Tell) -> None:
    body = event()
    assert [tell(body, signed(body)) for _time in range(3)] == [200, 200, 200]
    assert [(row.event, row.type, row.subject) for row in WebhookEvent.objects.all()] == [
        ("evt_1", "charge.succeeded", "ch_1")
    ]


@pytest.mark.parametrize(
    "signature",
    ["", "nonsense", "t=1,v1=abc", signed(event(), secret="whsec_other"), signed(event(), age=600)],
    ids=["none", "nonsense", "wrong", "another secret", "too old"],
)
def test_an_event_without_a_good_signature_is_turned_away(tell: Tell, signature: str) -> None:
    assert tell(event(), signature) == 400
    assert not WebhookEvent.objects.exists()


def test_a_changed_body_is_turned_away(tell: Tell) -> None:
    assert tell(event("evt_2"), signed(event("evt_1"))) == 400


def test_what_is_not_an_event_is_turned_away(tell: Tell) -> None:
    assert tell("not json", signed("not json")) == 400


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "7",
        '"evt_1"',
        "{}",
        json.dumps({"id": "evt_1", "type": "charge.succeeded"}),
        json.dumps({"id": "evt_1", "type": "charge.succeeded", "data": []}),
        json.dumps({"id": "evt_1", "type": "charge.succeeded", "data": {"object": None}}),
        json.dumps({"id": 7, "type": "charge.succeeded", "data": {"object": {}}}),
        json.dumps({"id": "evt_1", "type": None, "data": {"object": {}}}),
        event(id=""),
        event(id="evt_" + "1" * 100),
        event(id="evt_\0"),
        event(type="x" * 81),
        event(subject="ch_" + "1" * 100),
        event(subject="ch_\0"),
        event().replace('"ch_1"', "{}"),
        event().replace('"ch_1"', "[1]"),
        "[" * 100_000,
        event().replace("evt_1", r"\ud83d"),
    ],
    ids=range(20),
)
def test_odd_words_that_are_signed_are_turned_away(tell: Tell, body: str) -> None:
    assert tell(body, signed(body)) == 400
    assert not WebhookEvent.objects.exists()


def test_bytes_that_are_no_text_are_turned_away(tell: Tell) -> None:
    assert tell(b"\xff\xfe{}", signed("{}")) == 400


def test_an_event_about_something_without_a_name_is_kept(tell: Tell) -> None:
    body = json.dumps({"id": "evt_1", "type": "balance.available", "data": {"object": {"object": "balance"}}})
    assert (tell(body, signed(body)), WebhookEvent.objects.get().subject) == (200, "")


@pytest.mark.django_db
def test_the_webhook_is_for_posts_only(client: Client) -> None:
    assert client.get(reverse("stripe_webhook")).status_code == 405


@pytest.mark.django_db
def test_an_event_of_a_kind_that_we_do_not_need_is_done_at_once() -> None:
    now = datetime.now(UTC)
    row = WebhookEvent.objects.create(event="evt_1", type="moon.rose", subject="x", received_at=now, due_at=now)
    row.follow(at=now)
    row.refresh_from_db()
    assert row.processed_at == now


@pytest.fixture
def connected(live_server: LiveServer, settings: Any) -> Iterator[Sandbox]:
    """A sandbox that tells a real web server about everything."""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_API_KEY = "sk_test_money"
    with Sandbox.running(webhook=live_server.url + reverse("stripe_webhook"), secret=SECRET) as running:
        settings.STRIPE_BASE_URL = running.url
        yield running


def follow_all() -> None:
    now = datetime.now(UTC)
    for row in WebhookEvent.objects.due(now):
        row.follow(at=now)


def arrived(sandbox: Sandbox, *types: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        sandbox.deliver()
        if set(types) <= set(WebhookEvent.objects.values_list("type", flat=True)):
            return
        time.sleep(0.05)
    raise AssertionError(f"{types} did not come, only {list(WebhookEvent.objects.values_list('type', flat=True))}")


@pytest.mark.django_db(transaction=True)
def test_a_client_who_never_comes_back_from_the_card_page_is_confirmed_all_the_same(
    connected: Sandbox, ana: Member
) -> None:
    now = datetime.now(UTC)
    booked = booking(starts_at=noon_in_two_days(), at=now)
    choose_card(CardSession.open_for(booked, at=now))
    arrived(connected, "checkout.session.completed")
    follow_all()
    booked.refresh_from_db()
    assert booked.state == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_a_declined_card_is_known_from_the_webhook(connected: Sandbox, ana: Member) -> None:
    now = datetime.now(UTC)
    booked = booking(starts_at=noon_in_two_days(), at=now)
    choose_card(CardSession.open_for(booked, at=now), "visa_chargeDeclined")
    arrived(connected, "setup_intent.setup_failed")
    follow_all()
    booked.refresh_from_db()
    assert booked.at_risk


@pytest.mark.django_db(transaction=True)
def test_doubled_and_shuffled_webhooks_come_to_the_same_end(connected: Sandbox, ana: Member) -> None:
    connected.webhooks(duplicate=3, shuffle=True)
    now = datetime.now(UTC)
    booked = booking(starts_at=noon_in_two_days(), at=now)
    choose_card(CardSession.open_for(booked, at=now), "bypassPending")
    arrived(connected, "checkout.session.completed")
    follow_all()
    visit = do(accept(booked, at=now))
    Charge.objects.get().move(at=visit.ends_at)
    arrived(connected, "payment_intent.succeeded")
    follow_all()
    charge = Charge.objects.get()
    assert (charge.state, charge.entries.count()) == ("settled", 1)
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_webhooks_that_never_came_are_fetched(sandbox: Sandbox, ana: Member) -> None:
    now = datetime.now(UTC)
    booked = booking(starts_at=noon_in_two_days(), at=now)
    choose_card(CardSession.open_for(booked, at=now))
    sweep_webhooks()
    booked.refresh_from_db()
    assert booked.state == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_what_happened_while_stripe_could_not_be_asked_is_fetched_later(sandbox: Sandbox, ana: Member) -> None:
    now = datetime.now(UTC)
    sweep_webhooks()
    booked = booking(starts_at=noon_in_two_days(), at=now)
    choose_card(CardSession.open_for(booked, at=now))
    with time_machine.travel(now + timedelta(minutes=30)):
        sandbox.faults(Fault(Mode.ERROR_BEFORE, path="/v1/events", method="GET", times=3))
        sweep_webhooks()
        beat = Heartbeat.objects.get()
        assert (beat.at > now + timedelta(minutes=29), "Unknown" in beat.trouble) == (True, True)
        sweep_webhooks()
    booked.refresh_from_db()
    assert booked.state == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_an_account_that_nobody_told_us_about_is_asked_for(sandbox: Sandbox, ana: Member) -> None:
    payee = PayeeAccount.of(ana)
    sandbox.onboard(payee.account or "")
    sweep_payouts()
    payee.refresh_from_db()
    assert payee.transfers_active


def noon_in_two_days() -> datetime:
    return datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=2)
