"""Asking somebody into one's household."""

from django import forms
from django.utils.translation import gettext_lazy

from coop.typed.fields import EmailField


class InviteForm(forms.Form):
    """Whom to ask."""

    email = EmailField(
        label=gettext_lazy("Their e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Please give the e-mail address of the person you want to invite."),
        },
    )
