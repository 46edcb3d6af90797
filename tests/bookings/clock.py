"""The days on which the tests of bookings take place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 9, 14, tzinfo=UTC)
"""A Monday, ten in the morning in New York; clocks changed the day before."""


def local(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """A time of the clock in New York in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


WEDNESDAY = date(2026, 3, 11)
NINE = local(11, 9)
"""Nine on the Wednesday."""
