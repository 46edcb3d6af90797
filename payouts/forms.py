"""What people tell us about money."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TipForm(forms.Form):
    """A tip in dollars; `cents` is what it comes to."""

    amount = forms.DecimalField(
        label=_("Your tip"),
        min_value=1,
        max_value=500,
        max_digits=5,
        decimal_places=2,
        help_text=_("In dollars. All of it goes to the people who did the work."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )

    @property
    def cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)


class DraftForm(forms.Form):
    """The last day that a pay run pays for."""

    ends_on = forms.DateField(
        label=_("Pay for work up to"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.fields["ends_on"].widget.attrs["max"] = latest.isoformat()

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if not date(2020, 1, 1) <= day <= self.latest:
            raise forms.ValidationError(_("Choose a day that is over."))
        return day


class NoteForm(forms.Form):
    """A sentence or two about why."""

    note = forms.CharField(label=_("Note"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
