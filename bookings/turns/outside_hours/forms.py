"""Which accepted shifts a member gives back when their hours change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.turns.reason_forms import WhyForm
from bookings.visits.shifts.shifts import Shift
from coop.templatetags.coop import clock, day


class OutsideForm(WhyForm):
    """The shifts to give back, none at first, and why."""

    shifts = forms.TypedMultipleChoiceField(
        label=_("Tick those to which you cannot come"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "wide"}),
    )
    field_order = ["shifts", "why", "words"]

    def __init__(self, *args: Any, shifts: Iterable[Shift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shifts"].choices = [(shift.pk, in_words(shift)) for shift in shifts]  # type: ignore[attr-defined]
        self.fields["why"].required = False

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("shifts") and not self.cleaned_data.get("why"):
            self.add_error("why", _("Please choose one of the four."))
        return self.cleaned_data


def in_words(shift: Shift) -> str:
    """One shift as a line to choose: when, what, and where, no closer than the postal area."""
    zone = shift.zip.zone
    assert shift.visit is not None
    when = f"{day(shift.starts_at, zone)}, {clock(shift.starts_at, zone)} – {clock(shift.ends_at, zone)}"
    return f"{when} · {shift.visit.booking.service} · {shift.zip_id}"
