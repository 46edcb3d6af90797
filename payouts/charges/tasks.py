"""Money from clients moves on. Each task takes a number, fetches, calls one verb, and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import sweep
from payouts.charges.card_removals import CardRemoval
from payouts.charges.charges import Charge
from payouts.charges.gift_cards import GiftCard
from payouts.charges.refunds import Refund
from payouts.stripe.sweeping import AT_A_TIME, at_stripe


@shared_task(name="payouts.move_charge")
def move_charge(charge_id: int) -> None:
    """Take a charge's next step at Stripe."""
    Charge.objects.get(pk=charge_id).move(at=timezone.now())


@shared_task(name="payouts.send_refund")
def send_refund(refund_id: int) -> None:
    """Give money back to a client."""
    Refund.objects.get(pk=refund_id).send(at=timezone.now())


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
    """Holds to place, visits to charge, holds that ran out, payments to find in the balance, money to give back.

    And gift cards that we have not heard of for long.
    """
    charges = Charge.objects.due(timezone.now()).order_by("due_at")
    at_stripe(charges[:AT_A_TIME], lambda charge: charge.move(at=timezone.now()))
    refunds = Refund.objects.due(timezone.now()).order_by("due_at")
    at_stripe(refunds[:AT_A_TIME], lambda refund: refund.send(at=timezone.now()))
    gifts = GiftCard.objects.to_look_at(timezone.now()).order_by("look_at")
    at_stripe(gifts[:AT_A_TIME], lambda gift: gift.look(at=timezone.now()))
