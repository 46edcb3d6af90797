"""After the visit: asking that something is done again, planning that, and saying thank you."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from bookings.aftercare.redos import LENGTHS, Redo, Room
from bookings.aftercare.thanks import MOST_LETTERS
from coop.templatetags.coop import clock, day, hours

AN_HOUR = 60


class AskRedoForm(forms.Form):
    """What should be done again."""

    rooms = forms.MultipleChoiceField(
        label=gettext_lazy("What should we look at again?"),
        choices=Room.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What was missed?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A few words, for the office and for whoever comes."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlanRedoForm(forms.Form):
    """When it is done again, and how long that takes. The times are those at which somebody is free for so long."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"), coerce=int, choices=lambda: [(n, hours(n)) for n in LENGTHS]
    )
    starts_at = forms.ChoiceField(
        label=gettext_lazy("When?"),
        error_messages={
            "required": gettext_lazy("Please choose a time."),
            "invalid_choice": gettext_lazy("Nobody is free then any more. Please choose another time."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, redo: Redo, minutes: int, at: datetime) -> None:
        super().__init__(data, initial={"minutes": minutes})
        zone = redo.visit.booking.home.zip.zone
        self.times = {one.isoformat(): one for one in redo.times(minutes=minutes, at=at)}
        choices: list[Any] = [(key, f"{day(one, zone)}, {clock(one, zone)}") for key, one in self.times.items()]
        self.fields["starts_at"].choices = choices  # type: ignore[attr-defined]

    @property
    def starts(self) -> datetime:
        return self.times[self.cleaned_data["starts_at"]]


class LengthForm(forms.Form):
    """For how long somebody is looked for."""

    minutes = forms.TypedChoiceField(coerce=int, choices=[(n, n) for n in LENGTHS])

    @property
    def wanted(self) -> int:
        return int(self.cleaned_data["minutes"]) if self.is_valid() else AN_HOUR


class AnswerForm(forms.Form):
    """Why it is not done again."""

    answer = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=300,
        help_text=gettext_lazy("The household reads this, and nobody else."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ThankForm(forms.Form):
    """A few words for whoever was there."""

    words = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("Only they read it. It is not shown to others and not counted."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
