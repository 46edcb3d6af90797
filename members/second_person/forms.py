"""What is said to an act that waits for a second person."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """What somebody says to an act that is about them."""

    agrees = forms.TypedChoiceField(
        label=_("What do you say to it?"),
        choices=[("no", _("I see it otherwise")), ("yes", _("I agree"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("Whoever decides reads this before they do."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoForm(forms.Form):
    """Why a second person does not confirm something."""

    answer = forms.CharField(
        label=_("Why not?"),
        help_text=_("Whoever asked and whom it is about read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
