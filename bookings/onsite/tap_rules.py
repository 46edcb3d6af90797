"""What a phone says of a tap at the door, and what of it counts: when it was, and how far from the home. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from statistics import median

from bookings.matching.openings import KM_PER_DEGREE

LONGEST_WAIT = timedelta(days=3)
"""A tap that says it lay on a phone for longer than this is taken to be of the moment at which it came."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """Where a phone was, in degrees, and within how many meters it is sure of that."""

    latitude: float
    longitude: float
    accuracy: int

    @property
    def point(self) -> Point:
        return self.latitude, self.longitude

    def meters_from(self, there: Point) -> int:
        """The straight line, in whole meters."""
        return meters(self.point, there)


@dataclass(frozen=True)
class Said:
    """What a phone says of a tap: its own clock then and at the sending, and where it was. Each may be missing."""

    device_at: datetime | None = None
    sent_at: datetime | None = None
    place: Place | None = None

    @property
    def waited(self) -> timedelta | None:
        """How long the tap lay on the phone, by the phone's clock twice; None where that makes no sense."""
        if self.device_at is None or self.sent_at is None:
            return None
        waited = self.sent_at - self.device_at
        return waited if timedelta() <= waited <= LONGEST_WAIT else None

    def moment(self, received_at: datetime) -> datetime:
        """When the tap was: as long before it came as it had waited, however wrong the phone's clock may be."""
        return received_at - (self.waited or timedelta())

    def clock_is_off(self, received_at: datetime, *, by: timedelta) -> bool:
        """Does the phone's clock differ from ours by more than this, or contradict itself?"""
        if self.sent_at is None:
            return False
        return abs(self.sent_at - received_at) > by or (self.device_at is not None and self.waited is None)


def meters(here: Point, there: Point) -> int:
    """The straight line between two points, in whole meters; good for the size of a city."""
    (a, b), (c, d) = here, there
    return round(1000 * KM_PER_DEGREE * hypot(a - c, (b - d) * cos(radians(a))))


def middle(points: Sequence[Point]) -> Point:
    """The point in the middle of several: one that is far off moves it little."""
    return median(point[0] for point in points), median(point[1] for point in points)
