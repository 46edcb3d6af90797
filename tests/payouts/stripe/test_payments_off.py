"""`PAYMENTS=off`: nothing is charged, refunded or paid, all concerned can see it, and what is due waits unharmed."""

from typing import Any

import pytest
import stripe
from django.urls import reverse

from coop.models import Heartbeat
from members.models import Member, User
from payouts.charges.tasks import sweep_charges
from payouts.models import Charge, Payout, Refund
from payouts.payroll.tasks import sweep_payouts
from payouts.sandbox import Sandbox
from payouts.stripe import errors, gateway
from tests.browsers import Browser
from tests.payouts.charges.test_refunds import give, refunds
from tests.payouts.payroll.test_payruns import LATER, board, draft, onboard, transfers
from tests.payouts.stage import accept, booking, paid_visit, save_card

__all__ = ["board"]
pytestmark = pytest.mark.django_db


def payments(sandbox: Sandbox) -> int:
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})
    return len(client.v1.payment_intents.list({"limit": 100}).data)


def test_nothing_is_charged_refunded_or_paid_and_goes_on_afterwards(
    sandbox: Sandbox, settings: Any, ana: Member, tess: Member, board: User
) -> None:
    done = paid_visit()
    onboard(ana, sandbox)
    settings.PAYMENTS = False
    asked = booking()
    save_card(asked)
    accept(asked)
    refund, run = give(done, by=tess), draft(tess)
    run.approve(at=LATER, by=board)
    before = payments(sandbox)
    sweep_charges(), sweep_payouts()
    for row in (Charge.objects.latest("pk"), refund, Payout.objects.get()):
        (row.move if isinstance(row, Charge) else row.send)(at=LATER)
        row.refresh_from_db()
        assert (row.attempts, row.first_tried_at) == (0, None)
    assert (payments(sandbox), refunds(sandbox), transfers(sandbox)) == (before, [], [])
    assert [beat.trouble for beat in Heartbeat.objects.all()] == ["", ""]
    settings.PAYMENTS = True
    Payout.objects.get().send(at=LATER)
    assert (len(transfers(sandbox)), Refund.objects.due(LATER).get()) == (1, refund)


def test_the_gateway_itself_moves_nothing(sandbox: Sandbox, settings: Any) -> None:
    settings.PAYMENTS = False
    page = {"mode": "payment"}
    for call in (
        lambda: gateway.pay({}, key="1"),
        lambda: gateway.capture("pi_1", cents=1, key="1"),
        lambda: gateway.release("pi_1", key="1"),
        lambda: gateway.refund({}, key="1"),
        lambda: gateway.transfer({}, key="1"),
        lambda: gateway.open_checkout(page, key="1"),
    ):
        with pytest.raises(errors.Paused):
            call()


def test_the_office_the_treasurer_and_the_machine_see_it(settings: Any, tess: Member) -> None:
    browser = Browser()
    browser.force_login(tess.user)
    seen = []
    for settings.PAYMENTS in (True, False):
        pages = [browser.get(reverse(name)).content.decode() for name in ("home", "pay_runs", "trouble")]
        ready = browser.get(reverse("readyz")).json()["payments"]
        seen.append((["Payments are switched off" in page for page in pages], ready))
    assert seen == [([False] * 3, "on"), ([True] * 3, "off")]


def test_who_buys_a_gift_meanwhile_reads_why_not(settings: Any, lee: User) -> None:
    settings.PAYMENTS = False
    browser = Browser()
    browser.force_login(lee)
    wish = {"worth": "50", "name": "Jordan", "email": "jordan@example.org"}
    page = browser.post(reverse("gift_cards"), wish, follow=True)
    assert "Payments are paused while we put something in order." in page.content.decode()
