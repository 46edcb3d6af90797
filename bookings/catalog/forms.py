"""What the office says about prices: a sum from a day on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.fields import DayField

YEARS = timedelta(days=730)


class DollarField(forms.DecimalField):
    """Dollars and cents as people write them; whole cents come out."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=most,
            max_digits=7,
            decimal_places=2,
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        dollars: Decimal | None = super().clean(value)
        return None if dollars is None else int(dollars * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class DatedForm(forms.Form):
    """From which day on: the days that have begun keep their price."""

    from_day = DayField(label=gettext_lazy("From which day on?"))

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if not -YEARS < day - timezone.localdate() < YEARS:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return day


class ServicePriceForm(DatedForm):
    """What a service costs."""

    rate = DollarField(most=500, label=gettext_lazy("Dollars for an hour of work"))
    fixed = DollarField(
        most=1000,
        label=gettext_lazy("Dollars for each visit on top"),
        help_text=gettext_lazy("0 if there is nothing on top."),
    )

    field_order = ["rate", "fixed", "from_day"]


class AddOnPriceForm(DatedForm):
    """What an extra costs."""

    price = DollarField(most=1000, label=gettext_lazy("Dollars"))

    field_order = ["price", "from_day"]
