"""What this room tells the frame of the house when it moves in."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils import timezone

from coop.web import badges
from members.signals import hours_changed

if TYPE_CHECKING:
    from members.models import Member, User


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        from bookings import notice_kinds, personal_data
        from bookings.receivers import listen

        badges.register("offers", waiting_offers)
        hours_changed.connect(where_to_decide, dispatch_uid="bookings.where_to_decide")
        listen()
        personal_data.listen()
        notice_kinds.listen()


def waiting_offers(user: "User") -> int:
    """How many offers and swaps this person can still answer; one query."""
    from bookings.turns.offers import Offer
    from bookings.turns.swaps import Swap

    now = timezone.now()
    offers = Offer.objects.to_answer(now).filter(member=user.membership).order_by().values("pk")
    swaps = Swap.objects.to_answer(now).filter(other=user.membership).order_by().values("pk")
    return offers.union(swaps, all=True).count()


def where_to_decide(*, subject: "Member", at: datetime, **_facts: Any) -> str:
    """The page on which a member decides about accepted shifts outside their hours; empty when there are none."""
    from bookings.turns.outside_hours import outside_hours

    return reverse("outside_hours") if outside_hours(subject, at=at) else ""
