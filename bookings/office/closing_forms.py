"""What the office says about days on which the co-op is closed, and about the hours in which visits can be booked."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.bookable_hours import clock
from bookings.form_fields import near
from coop.typed.fields import ClockField, DayField, LineField
from members.hours.free_hours import Minutes

MIDNIGHT = time(0)


class CloseDaysForm(forms.Form):
    """From which day until which, and what clients read about it."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    words_en = LineField(label=gettext_lazy("Why, in English"), max_length=80)
    words_es = LineField(label=gettext_lazy("Why, in Spanish"), max_length=80)

    def clean_first(self) -> date:
        return near(self.cleaned_data["first"])

    def clean_last(self) -> date:
        return near(self.cleaned_data["last"])


class BookableHoursForm(forms.Form):
    """From when until when each weekday, and from which day on."""

    from_day = DayField(label=gettext_lazy("From which day on?"))

    def __init__(self, data: Any, *, week: tuple[Minutes, ...], from_day: date) -> None:
        super().__init__(data, initial={"from_day": from_day})
        for number, (low, high) in enumerate(week):
            told = (clock(low), clock(high)) if low < high else (None, None)
            for name, label, told_time in zip(("opens", "closes"), (_("from"), _("until")), told, strict=True):
                field = ClockField(label=f"{WEEKDAYS[number]}, {label}", required=False)
                self.fields[f"{name}_{number}"], self.initial[f"{name}_{number}"] = field, told_time

    def clean_from_day(self) -> date:
        return near(self.cleaned_data["from_day"])

    def clean(self) -> None:
        for number in range(7):
            opens, closes = self._told(number)
            unread = {f"opens_{number}", f"closes_{number}"} & self.errors.keys()
            if (opens is None) != (closes is None) and not unread:
                self.add_error(f"closes_{number}", _("Say both times, or neither for a day without visits."))
            low, high = _span(opens, closes)
            if low >= high and None not in (opens, closes):
                self.add_error(f"closes_{number}", _("It ends before it begins."))

    @property
    def week(self) -> list[Minutes]:
        """From and to of each weekday in minutes, Monday first; 0 to 0 for a day without visits."""
        return [_span(*self._told(number)) for number in range(7)]

    def _told(self, number: int) -> tuple[time | None, time | None]:
        return self.cleaned_data.get(f"opens_{number}"), self.cleaned_data.get(f"closes_{number}")

    def days(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each weekday with its two fields."""
        for number in range(7):
            yield str(WEEKDAYS[number]), self[f"opens_{number}"], self[f"closes_{number}"]


def _span(opens: time | None, closes: time | None) -> Minutes:
    """In minutes; what is open until midnight ends with the day."""
    if opens is None or closes is None:
        return 0, 0
    low, high = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    return low, high if closes != MIDNIGHT else 1440
