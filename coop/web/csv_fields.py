"""What people write into the cells of a table, as they or their spreadsheet write it."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from itertools import pairwise
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from coop.typed.fields import ZipField
from coop.typed.folding import folded

BETWEEN = re.compile(r"[,;|]")
"""What stands between several things in one cell."""
HALF = r"([ap])\.?\s?m\.?"
SPAN = re.compile(
    rf"(\d{{1,2}})(?::(\d\d))?\s*(?:{HALF})?\s*(?:-|–|—|to|a)\s*(\d{{1,2}})(?::(\d\d))?\s*(?:{HALF})?", re.IGNORECASE
)
"""From when to when: 8:00-14:00, 8-14, 8 am to 2 pm."""


class SheetZipField(ZipField):
    """A ZIP code in a cell, where a spreadsheet may have dropped a 0."""

    def to_python(self, value: Any) -> str:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            told = _("%(typed)s is not a ZIP code. It has five digits; a spreadsheet drops a 0 at the front.")
            raise forms.ValidationError(told, params={"typed": value}) from None


class LanguageField(forms.CharField):
    """One of our languages by its code or its name, in any of them; empty is that of the page."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return _language(typed) if typed else (translation.get_language() or "en")[:2]


class LanguagesField(forms.CharField):
    """Several of them."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [_language(one) for one in parts(super().to_python(value) or "")]


class CodesField(forms.CharField):
    """Several things by their codes or names. `known` are the codes by what each is called, folded."""

    known: Mapping[str, str] = {}

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        said = parts(super().to_python(value) or "")
        for one in said:
            if folded(one) not in self.known:
                words = {"one": one, "known": ", ".join(sorted(set(self.known.values())))}
                raise forms.ValidationError(_("We know no “%(one)s”. These are known: %(known)s."), params=words)
        return [self.known[folded(one)] for one in said]


class SpansField(forms.CharField):
    """The hours of one day: 8:00-12:00; 13:00-17:00. On quarters of an hour, one after another."""

    def to_python(self, value: Any) -> list[tuple[time, time]]:  # type: ignore[override]
        spans = [_span(one) for one in parts(super().to_python(value) or "")]
        for (_starts, ends), (starts, _ends) in pairwise(spans):
            if starts < ends:
                raise forms.ValidationError(_("These times overlap."))
        return spans


def parts(cell: str) -> list[str]:
    """The several things of one cell."""
    return [one.strip() for one in BETWEEN.split(cell) if one.strip()]


def _span(typed: str) -> tuple[time, time]:
    found = SPAN.fullmatch(typed)
    if found is None:
        told = _("Please write hours like 8:00-14:00. A spreadsheet may have made a date of “%(typed)s”.")
        raise forms.ValidationError(told, params={"typed": typed})
    starts, ends = _clock(*found.group(1, 2, 3)), _clock(*found.group(4, 5, 6))
    if ends <= starts:
        raise forms.ValidationError(_("The end must be later than the start."))
    return starts, ends


def _clock(hour: str, minute: str | None, half: str | None) -> time:
    hours, minutes = int(hour), int(minute or 0)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half in "pP" else 0)
    if hours > 23 or minutes % 15:
        raise forms.ValidationError(_("Please use full quarters of an hour, like 8:00 or 8:15."))
    return time(hours, minutes)


def _language(typed: str) -> str:
    found = next((code for code, names in language_names().items() if folded(typed) in names), "")
    if not found:
        codes = ", ".join(code for code, _name in settings.LANGUAGES)
        raise forms.ValidationError(_("We write in these languages: %(codes)s."), params={"codes": codes})
    return found


@cache
def language_names() -> dict[str, set[str]]:
    """By what each of our languages is known in a cell: its code, and its name in each of them."""
    known: dict[str, set[str]] = {}
    for code, label in settings.LANGUAGES:
        known[code] = {code, folded(translation.get_language_info(code)["name_local"])}
        for reader, _label in settings.LANGUAGES:
            with translation.override(reader):
                known[code].add(folded(str(label)))
    return known
