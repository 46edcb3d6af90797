"""The few words that every template may use."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.db.models import Model
from django.forms import BaseForm
from django.template import Context
from django.utils import formats
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext
from lucide.templatetags.lucide import lucide as draw

from coop.money import dollars
from coop.money import percent as say_percent
from coop.typed.fields import say_phone
from coop.typed.text import isolate
from coop.web import badges
from coop.web.http import may as may_do
from coop.web.places import Place, places_of
from coop.web.stylesheets import sheets

register = template.Library()
register.filter("percent", say_percent)
register.filter("phone", say_phone)
register.simple_tag(sheets, name="stylesheets")


@register.simple_tag(takes_context=True)
def places(context: Context) -> dict[str, list[Place]]:
    """Where whoever reads the page may go, group by group."""
    return places_of(context["user"])


@register.simple_tag(takes_context=True)
def way_to(context: Context, place: Place) -> str:
    """Where a place is for whoever reads the page."""
    return place.address(context["user"])


@register.filter
def whole_percent(share: Fraction | None) -> str:
    """A share as people say it: 0.704 is 70%; nothing of nothing is a dash."""
    return "–" if share is None else f"{round(100 * share)}%"


@register.filter
def money(cents: int | None) -> str:
    """13500 is $135.00; nothing is nothing."""
    return "" if cents is None else dollars(cents)


@register.filter
def apart(words: object) -> str:
    """A sentence of ours with somebody's name in it: one that is written from the right turns nothing around it."""
    return isolate(str(words))


@register.filter
def unbroken(name: str) -> str:
    """A name that breaks between its words and not at its hyphens."""
    return name.replace("-", "\u2011")


@register.filter
def hours(minutes: int) -> str:
    """210 is 3.5 hours, in words."""
    return ngettext("%s hour", "%s hours", 1 if minutes == 60 else 2) % in_hours(minutes)


@register.filter
def in_hours(minutes: int) -> str:
    """210 is 3.5, for a place where the word stands beside it."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


@register.filter
def day(moment: datetime, zone: str) -> str:
    """The weekday and date of a moment where the home is, in the reader's language."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "DAY_FORMAT")


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """The time of day of a moment where the home is."""
    return formats.time_format(moment.astimezone(ZoneInfo(zone)), "TIME_FORMAT")


@register.filter
def is_list(value: object) -> bool:
    """Are these several things?"""
    return isinstance(value, list)


@register.filter
def after(moment: datetime, minutes: int) -> datetime:
    """The moment so many minutes later."""
    return moment + timedelta(minutes=minutes)


@register.simple_tag
def may(user: Any, verb: str, row: Model) -> bool:
    """`{% may user "complete" visit as ok %}`: is this person one of those who may?"""
    return may_do(user, verb, row)


@register.simple_tag
def waiting(user: Any) -> dict[str, int]:
    """`{% waiting user as counts %}`: how many things wait for this person, by the name of the tab."""
    return badges.of(user)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """A small drawing beside words; it says nothing to a screen reader."""
    return draw(name, size=size, **{"aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def bar(parts: Iterable[tuple[str, int]], least: int = 0) -> list[dict[str, Any]]:
    """Where each part of a bar starts and how wide it is, in thousandths: `[("worker", 12825), ...]`.

    What is taken away is drawn like what is given. A part is at least `least` wide, so that 1 % can still be seen.
    """
    parts = list(parts)
    whole = sum(abs(size) for _, size in parts) or 1
    widths = [max(1000 * abs(size) / whole, least if size else 0) for _, size in parts]
    too_wide = sum(widths) - 1000
    if too_wide > 0:
        widths[widths.index(max(widths))] -= too_wide
    return [
        {"name": name, "size": size, "x": f"{sum(widths[:place]):.1f}", "width": f"{widths[place]:.1f}"}
        for place, (name, size) in enumerate(parts)
    ]


@register.filter
def thousandths(part: float | Fraction, whole: float = 1) -> str:
    """How far along a bar of `whole` a mark stands, in thousandths, never past its end."""
    return f"{min(1000 * float(part) / (whole or 1), 1000):.1f}"


@register.simple_tag
def here(path: str, there: str) -> str:
    """Marks a link to this page, or to the page that this one belongs to, as where the reader is."""
    if path == there:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"') if path.startswith(f"{there}/") else ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, and the name of the place on the page where it is put right, if it is seen."""

    label: str
    why: str
    place: str


@register.simple_tag
def faults(form: BaseForm) -> list[Fault]:
    """`{% faults form as faults %}`: what is wrong with each field, in the order of the page."""
    return [
        Fault(str(field.label), str(why), "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0")
        for field in form
        for why in field.errors
    ]


@register.simple_tag
def once() -> str:
    """A fresh name for a pair of elements that refer to each other."""
    return f"e{secrets.token_hex(4)}"
