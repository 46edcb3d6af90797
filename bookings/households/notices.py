"""How the messages of households are meant, and in which time zone a household lives."""

from bookings.households.clients import Client, Home
from members.models import User
from members.notices import notice_timing
from members.notices.notice_timing import Kind


def zone_of_home(user: User) -> str | None:
    """Where the first of their homes is."""
    homes = Home.objects.filter(client__in=Client.objects.of(user), removed_at=None)
    return homes.order_by("pk").values_list("zip__zone", flat=True).first()


notice_timing.live(zone_of_home)
notice_timing.declare(Kind.ANSWER, "booking_disowned", "household_invited")
