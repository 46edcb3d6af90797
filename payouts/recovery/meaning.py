"""Whom something at Stripe concerns, and what it is to the books: by its name, compared with what Stripe says of it."""

from collections.abc import Callable

from bookings.models import Client, Visit
from members.models import Member
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payouts import Payout
from payouts.recovery.found import Found
from payouts.stripe import names

Means = Found.Means


def take_for(found: Found) -> None:
    """Say whom it concerns and what it means. Card files and accounts come first: the others are known by them."""
    found.member = found.client = found.visit = None
    _MEANINGS[found.kind](found)


def payout_of(found: Found) -> Payout | None:
    """The payout of a run that was approved before the backup, which this transfer has paid."""
    waiting = Payout.objects.approved().by_us().filter(member=found.member, sent_at__isnull=True, cents=found.cents)
    return next((payout for payout in waiting.order_by("pk") if payout.is_for(found.name)), None)


def _transfer(found: Found) -> None:
    payee = PayeeAccount.objects.filter(account=found.whom).select_related("member").first()
    again = Found.objects.filter(thing=found.whom, member__isnull=False).select_related("member").first()
    known = payee or again
    found.member = known.member if known else None
    if found.member is None:
        found.means = Means.NOBODY
    else:
        found.means = Means.PAYOUT if payout_of(found) else Means.PAY


def _payment(found: Found) -> None:
    visit = _visit(found.name)
    if visit:
        found.visit, found.client, found.means = visit, visit.booking.client, Means.CHARGE
        return
    found.client = _client_of(found.whom)
    found.means = Means.CREDIT if found.client else Means.NOBODY


def _hold(found: Found) -> None:
    _payment(found)
    if found.means != Means.CHARGE:
        found.means = Means.NOTHING


def _refund(found: Found) -> None:
    charge = Charge.objects.filter(intent=found.whom).select_related("client", "visit").first()
    before = Found.objects.filter(thing=found.whom).select_related("client", "visit").first()
    if charge:
        found.client, found.visit, found.means = charge.client, charge.visit, Means.REFUND
    elif before and before.means == Means.CHARGE:
        found.client, found.visit, found.means = before.client, before.visit, Means.REFUND
    elif before and before.client:
        found.client, found.means = before.client, Means.CREDIT
    else:
        found.means = Means.NOBODY


def _customer(found: Found) -> None:
    client = Client.objects.filter(pk=found.name["client"]).select_related("user").first()
    if client and names.digest_of([client.since.isoformat()]) == found.name.get("since"):
        found.client = client
    fresh = found.client and not Card.objects.filter(client=found.client).exclude(customer="").exists()
    found.means = Means.LINK if fresh else Means.NOTHING


def _payee(found: Found) -> None:
    member = Member.objects.filter(pk=found.name["member"]).select_related("user").first()
    if member and names.digest_of([member.user.joined_at.isoformat()]) == found.name.get("since"):
        found.member = member
    fresh = found.member and not PayeeAccount.objects.filter(member=found.member, account__isnull=False).exists()
    found.means = Means.LINK if fresh else Means.NOTHING


def _visit(name: names.Name) -> Visit | None:
    """The visit of this number, if its booking is the one that was meant: a lost visit's number is given out again."""
    if name["kind"] not in Charge.Kind.values:
        return None
    visit = Visit.objects.filter(pk=name["visit"]).select_related("booking__home__client__user").first()
    return visit if visit and names.digest_of([str(visit.booking.token)]) == name["booking"] else None


def _client_of(customer: str) -> Client | None:
    card = Card.objects.filter(customer=customer).exclude(customer="").select_related("client__user").first()
    again = Found.objects.filter(thing=customer, client__isnull=False).select_related("client__user").first()
    known = card or again
    return known.client if known else None


_MEANINGS: dict[str, Callable[[Found], None]] = {
    "transfer": _transfer,
    "payment": _payment,
    "hold": _hold,
    "refund": _refund,
    "customer": _customer,
    "payee": _payee,
}
