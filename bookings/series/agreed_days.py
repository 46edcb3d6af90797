"""Where a series goes on: its days in an area that the co-op leaves."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from bookings.catalog.area_changes import AreaChange
from bookings.matching.recurrence import Occasion

if TYPE_CHECKING:
    from bookings.series.series import Series


def where_we_come(series: "Series", found: list[Occasion]) -> list[Occasion]:
    """Of these days in order, those on which the co-op comes there; all of them if it had not said yet that it leaves.

    At most one query, and none where it stays.
    """
    area = series.booking.home.zip
    outside = [one.day for one in found if not area.is_served(one.day)]
    if not outside or _agreed_before_we_said_so(series, outside[-1]):
        return found
    return [one for one in found if one.day not in outside]


def _agreed_before_we_said_so(series: "Series", day: date) -> bool:
    said = AreaChange.objects.ending(series.booking.home.zip_id, day)
    return said is None or said.set_on is None or timezone.localdate(series.booking.requested_at) <= said.set_on
