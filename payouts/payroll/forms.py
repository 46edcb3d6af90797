"""What people tell us about pay."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField


class DraftForm(forms.Form):
    """The last day that a pay run pays for."""

    ends_on = DayField(label=_("Pay for work up to"))

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
