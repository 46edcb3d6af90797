"""What the office says about prices: a sum, and what the work takes, from a day on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bookings.catalog.extras import AddOn
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.pricing import Takes, Tariff
from bookings.catalog.services import Service
from bookings.form_fields import near
from coop.typed.fields import DayField

TYPICAL = Takes(base_minutes=75, bedroom_minutes=45, bathroom_minutes=45)
"""What work by rooms often takes, as a first proposal."""
A_DAY = timedelta(days=1)


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


class MinutesField(forms.IntegerField):
    """Whole minutes."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, **kwargs)


class DatedForm(forms.Form):
    """From which day on: the days that have begun keep what held."""

    from_day = DayField(label=gettext_lazy("From which day on?"))

    def clean_from_day(self) -> date:
        return near(self.cleaned_data["from_day"])

    @property
    def wanted(self) -> dict[str, Any]:
        """What is typed as far as it is understood; the rest as it stands."""
        return {**self.initial, **getattr(self, "cleaned_data", {})}


class ServicePriceForm(DatedForm):
    """What a service costs, how long it takes, and how many come."""

    rate = DollarField(most=500, label=gettext_lazy("Dollars for an hour of work"))
    fixed = DollarField(
        most=1000,
        label=gettext_lazy("Dollars for each visit on top"),
        help_text=gettext_lazy("0 if there is nothing on top."),
    )
    base_minutes = MinutesField(most=720, label=gettext_lazy("Minutes for any home"))
    bedroom_minutes = MinutesField(most=240, label=gettext_lazy("Minutes more for each bedroom"))
    bathroom_minutes = MinutesField(most=240, label=gettext_lazy("Minutes more for each bathroom"))
    crew = forms.IntegerField(
        min_value=1,
        max_value=6,
        label=gettext_lazy("How many come together at least?"),
        help_text=gettext_lazy("They share the minutes. Our rules may send two to a big home even so."),
    )

    field_order = ["rate", "fixed", "base_minutes", "bedroom_minutes", "bathroom_minutes", "crew", "from_day"]

    @classmethod
    def about(cls, service: Service, data: Any, *, today: date) -> "ServicePriceForm":
        """The form as the price of tomorrow stands; a first one begins today, at the least that pays the floor."""
        listed = service.prices.in_force(today + A_DAY).first()
        if listed:
            sums = {"rate": listed.cents_per_hour, "fixed": listed.fixed_cents, "from_day": today + A_DAY}
            form = cls(data, initial={**sums, **vars(listed.takes)})
        else:
            takes = Takes() if service.by_the_hour else TYPICAL
            least = service.least_rate(fixed_cents=0, rules=PriceRules.on(today, care=service.is_care), takes=takes)
            form = cls(data, initial={"rate": least, "fixed": 0, "from_day": today, **vars(takes)})
        if service.by_the_hour:
            for name in ("base_minutes", "bedroom_minutes", "bathroom_minutes"):
                del form.fields[name]
        return form

    @property
    def takes(self) -> Takes:
        return Takes(**{name: self.wanted[name] for name in vars(Takes())})

    @property
    def tariff(self) -> Tariff:
        return Tariff(self.wanted["rate"], self.wanted["fixed"], self.takes)


class AddOnPriceForm(DatedForm):
    """What an extra costs, and how long it takes."""

    price = DollarField(most=1000, label=gettext_lazy("Dollars"))
    minutes = MinutesField(most=480, label=gettext_lazy("Minutes that it takes"))

    field_order = ["price", "minutes", "from_day"]

    @classmethod
    def about(cls, extra: AddOn, data: Any, *, today: date) -> "AddOnPriceForm":
        """The form as the price of tomorrow stands; a first one begins today."""
        listed = extra.prices.in_force(today + A_DAY).first()
        if listed:
            start = {"price": listed.cents, "minutes": listed.minutes, "from_day": today + A_DAY}
        else:
            start = {"price": 0, "minutes": 0, "from_day": today}
        return cls(data, initial=start)
