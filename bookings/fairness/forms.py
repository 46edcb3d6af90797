"""What the spotlight asks for: over how many days, and what somebody answers."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy

from bookings.fairness.flag_answers import MOST_LETTERS
from bookings.fairness.spotlight import PERIODS


class PeriodForm(forms.Form):
    """Over how many days up to yesterday."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Days"), choices=[(days, days) for days in PERIODS], coerce=int, required=False
    )

    @property
    def wanted(self) -> int:
        """The days asked for, or four weeks."""
        self.is_valid()
        return self.cleaned_data.get("days") or PERIODS[0]


class WeekForm(forms.Form):
    """Which week of the decisions."""

    week = forms.DateField(required=False)

    @property
    def monday(self) -> date | None:
        """The Monday of the week asked for, if any."""
        self.is_valid()
        day = self.cleaned_data.get("week")
        return day - timedelta(days=day.weekday()) if day and day.year > 1 else None


class AnswerFlagForm(forms.Form):
    """What somebody says to what the numbers ask them."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("All members can read it, beside the numbers. You can write another one later."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
