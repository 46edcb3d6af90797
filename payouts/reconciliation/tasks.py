"""What moves at Stripe is found and settled. Each task takes a number and is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from coop.jobs import process_each, sweep
from payouts.reconciliation.bank.lines import match_what_fits
from payouts.reconciliation.checks import Check
from payouts.reconciliation.disputes.disputes import Dispute
from payouts.reconciliation.marks import Mark
from payouts.reconciliation.movements import Movement
from payouts.reconciliation.postings import is_of_a_dispute
from payouts.reconciliation.take_backs import TakeBack
from payouts.stripe.sweeping import AT_A_TIME, at_stripe

MANY = 300


@shared_task(name="payouts.send_take_back")
def send_take_back(pk: int) -> None:
    """Take back what a second person said yes to."""
    TakeBack.objects.get(pk=pk).send(at=timezone.now())


@sweep("payouts.sweep_movements")
def sweep_movements() -> None:
    """Movements of the balance since the last look, disputes, pay to be taken back, and the day's comparison.

    And lines of the bank for which something was written into the books meanwhile.
    """
    match_what_fits(at=timezone.now())
    if not settings.STRIPE_API_KEY:
        return
    due = TakeBack.objects.due(timezone.now()).order_by("due_at")
    at_stripe(due[:AT_A_TIME], lambda one: one.send(at=timezone.now()))
    going = Dispute.objects.to_look_at(timezone.now()).order_by("look_at")
    at_stripe(going[:AT_A_TIME], lambda one: Dispute.hear(one.dispute, at=timezone.now()))
    Mark.walk(at=timezone.now())
    if settle_all():
        Check.look(at=timezone.now())


def settle_all() -> bool:
    """Settle what is not in the books yet, as far as it can be now; False where there is more than goes at a time.

    Until all of it was looked at, a comparison would find differences that are none.
    """
    due = list(Movement.objects.due(timezone.now()).order_by("moved_at", "pk")[:MANY])
    of_disputes = [one for one in due if is_of_a_dispute(one)]
    known = set(
        Dispute.objects.filter(dispute__in=[one.source for one in of_disputes]).values_list("dispute", flat=True)
    )
    unknown = [one for one in of_disputes if one.source not in known]
    at_stripe(unknown, lambda one: Dispute.hear(one.source, at=timezone.now()))
    process_each(due, lambda one: one.settle(at=timezone.now()))
    return len(due) < MANY
