"""What whoever stands at a door writes down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.pieces import Tiles
from bookings.models import ContactAttempt
from coop.fields import LineField


class ContactForm(forms.Form):
    """One try to reach the client."""

    how = forms.ChoiceField(
        label=_("What did you try?"),
        choices=ContactAttempt.How.choices,
        widget=Tiles,
        error_messages={"required": _("Please say what you tried.")},
    )
    note = LineField(
        label=_("What came of it?"),
        help_text=_("A few words, if you like. The office can read them."),
        max_length=200,
        required=False,
    )
