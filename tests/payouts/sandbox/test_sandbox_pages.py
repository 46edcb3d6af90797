"""The hosted pages, as a browser without JavaScript meets them."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from payouts.sandbox import Sandbox

BACK = "http://evenhand.test/saved?session={CHECKOUT_SESSION_ID}"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def visit(url: str, form: dict[str, str] | None = None, *, language: str = "en") -> Answer:
    """One request without following redirects; with a form it is a POST."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    headers = {"Accept-Language": language, "Content-Type": "application/x-www-form-urlencoded"}
    body = None if form is None else urlencode(form)
    connection.request("GET" if form is None else "POST", parts.path, body, headers)
    got = connection.getresponse()
    answer = Answer(got.status, dict(got.getheaders()), got.read().decode())
    connection.close()
    return answer


def saving(till: Any, **more: Any) -> Any:
    asked = {"mode": "setup", "customer": till.client, "currency": "usd", "success_url": BACK}
    return till.api.checkout.sessions.create({**asked, "cancel_url": "http://evenhand.test/back", **more})


def paying(till: Any, **more: Any) -> Any:
    line = {"quantity": 2, "price_data": {"currency": "usd", "unit_amount": 4200, "product_data": {"name": "Visit"}}}
    asked = {"mode": "payment", "customer": till.client, "line_items": [line], "success_url": BACK}
    return till.api.checkout.sessions.create({**asked, **more})


def test_saving_a_card_leads_back_with_the_session_in_the_address(till: Any) -> None:
    session = saving(till)
    answer = visit(session.url, {"card": "visa"})
    assert (answer.status, answer.headers["Location"]) == (303, f"http://evenhand.test/saved?session={session.id}")
    done = till.api.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.url, done.setup_intent.status) == ("complete", None, "succeeded")
    assert till.api.payment_methods.retrieve(done.setup_intent.payment_method).customer == till.client


def test_the_page_says_what_it_is_and_what_each_card_does(till: Any) -> None:
    page = visit(saving(till).url)
    assert page.status == 200
    for words in (
        '<html lang="en">',
        "Test checkout: no real money",
        "Save card",
        "Works",
        "Is declined",
        "Needs confirmation for every payment",
        'href="http://evenhand.test/back">cancel and go back',
    ):
        assert words in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_the_page_lets_forms_end_only_where_the_session_leads(till: Any) -> None:
    headers = visit(saving(till).url).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self' http://evenhand.test; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ("visa_chargeDeclined", "Your card was declined."),
        ("visa_chargeDeclinedInsufficientFunds", "Your card has insufficient funds."),
        ("chargeDeclinedExpiredCard", "Your card has expired."),
        ("no such card", "Please choose a card."),
    ],
)
def test_a_refused_card_is_explained_and_another_can_be_tried(till: Any, card: str, sentence: str) -> None:
    session = saving(till)
    refused = visit(session.url, {"card": card})
    assert refused.status == 402
    assert f"{sentence} You can choose another card and try again." in refused.text
    assert visit(session.url, {"card": "mastercard"}).status == 303


def test_a_card_that_asks_for_proof_is_saved_once_its_holder_confirms(till: Any) -> None:
    session = saving(till)
    asked = visit(session.url, {"card": "authenticationRequiredOnSetup"})
    assert "Is this you?" in asked.text
    refused = visit(session.url, {"card": "authenticationRequiredOnSetup", "proof": "no"})
    assert "could not confirm that it was you" in refused.text
    assert visit(session.url, {"card": "authenticationRequiredOnSetup", "proof": "yes"}).status == 303
    saved = till.api.payment_methods.list({"customer": till.client}).data[0].id
    assert till.pay(payment_method=saved).status == "succeeded"


def test_a_card_that_always_asks_for_proof_is_saved_but_cannot_pay_in_absence(till: Any) -> None:
    visit(saving(till).url, {"card": "authenticationRequired", "proof": "yes"})
    saved = till.api.payment_methods.list({"customer": till.client}).data[0].id
    with pytest.raises(stripe.CardError) as refusal:
        till.pay(payment_method=saved)
    assert refusal.value.code == "authentication_required"


def test_a_late_payment_is_made_on_the_page(till: Any) -> None:
    session = paying(till, payment_intent_data={"transfer_group": "visit_7", "setup_future_usage": "off_session"})
    assert (session.amount_total, session.payment_status) == (8400, "unpaid")
    assert "$84.00" in visit(session.url).text
    assert visit(session.url, {"card": "chargeCustomerFail"}).status == 402
    assert visit(session.url, {"card": "authenticationRequired", "proof": "yes"}).status == 303
    done = till.api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (done.payment_status, done.payment_intent.status, done.payment_intent.transfer_group) == (
        "paid",
        "succeeded",
        "visit_7",
    )
    assert len(till.api.payment_intents.list().data) == 1


