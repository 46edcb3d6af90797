"""The question which extras somebody wants: a tick for what one has or has not, a number for what can be counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.catalog.extras import AddOn

MANY = ":"
"""Stands between a code and how many: `windows:3`."""


class ExtrasWidget(forms.CheckboxSelectMultiple):
    """Extras as tiles; one of which several can be had asks how many."""

    most: Mapping[str, int] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.wanted = counted(value or ())
        return super().get_context(name, [*(value or ()), *self.wanted], attrs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if self.most.get(str(value), 1) > 1:
            option["template_name"] = "bookings/checkout/how_many.html"
            option["wanted"] = self.wanted[str(value)]
            option["numbers"] = [(n, f"{value}{MANY}{n}") for n in range(1, self.most[str(value)] + 1)]
        return option


class ExtrasField(forms.MultipleChoiceField):
    """The codes of the extras that are wanted, each as often as it is."""

    widget = ExtrasWidget
    default_error_messages = {
        "invalid_choice": _("We do not offer one of these extras any more. Please look at them again."),
        "too_many": _("There can be %(most)s at most of “%(extra)s”."),
    }

    def offer(self, extras: Iterable[AddOn], labels: Mapping[str, Any]) -> None:
        """These can be chosen, under these labels."""
        self.extras = {extra.code: extra for extra in extras}
        self.choices = [(code, labels[code]) for code in self.extras]
        self.widget.most = {code: extra.most for code, extra in self.extras.items()}

    def to_python(self, value: Any) -> list[str]:
        return list(counted(super().to_python(value)).elements())

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for code, number in Counter(value).items():
            extra = self.extras[code]
            if number > extra.most:
                words = {"most": extra.most, "extra": extra}
                raise ValidationError(self.error_messages["too_many"], code="too_many", params=words)


def counted(values: Iterable[str]) -> Counter[str]:
    """What was sent or stands in an address, as how many of each code: `oven`, `windows:3`, or one thing twice."""
    found: Counter[str] = Counter()
    for value in values:
        code, _sign, number = str(value).partition(MANY)
        if code:
            found[code] += int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    return found
