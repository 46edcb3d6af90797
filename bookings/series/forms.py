"""Changing a series: another rhythm, a pause, an end."""

from datetime import datetime, time

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.form_fields import Tiles
from bookings.series.choices import rhythms
from bookings.series.days import SeriesDay
from bookings.series.series import Series
from coop.typed.fields import DayField
from members.models import User

CLOCKS = [time(hour, minute) for hour in range(6, 22) for minute in (0, 30)]


class RhythmForm(forms.Form):
    """Another weekday, time or rhythm, from one of the coming visits on."""

    since = forms.ChoiceField(label=_("From which visit on?"))
    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=list(WEEKDAYS.items()))
    clock = forms.ChoiceField(label=pgettext_lazy("of day", "Time"))
    every = forms.TypedChoiceField(label=_("How often?"), coerce=int, choices=lambda: rhythms(least=1), widget=Tiles)

    def __init__(self, data: QueryDict | None = None, *, series: Series, days: list[SeriesDay]) -> None:
        self.series = series
        rule = series.rules()[-1]
        now = {"weekday": rule.first.weekday(), "clock": f"{rule.clock:%H:%M}", "every": rule.every}
        super().__init__(data, initial=now)
        self.days = {str(row.day): row.day for row in days}
        clocks = sorted({*CLOCKS, rule.clock})
        self.fields["since"].choices = [(key, date_format(day, "DAY_FORMAT")) for key, day in self.days.items()]  # type: ignore[attr-defined]
        self.fields["clock"].choices = [(f"{one:%H:%M}", time_format(one, "TIME_FORMAT")) for one in clocks]  # type: ignore[attr-defined]

    def change(self, *, at: datetime, by: User) -> list[SeriesDay]:
        """Follow the new rule; what became of each new day."""
        wanted = self.cleaned_data
        return self.series.change(
            since=self.days[wanted["since"]],
            weekday=wanted["weekday"],
            clock=time.fromisoformat(wanted["clock"]),
            every=wanted["every"],
            at=at,
            by=by,
        )


class PauseForm(forms.Form):
    """From when to when nobody should come."""

    first = DayField(label=_("First day without a visit"))
    last = DayField(
        label=_("Last day without a visit"), required=False, help_text=_("Leave it empty if you do not know yet.")
    )


class EndForm(forms.Form):
    """What is to happen to the visits that are booked; `cents` is the fee that was shown for cancelling them."""

    cents = forms.IntegerField(min_value=0, max_value=10_000_000, widget=forms.HiddenInput, required=False)

    booked = forms.ChoiceField(
        label=_("And the visits that are booked?"),
        choices=[("cancel", _("Cancel them")), ("keep", _("Keep them, and book no more after them"))],
        widget=Tiles,
    )

    @property
    def keep(self) -> bool:
        return bool(self.cleaned_data["booked"] == "keep")

    @property
    def agreed(self) -> int:
        """Cents that the client agreed to pay."""
        return int(self.cleaned_data["cents"] or 0)
