"""Cards, payments, holds, refunds and disputes in the sandbox, through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from payouts.sandbox import Sandbox

DAY = 86400


def refused(error: stripe.StripeError) -> Any:
    """The payment that a refusal is about."""
    return error.error.payment_intent if error.error else None


def test_a_customer_keeps_what_was_told_and_merges_what_is_told_later(api: Any) -> None:
    client = api.customers.create({"email": "lee@example.com", "name": "Lee", "metadata": {"home": "1"}})
    api.customers.update(client.id, {"metadata": {"member": "2"}})
    kept = api.customers.retrieve(client.id)
    assert (kept.email, kept.name, kept.metadata.to_dict()) == ("lee@example.com", "Lee", {"home": "1", "member": "2"})
    api.customers.update(client.id, {"metadata": {"home": ""}})
    assert api.customers.retrieve(client.id).metadata.to_dict() == {"member": "2"}
    assert [one.id for one in api.customers.list({"limit": 5}).data] == [client.id]


def test_a_misspelt_parameter_is_refused_by_name(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.customers.create({"emial": "lee@example.com"})
    assert (refusal.value.code, refusal.value.param) == ("parameter_unknown", "emial")


def test_a_parameter_that_the_sandbox_does_not_play_is_refused_not_ignored(till: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not play"):
        till.pay(transfer_data={"destination": "acct_1"})


def test_a_card_is_saved_by_token_and_by_number(till: Any) -> None:
    by_token = till.card()
    made = till.api.payment_methods.create(
        {"type": "card", "card": {"number": "5555555555554444", "exp_month": 12, "exp_year": 2034, "cvc": "123"}}
    )
    till.api.payment_methods.attach(made.id, {"customer": till.client})
    saved = till.api.payment_methods.list({"customer": till.client, "type": "card"}).data
    assert [(one.id, one.card.brand, one.card.last4) for one in saved] == [
        (made.id, "mastercard", "4444"),
        (by_token, "visa", "4242"),
    ]
    till.api.payment_methods.detach(made.id)
    assert [one.id for one in till.api.payment_methods.list({"customer": till.client}).data] == [by_token]


def test_a_setup_intent_waits_for_a_card_and_then_saves_it(till: Any) -> None:
    wish = till.api.setup_intents.create(
        {"customer": till.client, "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    )
    assert (wish.status, bool(wish.client_secret)) == ("requires_payment_method", True)
    done = till.api.setup_intents.confirm(wish.id, {"payment_method": "pm_card_visa"})
    assert done.status == "succeeded"
    assert till.api.payment_methods.retrieve(done.payment_method).customer == till.client


def test_a_refused_card_is_not_saved(till: Any) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        till.api.setup_intents.create(
            {"customer": till.client, "payment_method": "pm_card_visa_chargeDeclined", "confirm": True}
        )
    assert refusal.value.code == "card_declined"
    assert till.api.payment_methods.list({"customer": till.client}).data == []


def test_an_absent_client_pays_with_a_saved_card(till: Any) -> None:
    paid = till.pay(
        payment_method=till.card(),
        metadata={"visit": "7"},
        description="Visit 7",
        statement_descriptor_suffix="VISIT",
        transfer_group="visit_7",
    )
    charge = till.api.charges.retrieve(paid.latest_charge)
    assert (paid.status, paid.amount_received, paid.metadata.to_dict()) == ("succeeded", 12345, {"visit": "7"})
    assert (charge.transfer_group, charge.captured, charge.amount_captured) == ("visit_7", True, 12345)


def test_paying_can_save_the_card_for_later(till: Any) -> None:
    paid = till.pay(off_session=None, setup_future_usage="off_session")
    assert paid.setup_future_usage == "off_session"
    assert till.api.payment_methods.retrieve(paid.payment_method).customer == till.client


def test_a_declined_card_is_a_certain_no_that_the_payment_remembers(till: Any) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        till.pay(card="chargeCustomerFail")
    assert (refusal.value.http_status, refusal.value.code) == (402, "card_declined")
    payment = till.api.payment_intents.retrieve(refused(refusal.value).id)
    assert (payment.status, payment.last_payment_error.decline_code) == ("requires_payment_method", "generic_decline")
    paid = till.api.payment_intents.confirm(payment.id, {"payment_method": "pm_card_visa", "off_session": True})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


def test_a_card_that_asks_for_proof_cannot_pay_while_its_holder_is_away(till: Any) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        till.pay(payment_method=till.card("authenticationRequired"))
    assert refusal.value.code == "authentication_required"


def test_saving_a_card_that_asks_for_proof_waits_for_its_holder(till: Any) -> None:
    wish = till.api.setup_intents.create(
        {"customer": till.client, "payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True}
    )
    assert (wish.status, wish.next_action.type) == ("requires_action", "redirect_to_url")
    with pytest.raises(stripe.CardError):
        till.pay(payment_method=till.card("authenticationRequiredOnSetup"))


def test_a_hold_sets_money_aside_for_four_days_and_eighteen_hours(till: Any, sandbox: Sandbox) -> None:
    held = till.hold()
    charge = till.api.payment_intents.retrieve(held.id, {"expand": ["latest_charge"]}).latest_charge
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 12345, 0)
    assert charge.payment_method_details.card.capture_before == charge.created + 4 * DAY + 18 * 3600
    assert (charge.captured, charge.balance_transaction) == (False, None)


def test_a_hold_is_captured_in_full_or_in_part(till: Any) -> None:
    whole = till.api.payment_intents.capture(till.hold().id)
    part = till.api.payment_intents.capture(till.hold().id, {"amount_to_capture": 10000})
    charge = till.api.charges.retrieve(part.latest_charge)
    assert (whole.status, whole.amount_received) == ("succeeded", 12345)
    assert (part.status, part.amount_received, part.amount_capturable) == ("succeeded", 10000, 0)
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (10000, 2345, False)


def test_no_more_can_be_captured_than_was_held(till: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.payment_intents.capture(till.hold().id, {"amount_to_capture": 12346})
    assert refusal.value.code == "amount_too_large"


def test_a_canceled_hold_gives_the_money_back_and_cannot_be_captured(till: Any) -> None:
    held = till.hold()
    gone = till.api.payment_intents.cancel(held.id, {"cancellation_reason": "requested_by_customer"})
    charge = till.api.charges.retrieve(held.latest_charge)
    assert (gone.status, gone.cancellation_reason) == ("canceled", "requested_by_customer")
    assert (charge.refunded, charge.amount_refunded) == (True, 12345)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.payment_intents.capture(held.id)
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refused(refusal.value).status == "canceled"


def test_a_hold_that_nobody_captures_ends_by_itself(till: Any, sandbox: Sandbox) -> None:
    held = till.hold()
    sandbox.advance(5 * DAY)
    ended = till.api.payment_intents.retrieve(held.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "automatic")


def test_a_refund_gives_back_a_part_and_then_the_rest_but_never_more(till: Any) -> None:
    paid = till.pay()
    part = till.api.refunds.create({"payment_intent": paid.id, "amount": 345, "reason": "requested_by_customer"})
    rest = till.api.refunds.create({"payment_intent": paid.id})
    assert (part.status, part.amount, rest.amount) == ("succeeded", 345, 12000)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        till.api.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"


def test_after_a_partial_capture_only_what_was_captured_can_be_refunded(till: Any) -> None:
    paid = till.api.payment_intents.capture(till.hold().id, {"amount_to_capture": 10000})
    assert till.api.refunds.create({"payment_intent": paid.id}).amount == 10000
    assert till.api.charges.retrieve(paid.latest_charge).refunded is True


def test_a_refund_that_the_bank_sends_back_is_failed_and_its_money_returns(till: Any) -> None:
    back = till.api.refunds.create({"payment_intent": till.pay(card="refundFail").id})
    moves = [
        till.api.balance_transactions.retrieve(id).net
        for id in (back.balance_transaction, back.failure_balance_transaction)
    ]
    assert (back.status, moves) == ("failed", [-12345, 12345])


def test_the_fee_is_told_with_the_charge(till: Any) -> None:
    paid = till.api.payment_intents.retrieve(till.pay().id, {"expand": ["latest_charge.balance_transaction"]})
    moved = paid.latest_charge.balance_transaction
    assert (moved.amount, moved.fee, moved.net, moved.status) == (12345, 388, 11957, "pending")


def test_money_is_on_its_way_for_two_days(till: Any, sandbox: Sandbox) -> None:
    till.pay()
    before = till.api.balance.retrieve()
    sandbox.advance(2 * DAY)
    after = till.api.balance.retrieve()
    assert (before.available[0].amount, before.pending[0].amount) == (0, 11957)
    assert (after.available[0].amount, after.pending[0].amount) == (11957, 0)
    assert [one.status for one in till.api.balance_transactions.list({"type": "charge"}).data] == ["available"]


@pytest.mark.parametrize(
    ("evidence", "verdict", "left"), [("winning_evidence", "won", 11957), ("losing_evidence", "lost", -1888)]
)
def test_a_disputed_payment_is_taken_back_until_the_evidence_is_judged(
    till: Any, evidence: str, verdict: str, left: int
) -> None:
    paid = till.pay(card="createDispute")
    dispute = till.api.disputes.list({"payment_intent": paid.id}).data[0]
    assert dispute.status == "needs_response"
    till.api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}, "submit": True})
    moves = till.api.balance_transactions.list({"limit": 10}).data
    assert till.api.disputes.retrieve(dispute.id).status == verdict
    assert sum(one.net for one in moves) == left


def test_any_charge_can_be_disputed_and_judged_by_hand(till: Any, sandbox: Sandbox) -> None:
    dispute = sandbox.dispute(till.pay().latest_charge)
    sandbox.judge(dispute, won=True)
    assert till.api.disputes.retrieve(dispute).status == "won"


def test_lists_are_newest_first_and_turn_their_pages(till: Any) -> None:
    made = [till.pay().id for _ in range(3)]
    first = till.api.payment_intents.list({"limit": 2})
    second = till.api.payment_intents.list({"limit": 2, "starting_after": first.data[-1].id})
    back = till.api.payment_intents.list({"limit": 2, "ending_before": made[0]})
    assert ([one.id for one in first.data], first.has_more) == ([made[2], made[1]], True)
    assert ([one.id for one in second.data], second.has_more) == ([made[0]], False)
    assert [one.id for one in back.data] == [made[2], made[1]]


def test_a_property_that_holds_no_object_cannot_be_expanded(till: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        till.api.payment_intents.retrieve(till.pay().id, {"expand": ["nonsense"]})


def test_stripes_own_test_clock_can_be_made(api: Any) -> None:
    clock = api.test_helpers.test_clocks.create({"frozen_time": 1_700_000_000})
    moved = api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": 1_700_000_900})
    assert (clock.frozen_time, moved.frozen_time) == (1_700_000_000, 1_700_000_900)


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {f"key{number}": "x" for number in range(51)}},
        {"metadata": {"k" * 41: "x"}},
        {"metadata": {"key": "x" * 501}},
        {"transfer_group": "x" * 256},
    ],
    ids=["many", "long name", "long value", "long group"],
)
def test_what_stripe_would_not_keep_is_refused_also_for_a_page(till: Any, more: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.pay(**more)
    line = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Gift"}}}
    told: Any = {"mode": "payment", "line_items": [line], "success_url": "https://example.com/ok"}
    with pytest.raises(stripe.InvalidRequestError):
        till.api.checkout.sessions.create({**told, "payment_intent_data": more})
    assert till.api.payment_intents.list().data == []


def test_what_stripe_keeps_comes_back(till: Any) -> None:
    most = {
        "metadata": {"k" * 40: "x" * 500} | {f"key{number}": "x" for number in range(49)},
        "transfer_group": "x" * 255,
    }
    paid = till.pay(**most)
    assert {"metadata": paid.metadata.to_dict(), "transfer_group": paid.transfer_group} == most
