"""Which areas come or go: a county by its name, or a list of ZIP codes from wherever."""

import re
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.form_fields import Tiles, near
from coop import postal_areas
from coop.models import ZipCode
from coop.typed.fields import DayField, LineField
from coop.typed.text import one_line, zip_code

ADD, REMOVE = "add", "remove"
MOST_LETTERS = 20_000
MOST_NAMED = 20
"""How many rows that cannot be read are named, each; of a whole page of something else that is enough."""


class CountiesInput(forms.TextInput):
    """A line with the names of near counties to choose from; any other can be typed."""

    template_name = "bookings/office/counties_input.html"
    offered: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "counties"
        return context | {"offered": self.offered}


class AreasForm(forms.Form):
    """What is to change. Each row that cannot be read is named, and nothing that was typed is lost."""

    what = forms.ChoiceField(
        label=gettext_lazy("What will change?"),
        choices=[(ADD, gettext_lazy("We come to more areas")), (REMOVE, gettext_lazy("We stop coming to some"))],
        widget=Tiles,
        initial=ADD,
    )
    county = LineField(
        label=gettext_lazy("A whole county"), required=False, max_length=80, help_text="Kings County, NY"
    )
    codes = forms.CharField(
        label=gettext_lazy("ZIP codes"),
        required=False,
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("As many as you like, from a list or a table: with spaces, commas or lines between."),
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "text"}),
    )
    from_day = DayField(
        label=gettext_lazy("From which day on?"),
        help_text=gettext_lazy("It counts for visits of that day and later ones. Until then it can be taken back."),
    )
    reason = LineField(label=gettext_lazy("Why?"), max_length=200, help_text=gettext_lazy("Every member can read it."))

    def __init__(self, data: Any, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.states = sorted(set(ZipCode.objects.values_list("state", flat=True)))
        near = tuple(f"{county}, {state}" for state in self.states for county in postal_areas.counties(state))
        self.fields["county"].widget = CountiesInput()
        self.fields["county"].widget.offered = near

    def clean_county(self) -> list[str]:
        """The ZIP codes of the county."""
        said = self.cleaned_data["county"]
        found = postal_areas.find_counties(said, near=self.states) if said else []
        if said and not found:
            unknown = _("We know no county “%(name)s”. Write it as “Kings County, NY”.")
            raise ValidationError(unknown, params={"name": said})
        if len(found) > 1:
            names = " · ".join(f"{county}, {state}" for state, county in found)
            raise ValidationError(_("Which one do you mean: %(names)s?"), params={"names": names})
        return [code for state, county in found for code in _within(state, county)]

    def clean_from_day(self) -> date:
        return near(self.cleaned_data["from_day"])

    def clean_codes(self) -> list[str]:
        """The ZIP codes of the list, each once."""
        rows = [one_line(row) for row in re.split(r"[\s,;]+", self.cleaned_data["codes"])]
        wanted = dict.fromkeys(filter(None, rows))
        known = postal_areas.of_codes(filter(None, map(_code, wanted)))
        wrong = [row for row in wanted if _code(row) not in known]
        if wrong:
            said = [_("%(row)s: no such ZIP code") % {"row": row[:30]} for row in wrong[:MOST_NAMED]]
            more = [_("… and %(n)s more") % {"n": len(wrong) - MOST_NAMED}] if len(wrong) > MOST_NAMED else []
            raise ValidationError([ValidationError(line) for line in said + more])
        return list(known)

    def clean(self) -> None:
        told = self.cleaned_data
        if not self.errors and not told["county"] and not told["codes"]:
            raise ValidationError(_("Name a county, or ZIP codes."))

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The ZIP codes to `add` and to `remove` of those that would really change; only of a valid form."""
        told = self.cleaned_data
        codes = sorted({*told["county"], *told["codes"]})
        served = set(ZipCode.objects.served(told["from_day"]).filter(code__in=codes).values_list("code", flat=True))
        if told["what"] == ADD:
            return {"add": [code for code in codes if code not in served], "remove": []}
        return {"add": [], "remove": [code for code in codes if code in served]}


def seen(chosen: dict[str, list[str]], from_day: date | None) -> str:
    """A short name for exactly these changes of a day: whoever sends it back has seen what they touch."""
    return sha256(f"{chosen}{from_day}".encode()).hexdigest()[:20]


def _within(state: str, county: str) -> list[str]:
    """Where mail is delivered in this county, and whatever is served there besides."""
    served = ZipCode.objects.served_from(timezone.localdate()).filter(state=state, county=county)
    return [area.code for area in (*postal_areas.of_county(state, county), *served)]


def _code(row: str) -> str:
    try:
        return zip_code(row)
    except ValidationError:
        return ""
