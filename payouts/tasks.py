"""Background work of this room: each task takes a number, fetches, calls one verb, and is safe to run twice."""

from collections.abc import Callable, Iterable

from celery import shared_task
from django.utils import timezone

from coop.jobs import Row, process_each, sweep
from payouts.models import CardRemoval, Charge, GiftCard, PayeeAccount, Payout, PayRun, Refund, WebhookEvent, WorkWeek
from payouts.stripe import calls

AT_A_TIME = 50


def at_stripe(rows: Iterable[Row], step: Callable[[Row], object]) -> None:
    """Take the step with each row; once nobody answers at Stripe, the others wait for a better minute."""

    def ask(row: Row) -> None:
        step(row)
        calls.insist_on_answers()

    calls.listen_anew()
    process_each(rows, ask)


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
    due = CardRemoval.objects.due(timezone.now()).order_by("due_at")
    at_stripe(due[:AT_A_TIME], lambda removal: removal.carry_out(at=timezone.now()))


@sweep("payouts.sweep_charges")
def sweep_charges() -> None:
    """Holds to place, visits to charge, holds that ran out, payments to find in the balance, money to give back."""
    charges = Charge.objects.due(timezone.now()).order_by("due_at")
    at_stripe(charges[:AT_A_TIME], lambda charge: charge.move(at=timezone.now()))
    refunds = Refund.objects.due(timezone.now()).order_by("due_at")
    at_stripe(refunds[:AT_A_TIME], lambda refund: refund.send(at=timezone.now()))


@sweep("payouts.sweep_payouts")
def sweep_payouts() -> None:
    """Pay that is due, pay whose sender went silent, pay that waited for a bank account; and runs that are done."""
    now = timezone.now()
    Payout.objects.without_account().filter(member__payee_account__transfers_active=True).wake(at=now)
    at_stripe(Payout.objects.due(now).order_by("pk")[:AT_A_TIME], lambda payout: payout.send(at=timezone.now()))
    runs = PayRun.objects.filter(state__in=[PayRun.State.APPROVED, PayRun.State.PAYING])
    process_each(runs, lambda run: run.follow(at=timezone.now()))


@sweep("payouts.sweep_weeks")
def sweep_weeks() -> None:
    """Days and weeks that are over: time between visits, hours over a full week, long days."""
    now = timezone.now()
    process_each(WorkWeek.objects.due(now).order_by("due_at", "pk")[:AT_A_TIME], lambda week: week.look(at=now))


@sweep("payouts.sweep_webhooks")
def sweep_webhooks() -> None:
    """Events that were not dealt with or never came; gift cards and accounts that we have not heard of for long."""
    WebhookEvent.fill_gaps(at=timezone.now())
    at_stripe(
        WebhookEvent.objects.due(timezone.now()).order_by("pk")[:AT_A_TIME],
        lambda event: event.follow(at=timezone.now()),
    )
    gifts = GiftCard.objects.to_look_at(timezone.now()).order_by("look_at")
    at_stripe(gifts[:AT_A_TIME], lambda gift: gift.look(at=timezone.now()))
    payees = PayeeAccount.objects.to_look_at(timezone.now()).order_by("checked_at")
    at_stripe(payees[:AT_A_TIME], lambda payee: payee.look(at=timezone.now()))
