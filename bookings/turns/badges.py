"""How many offers and swaps wait for a member: the number on their tab."""

from django.utils import timezone

from bookings.turns.offers.offers import Offer
from bookings.turns.swaps.swaps import Swap
from coop.web import badges
from members.models import User


def waiting_offers(user: User) -> int:
    """How many offers and swaps this person can still answer; one query."""
    now = timezone.now()
    offers = Offer.objects.to_answer(now).filter(member=user.membership).order_by().values("pk")
    swaps = Swap.objects.to_answer(now).filter(other=user.membership).order_by().values("pk")
    return offers.union(swaps, all=True).count()


badges.register("offers", waiting_offers)
