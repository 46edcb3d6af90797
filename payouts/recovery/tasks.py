"""Looking at Stripe, and writing back what was found. Each task takes a number and is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from coop.jobs import sweep
from payouts.recovery.looking import look_if_it_is_time
from payouts.recovery.recoveries import Recovery
from payouts.recovery.writing import write_all


@shared_task(name="payouts.write_back")
def write_back(recovery_id: int) -> None:
    """Write into the books what was found."""
    write_all(Recovery.objects.get(pk=recovery_id), at=timezone.now())


@sweep("payouts.sweep_lookout")
def sweep_lookout() -> None:
    """See whether Stripe has something in our name that the books do not know; write on what is being written."""
    if not settings.STRIPE_API_KEY:
        return
    look_if_it_is_time(at=timezone.now())
    for recovery in Recovery.objects.filter(state=Recovery.State.WRITING):
        write_all(recovery, at=timezone.now())
