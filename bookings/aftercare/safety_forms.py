"""Writing down that one has talked with somebody."""

from django import forms
from django.utils.translation import gettext_lazy


class TalkForm(forms.Form):
    """With whom (a member or a household that is on the list), and what was agreed. The number stays out of addresses
    and logs."""

    member = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    client = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("What was agreed?"),
        max_length=1000,
        help_text=gettext_lazy("Kept encrypted. Only whoever looks after safety reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
