"""Figures of laws that are known here with their source, to begin with: a person looks at them and writes them down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bookings.catalog.wages.least_wages import LeastWage

DOWNSTATE = ("Kings", "Queens", "New York", "Bronx", "Richmond", "Nassau", "Suffolk", "Westchester")
"""The counties of New York City, Long Island and Westchester, where New York's law asks for more."""


@dataclass(frozen=True)
class Known:
    """A figure: where, for which work, cents an hour, since when, and where it is written."""

    state: str
    locality: str
    work: str
    cents: int
    since: date
    citation: str

    @property
    def key(self) -> str:
        return f"{self.state}-{self.locality}-{self.work}-{self.since}".lower().replace(" ", "-")

    @property
    def initial(self) -> dict[str, Any]:
        """As the form to write it down has it."""
        sums = {"rate": self.cents, "from_day": self.since, "citation": self.citation, "work": self.work}
        return {"place": f"{self.state}|{self.locality}", **sums}

    @property
    def wage(self) -> LeastWage:
        """As a row that is not written, for its words."""
        return LeastWage(state=self.state, locality=self.locality, work=self.work, cents_per_hour=self.cents)


FEDERAL = Known("", "", LeastWage.Work.ALL, 725, date(2009, 7, 24), "29 U.S.C. 206(a)(1)(C)")


def known_figures(counties: Iterable[tuple[str, str]]) -> list[Known]:
    """Those for the places where the co-op works, given as state and county."""
    found = [FEDERAL]
    for state, county in counties:
        if state == "NY" and county.removesuffix(" County") in DOWNSTATE:
            since = date(2026, 1, 1)
            found.append(Known(state, county, LeastWage.Work.ALL, 1700, since, "12 NYCRR 142-2.1"))
            found.append(Known(state, county, LeastWage.Work.CARE, 1965, since, "Public Health Law 3614-f"))
    return found
