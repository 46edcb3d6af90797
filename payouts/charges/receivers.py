"""What the bookings announce, inside their transactions: if the books refuse, it has not happened."""

from datetime import datetime
from typing import Any

from bookings.client import money_steps
from bookings.models import Booking, Client, Visit
from bookings.signals import (
    booking_confirmed,
    household_taken_over,
    visit_cancelled,
    visit_completed,
    visit_moved,
    visit_planned,
)
from members.models import User
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.charges.confirming.step import step_of
from payouts.charges.credit import spend_credit
from payouts.charges.referrals import Referral
from payouts.charges.sums.least_charge import bear, is_too_small
from payouts.ledger.carry_over import carry_over
from payouts.ledger.earnings import post_fee, post_visit


def plan_charges(*, subject: Booking, at: datetime, **_facts: Any) -> None:
    """A card is saved: each visit to come is charged to it in its time; who invited a newcomer is remembered."""
    Referral.promise(subject, at=at)
    for visit in subject.visits.filter(state=Visit.State.SCHEDULED, cents__gt=0).order_by("pk"):
        Charge.plan(visit, at=at)


def plan_charges_anew(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """A visit is at another time, and may cost otherwise: its price is held in its new time."""
    for charge in Charge.objects.filter(visit=subject, kind=Charge.Kind.PRICE):
        charge.plan_anew(at=at, by=by)


def plan_charge(*, subject: Visit, at: datetime, **_facts: Any) -> None:
    """A later visit of a series: charged in its time, like the first."""
    Charge.plan(subject, at=at)


def earn_visit(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """Share the price out in the books, and take the money: from credit first, the rest from the card.

    A visit that costs nothing is only shared out: whoever came is paid all the same.
    """
    post_visit(subject, at=at)
    if not subject.cents:
        return
    charge = _charge_for(subject, at=at)
    Referral.reward(subject, at=at)
    owed = subject.cents - (0 if charge.is_taken else spend_credit(subject, at=at))
    if owed:
        _take(charge, kind=Charge.Kind.PRICE, cents=owed, at=at, by=by)
    else:
        charge.call_off(at=at, by=by)


def call_off_charges(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """The visit will not take place: a fee is shared out and taken from the card, what else is held goes back to it."""
    if subject.fee_cents:
        post_fee(subject, at=at)
        charge = _charge_for(subject, at=at)
        _take(charge, kind=Charge.Kind.FEE, cents=subject.fee_cents, at=at, by=by)
        return
    for charge in Charge.objects.filter(visit=subject).order_by("pk"):
        charge.call_off(at=at, by=by)


def take_over_money(
    *, subject: Client, claimed: Client, keep_card: bool, at: datetime, by: User, **_facts: Any
) -> None:
    """What was booked with a household's address is theirs: its charges, what it owes, its credit, and a card.

    What the other card did not pay is asked of theirs.
    """
    failed = list(Charge.objects.failed().filter(client=claimed).values_list("pk", flat=True))
    Charge.objects.filter(client=claimed).update(client=subject)
    carry_over(claimed.pk, subject.pk, at=at)
    Card.merge(claimed, subject, keep=keep_card, at=at)
    card = Card.objects.filter(client=subject).exclude(method="").first()
    for charge in Charge.objects.filter(pk__in=failed).order_by("pk"):
        if card and (charge.params or {}).get("payment_method") != card.method:
            charge.try_again(at=at, by=by)
    Referral.objects.filter(newcomer=claimed, rewarded_at=None).delete()


def _charge_for(visit: Visit, *, at: datetime) -> Charge:
    return Charge.objects.filter(visit=visit, kind=Charge.Kind.PRICE).first() or Charge.plan(visit, at=at)


def _take(charge: Charge, *, kind: str, cents: int, at: datetime, by: User | None) -> None:
    """Charge what is earned now, from what is held where something is; of what was taken before only the rest.

    What is too small for a card is not charged.
    """
    if charge.is_taken:
        charge.take_rest(max(0, cents - charge.captured_cents), at=at)
        return
    if charge.wanted != Charge.Wanted.OUTSIDE and is_too_small(cents, at=at):
        bear(charge.visit, kind=kind, client=charge.client_id, cents=cents, at=at)
        charge.call_off(at=at, by=by)
        return
    charge.earn(cents=cents, at=at, by=by, kind=kind)
    if charge.state == Charge.State.FAILED:
        charge.try_again(at=at, by=by)


booking_confirmed.connect(plan_charges, dispatch_uid="payouts.plan_charges")
visit_planned.connect(plan_charge, dispatch_uid="payouts.plan_charge")
visit_completed.connect(earn_visit, dispatch_uid="payouts.earn_visit")
visit_moved.connect(plan_charges_anew, dispatch_uid="payouts.plan_charges_anew")
visit_cancelled.connect(call_off_charges, dispatch_uid="payouts.call_off_charges")
household_taken_over.connect(take_over_money, dispatch_uid="payouts.take_over_money")
money_steps.register(step_of)
