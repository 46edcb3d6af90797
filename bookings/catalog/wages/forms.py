"""What somebody writes down about a law: where, for which work, how much, since when, and where it is written."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.price_pages.price_forms import DollarField
from bookings.catalog.wages.least_wages import EARLIEST, LeastWage
from bookings.form_fields import FAR
from coop.models import ZipCode
from coop.typed.fields import DayField, LineField

Choices = list[tuple[str, Any]]


def places() -> Choices:
    """Where a law may hold: wherever the co-op works, a state, or a county or city in which it does. Two queries."""
    served = ZipCode.objects.served_from(timezone.localdate()).order_by()
    counties = sorted(set(served.values_list("state", "county")))
    cities = sorted(set(served.values_list("state", "city")) - set(counties))
    within = [(f"{state}|{name}", f"{name}, {state}") for state, name in [*counties, *cities]]
    states = [(f"{state}|", state) for state in sorted({state for state, _name in counties})]
    return [("|", _("wherever we work")), *states, *within]


class LeastWageForm(forms.Form):
    """One row of the law."""

    place = forms.ChoiceField(label=gettext_lazy("Where does it hold?"))
    work = forms.ChoiceField(label=gettext_lazy("For which work?"), choices=LeastWage.Work.choices)
    rate = DollarField(most=500, label=gettext_lazy("Dollars for an hour of work"))
    from_day = DayField(label=gettext_lazy("From which day on?"))
    citation = LineField(
        label=gettext_lazy("Where is it written?"),
        max_length=200,
        help_text=gettext_lazy("The law or the rule with its number, so that others find it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places()  # type: ignore[attr-defined]

    def clean_rate(self) -> int:
        cents: int = self.cleaned_data["rate"]
        if not cents:
            raise forms.ValidationError(_("It is more than nothing."))
        return cents

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if not EARLIEST <= day < timezone.localdate() + FAR:
            raise forms.ValidationError(_("Choose a day within the next two years, or one since 2000."))
        return day

    @property
    def said(self) -> dict[str, Any]:
        """As the verb takes it."""
        state, _bar, locality = self.cleaned_data["place"].partition("|")
        facts = {name: self.cleaned_data[name] for name in ("work", "from_day", "citation")}
        return {"state": state, "locality": locality, "cents": self.cleaned_data["rate"], **facts}
