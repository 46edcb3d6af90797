"""Background work of this room: each task takes a number, fetches, calls one verb, and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import each, sweep
from payouts.models import CardRemoval, Charge, GiftCard, PayeeAccount, Payout, PayRun, Refund, WebhookEvent, WorkWeek

AT_A_TIME = 50


@shared_task(name="payouts.move_charge")
def move_charge(charge_id: int) -> None:
    """Take a charge's next step at Stripe."""
    Charge.objects.get(pk=charge_id).move(at=timezone.now())


@shared_task(name="payouts.send_payout")
def send_payout(payout_id: int) -> None:
    """Send one member's pay."""
    Payout.objects.get(pk=payout_id).send(at=timezone.now())


@shared_task(name="payouts.send_refund")
def send_refund(refund_id: int) -> None:
    """Give money back to a client."""
    Refund.objects.get(pk=refund_id).send(at=timezone.now())


@shared_task(name="payouts.follow_event")
def follow_event(event_id: int) -> None:
    """Look at what a webhook told of."""
    WebhookEvent.objects.get(pk=event_id).follow(at=timezone.now())


@shared_task(name="payouts.remove_cards")
def remove_cards(removal_id: int) -> None:
    """Let Stripe forget a customer's cards."""
    CardRemoval.objects.get(pk=removal_id).carry_out(at=timezone.now())


@sweep("payouts.sweep_cards")
def sweep_cards() -> None:
    """Cards that Stripe was not told yet to forget."""
    for removal in CardRemoval.objects.due(timezone.now()).order_by("due_at")[:AT_A_TIME]:
        removal.carry_out(at=timezone.now())


@sweep("payouts.sweep_charges")
def sweep_charges() -> None:
    """Holds to place, visits to charge, holds that ran out, payments to find in the balance, money to give back."""
    for charge in Charge.objects.due(timezone.now()).order_by("due_at")[:AT_A_TIME]:
        charge.move(at=timezone.now())
    for refund in Refund.objects.due(timezone.now()).order_by("due_at")[:AT_A_TIME]:
        refund.send(at=timezone.now())


@sweep("payouts.sweep_payouts")
def sweep_payouts() -> None:
    """Pay that is due, pay whose sender went silent, pay that waited for a bank account; and runs that are done."""
    now = timezone.now()
    Payout.objects.filter(
        state=Payout.State.WAITING, due_at__isnull=True, member__payee_account__transfers_active=True
    ).wake(at=now)
    for payout in Payout.objects.due(now).order_by("pk")[:AT_A_TIME]:
        payout.send(at=timezone.now())
    for run in PayRun.objects.filter(state__in=[PayRun.State.APPROVED, PayRun.State.PAYING]):
        run.follow(at=timezone.now())


@sweep("payouts.sweep_weeks")
def sweep_weeks() -> None:
    """Days and weeks that are over: time between visits, hours over a full week, long days."""
    now = timezone.now()
    each(WorkWeek.objects.due(now).order_by("due_at", "pk")[:AT_A_TIME], lambda week: week.look(at=now))


@sweep("payouts.sweep_webhooks")
def sweep_webhooks() -> None:
    """Events that were not dealt with or never came; gift cards and accounts that we have not heard of for long."""
    WebhookEvent.fill_gaps(at=timezone.now())
    for event in WebhookEvent.objects.due(timezone.now()).order_by("pk")[:AT_A_TIME]:
        event.follow(at=timezone.now())
    for gift in GiftCard.objects.to_look_at(timezone.now()).order_by("look_at")[:AT_A_TIME]:
        gift.look(at=timezone.now())
    for payee in PayeeAccount.objects.to_look_at(timezone.now()).order_by("checked_at")[:AT_A_TIME]:
        payee.look(at=timezone.now())
