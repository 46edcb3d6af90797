"""What a change of areas touches: the homes, agreements and people there, from its day on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.utils import timezone

from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.waitlist import WaitlistEntry
from bookings.households.clients import Home
from bookings.series.series import Series
from bookings.visits.visits import Visit
from members.models import Member

SHOWN = 20
"""How many visits and series are named, each; the rest is counted."""


@dataclass(frozen=True)
class Touched:
    """How much lies in some areas from a day on, with the first visits and series; of who asked us, the addresses.

    `waiting` are those on the list for a day from then on.
    """

    clients: int
    homes: int
    members: int
    series: int
    visits: int
    waiting: int
    asked: int
    first_series: list[Series]
    first_visits: list[Visit]

    @classmethod
    def within(cls, codes: list[str], *, from_day: date, at: datetime) -> Self:
        """As of now. A constant number of queries."""
        homes = Home.objects.filter(zip__in=codes, removed_at=None)
        series = Series.objects.going().filter(booking__home__zip__in=codes)
        visits = Visit.objects.from_day(from_day).filter(booking__home__zip__in=codes)
        return cls(
            clients=homes.values("client").distinct().count(),
            homes=homes.count(),
            members=Member.objects.here(timezone.localdate(at)).filter(zip__in=codes).count(),
            series=series.count(),
            visits=visits.count(),
            waiting=WaitlistEntry.objects.standing().filter(quote__zip__in=codes, day__gte=from_day).count(),
            asked=AreaRequest.objects.filter(zip__in=codes).values("email").distinct().count(),
            first_series=list(series.with_related().order_by("pk")[:SHOWN]),
            first_visits=list(visits.with_related()[:SHOWN]),
        )
