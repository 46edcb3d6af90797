"""A word why, beside a change that concerns others."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.form_fields import Tiles
from bookings.turns.given_back import GivenBack
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.typed.fields import LineField
from members.models import User


class WhyForm(forms.Form):
    """Why somebody gives a shift back: one of four words; more is for the office only."""

    why = forms.ChoiceField(
        label=_("Why can you not come?"),
        choices=GivenBack.Why.choices,
        widget=Tiles,
        error_messages={"required": _("Please choose one of the four.")},
    )
    words = LineField(
        label=_("Anything the office should know?"),
        help_text=_("Not needed. Kept encrypted, read by the office only, and deleted a week after the visit."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReleaseForm(WhyForm):
    """Giving a shift back."""

    series = forms.BooleanField(
        label=_("Give back all my later visits there, too; somebody else becomes the regular person."), required=False
    )

    def give_back(self, shift: Shift, *, at: datetime, by: User) -> None:
        """This shift, and with it those of the whole series if they say so."""
        said = self.cleaned_data
        GivenBack.say(shift, why=said["why"], words=said["words"], series=said["series"], at=at, by=by)


class NoteForm(forms.Form):
    """What the office does to a visit."""

    note = LineField(label=_("Why?"), help_text=_("Members can read this."), max_length=200)


class PaysForm(forms.Form):
    """How a household pays that has no card with us."""

    note = LineField(label=_("How, and why without a card?"), help_text=_("Members can read this."), max_length=200)


class WindUpForm(forms.Form):
    """What a visit costs that was broken off."""

    HOW = (
        ("nothing", _("It is over and costs nothing.")),
        ("part", _("It is over and costs a part.")),
        ("done", _("The others did the work: it counts as done, at its price.")),
    )

    how = forms.ChoiceField(label=_("How does it go on?"), choices=HOW, widget=Tiles)
    amount = forms.DecimalField(
        label=_("How much for what was done?"), min_value=0, max_value=100_000, decimal_places=2, required=False
    )
    note = LineField(label=_("Why?"), help_text=_("Members can read this."), max_length=200)

    def __init__(self, data: Any = None, *, visit: Visit) -> None:
        super().__init__(data, initial={"how": "done" if visit.has_done_part else "nothing"})
        self.visit = visit

    def clean(self) -> None:
        if self.cleaned_data.get("how") == "part" and not self.cleaned_data.get("amount"):
            self.add_error("amount", _("Please say how much."))

    def wind_up(self, *, at: datetime, by: User) -> None:
        """Carry it out."""
        said = self.cleaned_data
        if said["how"] == "done":
            self.visit.count_as_done(at=at, by=by)
        else:
            cents = round(said["amount"] * 100) if said["how"] == "part" else 0
            self.visit.wind_up(cents=cents, at=at, by=by, note=said["note"])
