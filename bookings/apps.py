"""What this room tells the frame of the house when it moves in."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils import timezone

from coop import badges

if TYPE_CHECKING:
    from members.models import User


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        badges.register("offers", waiting_offers)


def waiting_offers(user: "User") -> int:
    """How many offers this person can still answer."""
    from bookings.models import Offer

    return Offer.objects.to_answer(timezone.now()).filter(member=user.membership).count()
