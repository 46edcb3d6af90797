"""The days on which a quote can be served, a screen at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from bookings.catalog.areas import when_served
from bookings.catalog.closed_days import ClosedDay
from bookings.catalog.pricing import Price
from bookings.households.clients import Client
from bookings.policies import HORIZON_DAYS, LEAD_HOURS
from coop.models import ZipCode

SCREEN = 14


class Wanted(Protocol):
    """Something for which a time is looked for: a quote, or a visit that is to be moved."""

    @property
    def starts_at(self) -> datetime | None: ...

    @property
    def zip(self) -> ZipCode: ...

    @property
    def zone(self) -> ZoneInfo: ...

    def day(self, at: datetime) -> date: ...

    def openings(self, *, first: date, days: int, at: datetime, client: Client | None) -> list[datetime]: ...

    def prices(self, *, first: date, last: date) -> dict[date, Price]: ...


A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day with its start times, earliest first, and the price under the rules of that day."""

    date: date
    times: list[datetime]
    price: Price
    chosen: bool = False


@dataclass(frozen=True)
class Fortnight:
    """One screen of days. `earlier` and `later` are the first days of its neighbours, where there are any.

    On the days of `full` nobody is free, on those of `closed` the co-op is closed. `where` says from or until when it
    comes to the area, if that is not on all of them.
    """

    days: list[Day]
    first: date
    last: date
    earlier: date | None
    later: date | None
    full: list[date]
    closed: list[ClosedDay]
    where: str

    @property
    def chosen(self) -> bool:
        """Is the time chosen before among these?"""
        return any(day.chosen for day in self.days)


def fortnight(quote: Wanted, *, first: date | None, at: datetime, client: Client | None) -> Fortnight:
    """The screen that holds the day `first`; without one, that of the time chosen before, else the first."""
    today = at.astimezone(quote.zone).date()
    end = today + timedelta(days=HORIZON_DAYS.on(today))
    first = _screen(first or quote.day(at), today, end)
    last = min(first + timedelta(days=SCREEN - 1), end)
    times = quote.openings(first=first, days=(last - first).days + 1, at=at, client=client)
    days = _days(quote, times, first, last)
    closed = list(ClosedDay.objects.between(first, last))
    shut = {row.effective_on for row in closed}
    full = _full(days, max(first, today + A_DAY * (1 + LEAD_HOURS.on(today) // 24)), last)
    return Fortnight(
        days=days,
        first=first,
        last=last,
        earlier=first - timedelta(days=SCREEN) if first > today else None,
        later=first + timedelta(days=SCREEN) if last < end else None,
        full=[day for day in full if day not in shut and quote.zip.is_served(day)],
        closed=closed,
        where=when_served(quote.zip, first, last),
    )


def _full(days: list[Day], first: date, last: date) -> list[date]:
    """The days from `first` to `last` that have no times."""
    have = {day.date for day in days}
    return [day for day in (first + A_DAY * number for number in range((last - first).days + 1)) if day not in have]


def _screen(wanted: date, today: date, end: date) -> date:
    wanted = min(max(wanted, today), end)
    return wanted - timedelta(days=(wanted - today).days % SCREEN)


def _days(quote: Wanted, times: list[datetime], first: date, last: date) -> list[Day]:
    prices = quote.prices(first=first, last=last)
    return [
        Day(day, found, prices[max(since for since in prices if since <= day)], quote.starts_at in found)
        for day, found in (
            (day, list(group)) for day, group in groupby(times, lambda time: time.astimezone(quote.zone).date())
        )
    ]
