"""A few households of the demo whose visits come again and again at the same time."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bookings.models import Offer, Series, Shift

if TYPE_CHECKING:
    from coop.dev.demo.days import Town
    from coop.dev.demo.founding import Household

MOST_SERIES = 4
WITHIN = timedelta(weeks=9)
A_DAY = timedelta(days=1)


def weeks(town: "Town", household: "Household") -> int:
    """Every how many weeks this household wants a series from now on; 0 for a visit at a time."""
    lately = town.days.until - town.days.now < WITHIN
    return household.every_days // 7 if lately and town.series < MOST_SERIES else 0


def live(town: "Town", series: Series) -> None:
    """What the sweeps do for a series, once a day: book ahead, ask who comes; and whoever said yes comes."""
    now, mine = town.days.now, Shift.objects.filter(visit__booking__series=series)
    Series.objects.with_related().get(pk=series.pk).extend(at=now)
    for shift in Shift.objects.to_ask(now).with_related().filter(pk__in=mine.values("pk")).order_by("starts_at"):
        shift.offer_next(at=now)
        for offer in Offer.objects.waiting().filter(shift=shift.pk):
            town.wait_for(offer)
    for shift in mine.filter(starts_at__gt=now, starts_at__lte=now + A_DAY):
        town.expect(shift)
    town.days.plan(now + A_DAY, lambda: live(town, series))
