"""What was made at Stripe before, found again by the name that it carries: whichever try made it, and whoever asked.

What moved no money, or was wholly taken back, does not count; what is found is compared with what is wanted by whoever
looks (`attempts`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import stripe

from coop.models import Installation
from payouts.stripe import names
from payouts.stripe.answers import GivenBack, Made, Payment, Sent, made_of, refund_of, transfer_of
from payouts.stripe.calls import ask
from payouts.stripe.gateway import Params, payment

HELD = "requires_capture"
PAID = (HELD, "processing", "succeeded")
UNDONE = ("failed", "canceled")
CLOCKS_DIFFER = timedelta(minutes=10)

Thing = TypeVar("Thing")


def find_payment(*, customer: str, named: Mapping[str, str]) -> Payment | None:
    """The payment of this debt that holds or took money, if there is one."""
    asked: Params = {"customer": customer, "limit": 100}
    mine = _carrying(named, _all(lambda v1: v1.payment_intents.list(asked)))  # type: ignore[arg-type]
    alive = [found.id for found in mine if found.status in PAID]
    return payment(alive[-1]) if alive else None


def find_refund(*, payment: str, named: Mapping[str, str]) -> GivenBack | None:
    """The refund of this debt; one that came back to us only where this very try made it."""
    asked: Params = {"payment_intent": payment, "limit": 100}
    mine = _carrying(named, _all(lambda v1: v1.refunds.list(asked)))  # type: ignore[arg-type]
    alive = [found for found in mine if found.status not in UNDONE]
    this_try = [found for found in mine if _carries(found, named)]
    return next((refund_of(found) for found in reversed(alive or this_try)), None)


def find_transfer(*, group: str, named: Mapping[str, str]) -> Sent | None:
    """The transfer of this debt, if one was made and not wholly taken back."""
    asked: Params = {"transfer_group": group, "limit": 100}
    found = _all(lambda v1: v1.transfers.list(asked))  # type: ignore[arg-type]
    mine = _carrying(named, found) if named else found
    return next((transfer_of(made) for made in reversed(mine) if not made.reversed), None)


def find_customer(*, email: str, since: datetime, named: Mapping[str, str]) -> str | None:
    """The customer that carries this name; looked for by e-mail where there is one, else among those made since."""
    narrow: Params = {"email": email} if email else _since(since)
    asked = narrow | {"limit": 100}
    return next((one.id for one in _carrying(named, _all(lambda v1: v1.customers.list(asked)))), None)  # type: ignore[arg-type]


def find_account(*, since: datetime, named: Mapping[str, str]) -> str | None:
    """The account of a member that carries this name, among those that were opened since."""
    asked: Params = _since(since) | {"limit": 100}
    return next((one.id for one in _carrying(named, _all(lambda v1: v1.accounts.list(asked)))), None)  # type: ignore[arg-type]


def made_since(moment: datetime) -> list[Made]:
    """All that was made in our name since then and moves or holds money, and the customers and payees; oldest first."""
    asked: Params = _since(moment) | {"limit": 100}
    found = [
        *(made_of("customer", one) for one in _all(lambda v1: v1.customers.list(asked))),  # type: ignore[arg-type]
        *(made_of("payee", one) for one in _all(lambda v1: v1.accounts.list(asked))),  # type: ignore[arg-type]
        *(
            made_of("hold" if one.status == HELD else "payment", one, cents=one.amount, whom=one.customer)
            for one in _all(lambda v1: v1.payment_intents.list(asked))  # type: ignore[arg-type]
            if one.status in PAID
        ),
        *(
            made_of("refund", one, cents=one.amount, whom=one.payment_intent)
            for one in _all(lambda v1: v1.refunds.list(asked))  # type: ignore[arg-type]
            if one.status not in UNDONE
        ),
        *_sent(_all(lambda v1: v1.transfers.list(asked))),  # type: ignore[arg-type]
    ]
    return sorted(_ours(found), key=lambda one: (one.at, one.id))


def transfers_to(account: str, *, since: datetime) -> list[Made]:
    """What was sent to this account in our name since then."""
    asked: Params = _since(since) | {"destination": account, "limit": 100}
    return _ours(_sent(_all(lambda v1: v1.transfers.list(asked))))  # type: ignore[arg-type]


def _sent(transfers: Iterable[stripe.Transfer]) -> list[Made]:
    return [
        made_of("transfer", one, cents=one.amount - one.amount_reversed, whom=one.destination)
        for one in transfers
        if not one.reversed
    ]


def _ours(found: Iterable[Made]) -> list[Made]:
    ours = Installation.ours()
    return [one for one in found if one.name.get("installation") == ours]


def _since(moment: datetime) -> Params:
    return {"created": {"gte": int((moment - CLOCKS_DIFFER).timestamp())}}


def _all(pages: Callable[[stripe.V1Services], "stripe.ListObject[Any]"]) -> list[Any]:
    """All of a list, newest first."""
    return ask(lambda v1: list(pages(v1).auto_paging_iter()))


def _carrying(named: Mapping[str, str], things: Iterable[Thing]) -> list[Thing]:
    """Those that carry the name of this debt, whichever try of it made them."""
    debt = names.debt_of(named)
    return [thing for thing in things if _carries(thing, debt)]


def _carries(thing: Any, named: Mapping[str, str]) -> bool:
    return bool(named) and thing.metadata is not None and named.items() <= thing.metadata.to_dict().items()
