"""What somebody is looked for for: a slot of time, and what the work asks of whoever comes. Pure: no rows, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.catalog.pricing import minutes_each
from bookings.matching.openings import Window
from coop.models import ZipCode
from members.hours.free_hours import Hours
from members.hours.public_holidays import public_holidays

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Slot:
    """Work in time: `minutes` of it, shared by a `crew`, and after it the least `travel` (minutes) to the next home."""

    start: datetime
    minutes: int
    crew: int
    travel: int

    @property
    def each(self) -> int:
        """Minutes that each of the crew is there."""
        return minutes_each(self.minutes, self.crew)

    @property
    def ends_at(self) -> datetime:
        return self.start + self.each * MINUTE

    @property
    def free_at(self) -> datetime:
        """When whoever came may be at the next home."""
        return self.ends_at + self.travel * MINUTE

    @property
    def span(self) -> DateTimeTZRange:
        """All the time that it takes of somebody, of which nobody has two that overlap."""
        return DateTimeTZRange(self.start, self.free_at)

    @property
    def times(self) -> dict[str, Any]:
        """The same as the fields of a shift."""
        return {"starts_at": self.start, "ends_at": self.ends_at, "span": self.span}


@dataclass(frozen=True)
class Wish:
    """What the work asks of whoever comes.

    Where it is, what they must be able to do and hold, for which client (by id, if they are known), the `language` to
    speak (empty for any), and the animals that live there.
    """

    zip: ZipCode
    skill: str
    credential: str
    client: int | None
    language: str = ""
    pets: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zip.zone)


@dataclass(frozen=True)
class Need:
    """A wish at a time. `shift` is the id of the shift itself, so that it does not stand in its own way."""

    slot: Slot
    wish: Wish
    shift: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.wish.zone

    @property
    def first_day(self) -> date:
        return self.slot.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The local day on which its last minute lies."""
        return (self.slot.ends_at - timedelta(microseconds=1)).astimezone(self.zone).date()

    def fits(self, hours: Hours) -> bool:
        """Does it lie inside somebody's hours? Asked as `openings` asks, so that what was sold can be kept."""
        window = Window(self.first_day, (self.last_day - self.first_day).days + 1, self.zone)
        holidays = public_holidays(self.wish.zip.state, self.first_day, self.last_day)
        return not window.outer((self.slot.start, self.slot.ends_at)) & ~window.worked(hours, holidays)