def test_a_finished_or_expired_page_is_closed(till: Any, sandbox: Sandbox) -> None:
    done, late, ended = saving(till), saving(till), saving(till)
    visit(done.url, {"card": "visa"})
    till.api.checkout.sessions.expire(ended.id)
    assert [visit(one.url).status for one in (done, late, ended)] == [410, 200, 410]
    sandbox.advance(86400)
    assert visit(late.url, {"card": "visa"}).status == 410
    assert till.api.checkout.sessions.retrieve(late.id).status == "expired"


@pytest.mark.parametrize(
    ("locale", "accepted", "language"),
    [
        ("es", "en", "es"),
        ("es-419", "en", "es"),
        ("en", "es", "en"),
        (None, "fr;q=0.9, es;q=0.8, en;q=0.1", "es"),
        ("auto", "de", "en"),
    ],
)
def test_the_page_speaks_english_or_spanish(till: Any, locale: str | None, accepted: str, language: str) -> None:
    page = visit(saving(till, **({"locale": locale} if locale else {})).url, language=accepted)
    assert f'<html lang="{language}">' in page.text
    assert {"en": "Save card", "es": "Guardar tarjeta"}[language] in page.text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://[", "evenhand.test/back", "http://evenhand.test/\r\nSet-Cookie: a"]
)
def test_an_address_that_is_no_web_address_is_refused(till: Any, address: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        saving(till, success_url=address)
    assert refusal.value.code == "url_invalid"


def onboarding(till: Any, member: str) -> str:
    link = till.api.account_links.create(
        {
            "account": member,
            "type": "account_onboarding",
            "refresh_url": "http://evenhand.test/again",
            "return_url": "http://evenhand.test/member",
        }
    )
    return str(link.url)


@pytest.mark.parametrize(("outcome", "able"), [("complete", True), ("unfinished", False)])
def test_a_member_leaves_the_onboarding_page_done_or_not(till: Any, sandbox: Sandbox, outcome: str, able: bool) -> None:
    member = till.member(sandbox)
    answer = visit(onboarding(till, member), {"outcome": outcome})
    assert (answer.status, answer.headers["Location"]) == (303, "http://evenhand.test/member")
    assert till.api.accounts.retrieve(member).payouts_enabled is able


def test_an_onboarding_link_serves_once_and_for_five_minutes(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    used, late = onboarding(till, member), onboarding(till, member)
    assert "Leave it unfinished" in visit(used).text
    visit(used, {"outcome": "complete"})
    sandbox.advance(301)
    assert [visit(url).headers["Location"] for url in (used, late)] == ["http://evenhand.test/again"] * 2


def test_a_payment_that_waits_for_proof_is_confirmed_on_the_banks_page(till: Any) -> None:
    asked = {"off_session": None, "return_url": "http://evenhand.test/paid"}
    yes, no = (till.pay(card="authenticationRequired", **asked) for _ in range(2))
    page = yes.next_action.redirect_to_url.url
    assert "Is this you?" in visit(page).text
    assert visit(page, {"proof": "yes"}).headers["Location"] == f"http://evenhand.test/paid?payment_intent={yes.id}"
    visit(no.next_action.redirect_to_url.url, {"proof": "no"})
    assert [till.api.payment_intents.retrieve(one.id).status for one in (yes, no)] == [
        "succeeded",
        "requires_payment_method",
    ]


def test_a_members_own_page_shows_the_balance(till: Any, sandbox: Sandbox) -> None:
    member = till.member(sandbox)
    till.pay(50000, card="bypassPending")
    till.api.transfers.create({"amount": 12345, "currency": "usd", "destination": member})
    page = visit(till.api.accounts.login_links.create(member).url, language="es")
    assert "$123.45" in page.text
    assert "Disponible ahora" in page.text


@pytest.mark.parametrize("path", ["/", "/checkout/", "/checkout/cs_test_0", "/onboarding/pi_1", "/dashboard/x", "/x"])
def test_an_address_that_leads_nowhere_says_so(sandbox: Sandbox, path: str) -> None:
    answer = visit(sandbox.url + path)
    assert (answer.status, "Nothing is here" in answer.text) == (404, True)
