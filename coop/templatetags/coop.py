"""The few words that every template may use."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.db.models import Model
from django.utils import formats
from django.utils.translation import ngettext
from lucide.templatetags.lucide import lucide as draw

from coop.http import may as may_do
from coop.money import dollars
from coop.money import percent as say_percent

register = template.Library()
register.filter("percent", say_percent)


@register.filter
def money(cents: int | None) -> str:
    """13500 is $135.00; nothing is nothing."""
    return "" if cents is None else dollars(cents)


@register.filter
def hours(minutes: int) -> str:
    """210 is 3.5 hours, in words."""
    number = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return ngettext("%s hour", "%s hours", 1 if minutes == 60 else 2) % number


@register.filter
def day(moment: datetime, zone: str) -> str:
    """The weekday and date of a moment where the home is, in the reader's language."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "DAY_FORMAT")


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """The time of day of a moment where the home is."""
    return formats.time_format(moment.astimezone(ZoneInfo(zone)), "TIME_FORMAT")


@register.filter
def after(moment: datetime, minutes: int) -> datetime:
    """The moment so many minutes later."""
    return moment + timedelta(minutes=minutes)


@register.simple_tag
def may(user: Any, verb: str, row: Model) -> bool:
    """`{% may user "complete" visit as ok %}`: is this person one of those who may?"""
    return may_do(user, verb, row)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """A small drawing beside words; it says nothing to a screen reader."""
    return draw(name, size=size, **{"aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def bar(parts: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Where each part of a bar starts and how wide it is, in thousandths: `[("worker", 12825), ...]`."""
    parts = list(parts)
    whole = sum(size for _, size in parts) or 1
    drawn, x = [], 0.0
    for name, size in parts:
        width = 1000 * size / whole
        drawn.append({"name": name, "x": f"{x:.1f}", "width": f"{width:.1f}"})
        x += width
    return drawn


@register.simple_tag
def once() -> str:
    """A fresh name for a pair of elements that refer to each other."""
    return f"e{secrets.token_hex(4)}"
