"""What pages tell a client before they change a visit: other times, prices, fees, and who gets what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.catalog.pricing import Price, share_out
from bookings.households.clients import Client
from bookings.policies import MOST_MOVES, shares_on
from bookings.visits.quotes import days_of_prices
from bookings.visits.visits import Visit
from coop.errors import Refusal
from coop.models import ZipCode


@dataclass(frozen=True)
class Elsewhen:
    """A visit for which another time is looked for, as `fortnight` and the grid of times read it."""

    visit: Visit
    starts_at: datetime | None

    @classmethod
    def of(cls, visit: Visit) -> "Elsewhen":
        return cls(visit, visit.starts_at)

    @property
    def zone(self) -> ZoneInfo:
        return self.visit.zone

    @property
    def zip(self) -> ZipCode:
        return self.visit.booking.home.zip

    @property
    def cents(self) -> int:
        return self.visit.cents

    @property
    def minutes(self) -> int:
        return self.visit.minutes

    def day(self, at: datetime) -> date:
        return self.visit.day

    def openings(self, *, first: date, days: int, at: datetime, client: Client | None) -> list[datetime]:
        return self.visit.openings(first=first, days=days, at=at)

    def prices(self, *, first: date, last: date) -> dict[date, Price]:
        return {day: self.visit.price_on(day) for day in days_of_prices(first, last)}


@dataclass(frozen=True)
class Move:
    """One other time before it is chosen: what it costs, and what the move means."""

    starts_at: datetime
    ends_at: datetime
    price: Price
    parts: list[tuple[str, int]]
    left: int
    keeps_clock: bool

    @classmethod
    def to(cls, starts_at: datetime, visit: Visit, *, at: datetime) -> "Move":
        day = starts_at.astimezone(visit.zone).date()
        price = visit.price_on(day)
        return cls(
            starts_at=starts_at,
            ends_at=starts_at + (visit.ends_at - visit.starts_at) * price.minutes / visit.minutes,
            price=price,
            parts=share_out(price.cents, shares_on(day)),
            left=visit.moves_left(at) - 1,
            keeps_clock=bool(visit.cancellation(at).cents),
        )


def about_changes(visit: Visit, *, at: datetime) -> dict[str, Any]:
    """For the page of a visit: may it be moved, and what does cancelling cost now?"""
    if visit.state != Visit.State.SCHEDULED:
        return {}
    try:
        visit.check_move(at)
        why_not = ""
    except Refusal as no:
        why_not = str(no)
    return {
        "cancellation": visit.cancellation(at),
        "fails": visit.fails(at),
        "not_moved": why_not,
        "moves_left": visit.moves_left(at),
        "most_moves": MOST_MOVES.on(timezone.localdate(at)),
    }
