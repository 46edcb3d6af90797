"""How often a visit can come again, as a choice."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bookings.policies import DISCOUNTS
from bookings.visits.quotes import Every
from coop.money import percent
from coop.policies import values


def rhythms(least: int = 0) -> list[tuple[int, Any]]:
    """How often (from `least` weeks on; 0 is just once), with what each later visit costs less under today's rules."""
    off = values(timezone.localdate(), DISCOUNTS.values())
    choices: list[tuple[int, Any]] = []
    for every in (one for one in Every if one >= least):
        less = off[DISCOUNTS[every].key] if every else None
        small = _("%s off from the second visit on") % percent(less) if less else ""
        choices.append((every.value, format_html("{}<small>{}</small>", every.label, small) if small else every.label))
    return choices
