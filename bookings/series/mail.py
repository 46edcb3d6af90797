"""What a client is told about their series: other prices, days on which nobody can come, somebody else who comes."""

from datetime import datetime
from typing import TYPE_CHECKING

from members.models import Notice

if TYPE_CHECKING:
    from bookings.series.days import SeriesDay
    from bookings.series.series import Series


def tell_price(series: "Series", row: "SeriesDay", *, at: datetime) -> None:
    """A later visit costs another price than the one before it (the first one's is no measure: it has no discount)."""
    _first, *later = series.days.filter(day__lte=row.day, visit__isnull=False).select_related("visit").order_by("day")
    before = later[-2] if len(later) > 1 else None
    if not before or not before.visit or not row.visit or before.visit.cents == row.visit.cents:
        return
    _tell(series, "series_price", f"{row.day}:{row.visit.cents}", at=at, visit=row.visit, before=before.visit)


def tell_clashes(series: "Series", *, at: datetime) -> None:
    """Days on which nobody can come, in one mail; the series is locked already."""
    clashes = list(series.days.untold_clashes().order_by("day"))
    if clashes:
        _tell(series, "series_clash", f"{clashes[0].day}:{at.timestamp():.0f}", at=at, clashes=clashes)
        series.days.untold_clashes().update(told_at=at)


def tell_reopened(series: "Series", row: "SeriesDay", *, at: datetime) -> None:
    """A day on which nobody could come is open after all: the client says whether they still would like it."""
    _tell(series, "series_reopened", f"{row.day}:{at.timestamp():.0f}", at=at, row=row)


def tell_substitute(series: "Series", row: "SeriesDay", *, at: datetime) -> None:
    """Somebody else than the regular person comes; never why."""
    _tell(series, "substitute", f"{row.day}:{row.substitute_id}", at=at, visit=row.visit, row=row)


def _tell(series: "Series", mail: str, key: str, *, at: datetime, **about: object) -> None:
    facts = {"series": series, "booking": series.booking, **about}
    Notice.post(f"{mail}:{series.pk}:{key}", to=series.booking.client.user, mail=mail, at=at, about=facts)
