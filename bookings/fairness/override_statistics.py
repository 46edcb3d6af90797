"""Turns that one member decided for another, beside what chance alone would do, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from bookings.fairness.statistics import Decided, Pair, pairs
from bookings.fairness.tallies import Days, decided_otherwise
from members.models import Member

RAREST = 1000


@dataclass(frozen=True)
class Decisions:
    """What one member decided for another in some days."""

    giver: Member
    receiver: Member
    pair: Pair

    @property
    def expected(self) -> float:
        """How many there would be by chance."""
        return float(self.pair.expected)

    @property
    def rare(self) -> str:
        """How often chance alone would do as much."""
        if self.pair.chance >= Fraction(1, 2):
            return _("Chance would do the same.")
        times = round(1 / self.pair.chance)
        if times > RAREST:
            return _("By chance this would happen less than once in 1,000 times.")
        return _("By chance this would happen about once in %(times)d times.") % {"times": _roughly(times)}


def decisions(days: Days, *, since: date) -> tuple[list[Decisions], list[Decisions]]:
    """Those since a day, and all of these days; the least likely first. Two queries."""
    decided = decided_otherwise(days)
    people = Member.objects.select_related("user").in_bulk({id for one in decided for id in (one.giver, one.receiver)})
    return _named([one for one in decided if one.on >= since], people), _named(decided, people)


def _named(decided: Collection[Decided], people: dict[int, Member]) -> list[Decisions]:
    return [Decisions(people[pair.giver], people[pair.receiver], pair) for pair in pairs(decided)]


def _roughly(times: int) -> int:
    """A number as people remember it: 217 is 200."""
    return times if times < 20 else int(round(times, 1 - len(str(times))))
