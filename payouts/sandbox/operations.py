"""The table of what the sandbox can do: Stripe's operation names beside our functions."""

from __future__ import annotations

from collections.abc import Callable

from payouts.sandbox import listing
from payouts.sandbox.desk import Desk, limit
from payouts.sandbox.document import Route
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects import (
    bank,
    cards,
    charges,
    checkout,
    connect,
    customers,
    disputes,
    hooks,
    money,
    payments,
    transfers,
)

Operation = Callable[[Desk, Obj, str], Obj]

OPERATIONS: dict[str, Operation] = {
    "GetBalance": money.balance,
    "GetTransfersIdReversals": transfers.reversals,
    "PostAccountLinks": connect.link,
    "PostAccounts": connect.create,
    "PostAccountsAccount": connect.update,
    "PostAccountsAccountLoginLinks": connect.login_link,
    "PostCheckoutSessions": checkout.create,
    "PostCheckoutSessionsSessionExpire": checkout.expire,
    "PostCustomers": customers.create,
    "PostCustomersCustomer": customers.update,
    "PostDisputesDispute": disputes.update,
    "PostDisputesDisputeClose": disputes.close,
    "PostPaymentIntents": payments.create,
    "PostPaymentIntentsIntent": payments.update,
    "PostPaymentIntentsIntentCancel": payments.cancel,
    "PostPaymentIntentsIntentCapture": payments.capture,
    "PostPaymentIntentsIntentConfirm": payments.confirm,
    "PostPaymentMethods": cards.create,
    "PostPaymentMethodsPaymentMethodAttach": cards.attach,
    "PostPaymentMethodsPaymentMethodDetach": cards.detach,
    "PostPayouts": bank.pay_out,
    "PostRefunds": charges.refund,
    "PostSetupIntents": customers.create_setup,
    "PostSetupIntentsIntentConfirm": customers.confirm_setup,
    "PostTestHelpersTestClocks": hooks.create_test_clock,
    "PostTestHelpersTestClocksTestClockAdvance": hooks.advance_test_clock,
    "PostTransfers": transfers.create,
    "PostTransfersIdReversals": transfers.reverse,
    "PostWebhookEndpoints": hooks.create,
}
KINDS = {
    "accounts": "account",
    "balance_transactions": "balance_transaction",
    "charges": "charge",
    "checkout": "checkout.session",
    "customers": "customer",
    "disputes": "dispute",
    "events": "event",
    "payment_intents": "payment_intent",
    "payment_methods": "payment_method",
    "payouts": "payout",
    "refunds": "refund",
    "setup_intents": "setup_intent",
    "test_helpers": "test_helpers.test_clock",
    "transfers": "transfer",
    "webhook_endpoints": "webhook_endpoint",
}
BEYOND = {
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "error_on_requires_action",
    "on_behalf_of",
    "payment_method_data",
    "refund_application_fee",
    "reverse_transfer",
    "source",
    "transfer_data",
}
"""Parameters that Stripe knows and that would change what happens, but that the sandbox does not play."""


def run(desk: Desk, route: Route, params: Obj, id: str) -> Obj:
    """Do what a route stands for."""
    if route.id in OPERATIONS:
        return OPERATIONS[route.id](desk, params, id)
    kind = KINDS[route.path.split("/")[2]]
    return listing.retrieve(desk, kind, id) if id else listing.page(desk, kind, params, route.path)


LONGEST_GROUP = 255
DATA_OF_OTHERS = ("payment_intent_data", "setup_intent_data")
"""What a hosted page will write on what it makes."""


def refuse_what_is_too_long(params: Obj) -> None:
    """Hold metadata and the group of a transfer to Stripe's limits, also those that are only used later."""
    for told in (params, *(params[name] for name in DATA_OF_OTHERS if name in params)):
        limit(told.get("metadata") or {})
        if len(told.get("transfer_group") or "") > LONGEST_GROUP:
            raise Refused(f"A transfer_group has at most {LONGEST_GROUP} characters.", param="transfer_group")


def refuse_what_is_not_played(route: Route, params: Obj) -> None:
    beyond = sorted(BEYOND & set(params)) if route.method == "POST" else []
    if beyond:
        raise Refused(f"The sandbox does not play `{beyond[0]}`.", param=beyond[0])
