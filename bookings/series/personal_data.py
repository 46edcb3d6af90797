"""The visits of a household that come again, and who comes to them."""

from datetime import datetime

from bookings.households.clients import Client
from bookings.households.personal_data import of_household
from bookings.series.series import Series
from members.models import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Each series as it is now; its visits are told one by one."""
    return of_household(user, _household)


def _household(client: Client) -> Facts:
    series = Series.objects.filter(booking__home__client=client).select_related("booking__service", "regular__user")
    return {
        "series": [
            {
                "service": str(one.booking.service),
                "every": one.get_every_display(),
                "state": one.state,
                "asked_at": one.booking.requested_at,
                "regular person": one.regular.short_name if one.regular else None,
            }
            for one in series.order_by("pk")
        ]
    }


def forget(user: User, at: datetime) -> None:
    """Nothing goes: what happened stays, with a number in place of the person."""


register(PersonalData("home", facts=facts, forget=forget))
