"""Pay moves on. Each task takes a number, fetches, calls one verb, and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import process_each, sweep
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun
from payouts.stripe.sweeping import AT_A_TIME, at_stripe


@shared_task(name="payouts.send_payout")
def send_payout(payout_id: int) -> None:
    """Send one member's pay."""
    Payout.objects.get(pk=payout_id).send(at=timezone.now())


@sweep("payouts.sweep_payouts")
def sweep_payouts() -> None:
    """Pay that is due, pay whose sender went silent, pay that waited for a bank account; and runs that are done.

    And accounts that we have not heard of for long.
    """
    now = timezone.now()
    Payout.objects.without_account().filter(member__payee_account__transfers_active=True).wake(at=now)
    at_stripe(Payout.objects.due(now).order_by("pk")[:AT_A_TIME], lambda payout: payout.send(at=timezone.now()))
    runs = PayRun.objects.filter(state__in=[PayRun.State.APPROVED, PayRun.State.PAYING])
    process_each(runs, lambda run: run.follow(at=timezone.now()))
    payees = PayeeAccount.objects.to_look_at(timezone.now()).order_by("checked_at")
    at_stripe(payees[:AT_A_TIME], lambda payee: payee.look(at=timezone.now()))
