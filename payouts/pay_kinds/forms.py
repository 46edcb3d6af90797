"""How somebody is paid, and since when."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.form_fields import Tiles
from coop.typed.fields import DayField
from payouts.pay_kinds.pay_kinds import PayKind


class PayKindForm(forms.Form):
    """One row."""

    kind = forms.ChoiceField(label=_("How?"), choices=PayKind.Kind.choices, widget=Tiles)
    starts_on = DayField(label=_("For work from which day on?"))
