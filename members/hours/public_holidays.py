"""Public holidays, as the calendars of the country and of each of its states have them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.utils.text import format_lazy
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
    "Susan B. Anthony Day": _("Susan B. Anthony Day"),
    "Christmas Eve": _("Christmas Eve"),
    "Day After Christmas": _("Day After Christmas"),
    "New Year's Eve": _("New Year's Eve"),
    "Good Friday": _("Good Friday"),
    "Holy Thursday": _("Holy Thursday"),
    "Easter Monday": _("Easter Monday"),
    "Day After Thanksgiving": _("Day After Thanksgiving"),
    "Friday After Thanksgiving": _("Friday After Thanksgiving"),
    "Inauguration Day": _("Inauguration Day"),
    "Emancipation Day": _("Emancipation Day"),
    "Patriots' Day": _("Patriots' Day"),
    "Cesar Chavez Day": _("Cesar Chavez Day"),
    "Arbor Day": _("Arbor Day"),
    "Indigenous Peoples' Day": _("Indigenous Peoples' Day"),
    "Native Americans' Day": _("Native Americans' Day"),
    "Constitution Day": _("Constitution Day"),
    "Primary Election Day": _("Primary Election Day"),
    "Family Day": _("Family Day"),
    "Lyndon Baines Johnson Day": _("Lyndon Baines Johnson Day"),
    "Texas Independence Day": _("Texas Independence Day"),
    "San Jacinto Day": _("San Jacinto Day"),
    "Truman Day": _("Truman Day"),
    "Victory Day": _("Victory Day"),
    "Statehood Day": _("Statehood Day"),
    "State Holiday": _("State Holiday"),
    "Epiphany": _("Epiphany"),
    "Three Kings Day": _("Three Kings Day"),
    "Mardi Gras": _("Mardi Gras"),
    "Casimir Pulaski Day": _("Casimir Pulaski Day"),
    "Pioneer Day": _("Pioneer Day"),
    "West Virginia Day": _("West Virginia Day"),
}
"""Those that most people know, as we say them; others keep the name that the calendar gives."""


def public_holidays(state: str, first: date, last: date) -> dict[date, Text]:
    """The holidays from `first` to `last` where the state (two letters) keeps them, with their names, in order."""
    years = range(first.year, last.year + 1)
    found = {day: name for year in years for day, name in _of_year(state, year) if first <= day <= last}
    return {day: _in_words(name) for day, name in found.items()}


def _in_words(name: str) -> Text:
    """As we say it; of two on one day each."""
    said = [NAMES.get(part.removesuffix(" (observed)"), part) for part in name.split("; ")]
    return said[0] if len(said) == 1 else format_lazy("; ".join(["{}"] * len(said)), *said)


@lru_cache(maxsize=256)
def _of_year(state: str, year: int) -> tuple[tuple[date, str], ...]:
    known = state if state in list_supported_countries()["US"] else None  # an area of the army belongs to no state
    return tuple(sorted(country_holidays("US", subdiv=known, years=year).items()))
