"""What an hour of work pays at least: the greater of the law, where and when it is done, and the co-op's own floor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from bookings.catalog.wages.least_wages import LeastWage
from bookings.policies import PAY_FLOOR
from coop.models import ZipCode
from coop.policies import LawBound, read_once, values_by_day

Thing = tuple[str, str, str]
"""A place and a kind of work: state, locality, work."""


@dataclass(frozen=True)
class Floors:
    """The least pay by day, in cents an hour: `own` is what the members voted, `wages` what the law says, oldest
    first.
    """

    own: dict[date, int]
    wages: tuple[LeastWage, ...]

    @classmethod
    def on(cls, days: Iterable[date]) -> "Floors":
        """Of these days. Two queries, whatever their number."""
        own = {day: found[PAY_FLOOR.key] for day, found in values_by_day(days, [PAY_FLOOR]).items()}
        return cls(own, known_wages())

    def law(self, day: date, place: ZipCode | None = None, *, care: bool) -> int:
        """What the law asks for on a day at homes of a place, 0 where nothing is known; without a place, of all places
        that are known.
        """
        held = in_force(self.wages, day).values()
        mine = (one for one in held if (care or one.work == LeastWage.Work.ALL) and (not place or one.holds_at(place)))
        return max((one.cents_per_hour for one in mine), default=0)

    def at(self, day: date, place: ZipCode | None = None, *, care: bool) -> int:
        """What counts: the greater of the two; without a place, what would do everywhere."""
        return max(self.own[day], self.law(day, place, care=care))

    def everywhere(self, day: date) -> int:
        """What nobody's hour is below on a day, wherever and whatever it is."""
        held = in_force(self.wages, day).get(("", "", LeastWage.Work.ALL))
        return max(self.own[day], held.cents_per_hour if held else 0)

    def rises(self, day: date) -> bool:
        """Does the law ask for more than the co-op's own floor anywhere, so that the place has to be looked at?"""
        return self.law(day, care=True) > self.own[day]

    def basic(self, day: date, place: ZipCode) -> int:
        """The basic wage that some laws name for an hour that is not worked; where nothing is known, the own floor."""
        return self.law(day, place, care=False) or self.own[day]


def known_wages() -> tuple[LeastWage, ...]:
    """All that stands in the table, the older first; of the same day the one that was set later comes last."""
    return read_once(
        "least wages", lambda: tuple(LeastWage.objects.standing().order_by("effective_on", "pk").defer("citation"))
    )


def in_force(wages: Iterable[LeastWage], day: date) -> dict[Thing, LeastWage]:
    """Of each place and kind of work the row that holds on a day."""
    return {(one.state, one.locality, one.work): one for one in wages if one.effective_on <= day}


def highest_by_law(day: date) -> int:
    """The most that the law asks for anywhere on a day, for any work."""
    return max((one.cents_per_hour for one in in_force(known_wages(), day).values()), default=0)


LawBound(
    PAY_FLOOR,
    highest_by_law,
    _("By law an hour pays at least %(least)s: the pay floor can only be higher."),
)
