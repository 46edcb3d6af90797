"""What people tell us about disputes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from payouts.reconciliation.disputes.disputes import Dispute


class AnswerForm(forms.Form):
    """What the bank reads, in English; whoever sends it reads it over first."""

    words = forms.CharField(
        label=_("Our answer to the bank"),
        max_length=15000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("In English. It can be sent once. Leave out whatever the bank does not need to know."),
    )


class BearerForm(forms.Form):
    """Who bears it if it is lost, and why."""

    bearer = forms.ChoiceField(label=_("Who bears it?"), choices=Dispute.Bearer.choices, widget=forms.RadioSelect)
    note = LineField(label=_("Why?"), max_length=500)
