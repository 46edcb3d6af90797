"""What of all that was made at Stripe in our name the books know."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from payouts.charges.card_removals import CardRemoval
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.charges.gift_cards import GiftCard
from payouts.charges.refunds import Refund
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payouts import Payout
from payouts.recovery.found import Found
from payouts.stripe import names
from payouts.stripe.answers import Made

A_PAGE_LASTS = timedelta(days=2)


def unknown(made: list[Made]) -> list[Made]:
    """Without what stands in a row, or is being asked for: parameters are frozen before they are asked."""
    known = set(Found.objects.filter(thing__in=[one.id for one in made]).values_list("thing", flat=True))
    for kind, knows in _KNOWS.items():
        known |= knows([one for one in made if one.kind == kind and one.id not in known])
    return [one for one in made if one.id not in known]


def _stand_in(rows: "QuerySet[Any]", field: str, made: list[Made]) -> set[str]:
    return set(rows.filter(**{f"{field}__in": [one.id for one in made]}).values_list(field, flat=True))


def _asked_for(made: list[Made], frozen: Iterable[Any]) -> set[str]:
    """Those whose very name stands in the parameters of a row."""
    asked = [names.name_in(params) for params in frozen]
    return {one.id for one in made if one.name in asked}


def _payments(made: list[Made]) -> set[str]:
    if not made:
        return set()
    known = _stand_in(Charge.objects.all(), "intent", made)
    rest = [one for one in made if one.id not in known]
    visits = [int(one.name["visit"]) for one in rest if "visit" in one.name]
    known |= _asked_for(rest, Charge.objects.filter(visit__in=visits).values_list("params", flat=True))
    return known | _gifts([one for one in rest if one.name["kind"] == "gift"])


def _gifts(made: list[Made]) -> set[str]:
    """A gift card is paid on a page that lasts a day, and has no number of its payment."""
    if not made:
        return set()
    since = min(one.at for one in made) - A_PAGE_LASTS
    tokens = GiftCard.objects.filter(asked_at__gte=since, checkout__isnull=False).values_list("token", flat=True)
    ours = {names.digest_of([str(token)]) for token in tokens}
    return {one.id for one in made if one.name["gift"] in ours}


def _refunds(made: list[Made]) -> set[str]:
    if not made:
        return set()
    known = _stand_in(Refund.objects.all(), "refund", made)
    rest = [one for one in made if one.id not in known]
    frozen = Refund.objects.filter(charge__intent__in=[one.whom for one in rest]).values_list("params", flat=True)
    return known | _asked_for(rest, frozen)


def _transfers(made: list[Made]) -> set[str]:
    if not made:
        return set()
    known = _stand_in(Payout.objects.all(), "transfer", made)
    rest = [one for one in made if one.id not in known]
    groups = [names.group_of(one.name, "member", "entries") for one in rest]
    return known | _asked_for(
        rest, Payout.objects.filter(params__transfer_group__in=groups).values_list("params", flat=True)
    )


def _customers(made: list[Made]) -> set[str]:
    if not made:
        return set()
    rows = (Card.objects.all(), CardRemoval.objects.all())
    return {id for known in rows for id in _stand_in(known, "customer", made)}


def _payees(made: list[Made]) -> set[str]:
    return _stand_in(PayeeAccount.objects.all(), "account", made) if made else set()


_KNOWS: dict[str, Callable[[list[Made]], set[str]]] = {
    "payment": _payments,
    "hold": _payments,
    "refund": _refunds,
    "transfer": _transfers,
    "customer": _customers,
    "payee": _payees,
}
