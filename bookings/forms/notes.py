"""A word why, beside a change that concerns others."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Shift
from coop.fields import LineField
from members.models import User


class ReleaseForm(forms.Form):
    """Giving a shift back."""

    note = LineField(
        label=_("Why can you not come?"),
        help_text=_("A few words are enough. Other members can read them."),
        max_length=200,
    )
    series = forms.BooleanField(
        label=_("Give back all my later visits there, too; somebody else becomes the regular person."), required=False
    )

    def give_back(self, shift: Shift, *, at: datetime, by: User) -> None:
        """This shift, and with it those of the whole series if they say so."""
        note = self.cleaned_data["note"]
        if self.cleaned_data["series"] and shift.series and shift.member:
            shift.series.give_back(shift, at=at, by=by, note=note)
        else:
            shift.release(at=at, by=by, note=note)


class NoteForm(forms.Form):
    """What the office does to a visit."""

    note = LineField(label=_("Why?"), help_text=_("Members can read this."), max_length=200)


class PaysForm(forms.Form):
    """How a household pays that has no card with us."""

    note = LineField(label=_("How, and why without a card?"), help_text=_("Members can read this."), max_length=200)
