"""Public holidays, as the calendars of the country and of each of its states have them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from holidays import country_holidays, list_supported_countries

from coop.policies import Text

NAMES: Mapping[str, Text] = {
    "New Year's Day": _("New Year's Day"),
    "Martin Luther King Jr. Day": _("Martin Luther King Jr. Day"),
    "Lincoln's Birthday": _("Lincoln's Birthday"),
    "Washington's Birthday": _("Washington's Birthday"),
    "Presidents' Day": _("Presidents' Day"),
    "Memorial Day": _("Memorial Day"),
    "Juneteenth National Independence Day": _("Juneteenth"),
    "Independence Day": _("Independence Day"),
    "Labor Day": _("Labor Day"),
    "Columbus Day": _("Columbus Day"),
    "Election Day": _("Election Day"),
    "Veterans Day": _("Veterans Day"),
    "Thanksgiving Day": _("Thanksgiving Day"),
    "Christmas Day": _("Christmas Day"),
}
"""Those that most people know, as we say them; others keep the name that the calendar gives."""


def public_holidays(state: str, first: date, last: date) -> dict[date, Text]:
    """The holidays from `first` to `last` where the state (two letters) keeps them, with their names, in order."""
    years = range(first.year, last.year + 1)
    found = {day: name for year in years for day, name in _of_year(state, year) if first <= day <= last}
    return {day: NAMES.get(name.removesuffix(" (observed)"), name) for day, name in found.items()}


@lru_cache(maxsize=256)
def _of_year(state: str, year: int) -> tuple[tuple[date, str], ...]:
    known = state if state in list_supported_countries()["US"] else None  # an area of the army belongs to no state
    return tuple(sorted(country_holidays("US", subdiv=known, years=year).items()))
