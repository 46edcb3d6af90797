"""Waiting for a day that is full."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from bookings.visits.quotes import Quote
from coop.typed.fields import EmailField, NameField
from members.models import User


class WaitlistForm(forms.Form):
    """Which of the full days, and where to write. Who is signed in is known already."""

    day = forms.TypedChoiceField(
        label=gettext_lazy("Which day?"),
        coerce=date.fromisoformat,
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these days.")},
    )
    name = NameField(label=gettext_lazy("Your name"))
    email = EmailField(label=gettext_lazy("E-mail"))

    def __init__(
        self, data: QueryDict | None = None, *, draft: Quote, full: list[date], user: User | None, known: bool
    ) -> None:
        """`known` when whoever asks may see what the draft says about them."""
        told = draft if known else Quote()
        about = {"name": told.name or (user.name if user else ""), "email": user.email if user else told.email}
        super().__init__(data, initial=about, prefix="wait")
        self.fields["day"].choices = [(day.isoformat(), date_format(day, "DAY_FORMAT")) for day in full]  # type: ignore[attr-defined]
        if user:
            self.fields["email"].disabled = True
            self.fields["email"].widget = forms.HiddenInput()
            if user.name:
                self.fields["name"].widget = forms.HiddenInput()
