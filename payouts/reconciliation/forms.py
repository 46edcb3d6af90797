"""What people tell us about movements at Stripe."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from payouts.payroll.payouts import Payout
from payouts.reconciliation.explanations import Explanation


class ExplanationForm(forms.Form):
    """Where a movement belongs, and why."""

    belongs = forms.ChoiceField(
        label=_("Where does it belong?"), choices=Explanation.Belongs.choices, widget=forms.RadioSelect
    )
    note = LineField(label=_("What is it, and how do you know?"), max_length=200)


class TakeBackForm(forms.Form):
    """How much of a payout is taken back, and why."""

    amount = forms.DecimalField(
        label=_("How much is taken back?"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        help_text=_("In dollars."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"}),
    )
    note = LineField(label=_("What went wrong?"), max_length=500, help_text=_("The member reads it, too."))

    def __init__(self, *args: Any, payout: Payout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs["max"] = f"{payout.cents / 100:.2f}"

    @property
    def cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)
