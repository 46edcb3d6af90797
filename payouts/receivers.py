"""What the bookings announce, inside their transactions: if the books refuse, it has not happened."""

from datetime import datetime
from typing import Any

from bookings.models import Booking, Visit
from bookings.signals import booking_confirmed, visit_cancelled, visit_completed, visit_moved, visit_planned
from members.models import User
from payouts.models import Charge, Referral
from payouts.models.credit import spend_credit
from payouts.models.earnings import post_visit


def listen() -> None:
    booking_confirmed.connect(plan_charges, dispatch_uid="payouts.plan_charges")
    visit_planned.connect(plan_charge, dispatch_uid="payouts.plan_charge")
    visit_completed.connect(earn_visit, dispatch_uid="payouts.earn_visit")
    visit_moved.connect(plan_charges_anew, dispatch_uid="payouts.plan_charges_anew")
    visit_cancelled.connect(call_off_charges, dispatch_uid="payouts.call_off_charges")


def plan_charges(*, subject: Booking, at: datetime, **_facts: Any) -> None:
    """A card is saved: each visit to come is charged to it in its time; who invited a newcomer is remembered."""
    Referral.promise(subject, at=at)
    for visit in subject.visits.filter(state=Visit.State.SCHEDULED).order_by("pk"):
        Charge.plan(visit, at=at)


def plan_charges_anew(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """A visit is at another time, and may cost otherwise: its price is held in its new time."""
    for charge in Charge.objects.filter(visit=subject, kind=Charge.Kind.PRICE):
        charge.plan_anew(at=at, by=by)


def plan_charge(*, subject: Visit, at: datetime, **_facts: Any) -> None:
    """A later visit of a series: charged in its time, like the first."""
    Charge.plan(subject, at=at)


def earn_visit(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """Share the price out in the books, and take the money: from credit first, the rest from the card."""
    post_visit(subject, at=at)
    charge = Charge.objects.filter(visit=subject, kind=Charge.Kind.PRICE).first() or Charge.plan(subject, at=at)
    Referral.reward(subject, at=at)
    owed = subject.cents - spend_credit(subject, at=at)
    if not owed:
        charge.call_off(at=at, by=by)
        return
    charge.earn(cents=owed, at=at, by=by)
    if charge.state == Charge.State.FAILED:
        charge.try_again(at=at, by=by)


def call_off_charges(*, subject: Visit, at: datetime, by: User | None, **_facts: Any) -> None:
    """The visit will not take place: what is held goes back to the card."""
    for charge in Charge.objects.filter(visit=subject).order_by("pk"):
        charge.call_off(at=at, by=by)
