"""The times for which somebody waits, and the areas."""

from datetime import datetime

from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.waitlist import WaitlistEntry
from members.models import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Each wait, and what became of it."""
    waits = WaitlistEntry.objects.filter(user=user).select_related("service").order_by("pk")
    return {"waiting for": [{"service": str(one.service), "day": one.day, "state": one.state} for one in waits]}


def forget(user: User, at: datetime) -> None:
    """They wait no longer, neither for a time nor for us to come to their area."""
    AreaRequest.objects.filter(email=user.email).delete()
    for wait in WaitlistEntry.objects.filter(
        user=user, state__in=[WaitlistEntry.State.WAITING, WaitlistEntry.State.ASKED]
    ):
        wait.leave(at=at, by=user)


register(PersonalData("home", facts=facts, forget=forget))
