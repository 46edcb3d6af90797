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


class ApproveForm(forms.Form):
    """A tick and a sentence, where something in the books is unexplained."""

    knowing = forms.BooleanField(label=_("I have looked at it, and everybody is paid all the same"), required=False)
    despite = forms.CharField(
        label=_("Why it does not speak against paying"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def words(self) -> str:
        """The sentence, where it was ticked."""
        return str(self.cleaned_data["despite"]) if self.is_valid() and self.cleaned_data["knowing"] else ""
