"""What other rooms ask about households."""

from collections.abc import Iterable
from typing import Any

from bookings.households.clients import Client
from coop.models import Event
from members.models import User
from members.signing_in.numbers import numbers


def called_at(phone: Any) -> Iterable[User]:
    """Those whom the office wrote down with this number when they called, and who gave no address."""
    calls = Event.objects.filter(kind=Client._meta.label_lower, verb="by_phone").values("subject")
    return User.objects.filter(client__phone=phone, client__in=calls, email="", claimed_email="")


numbers.claiming.append(called_at)
