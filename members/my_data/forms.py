"""How somebody says that they want to be forgotten."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField
from members.people.users import User


class EraseForm(forms.Form):
    """Saying for certain that one wants to be forgotten."""

    email = EmailField(
        label=_("To be sure: type your e-mail address"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed != self.user.email:
            raise forms.ValidationError(_("That is not the address of this account."))
        return typed
