"""How somebody says that they want to be forgotten."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField, PhoneField
from members.notices.contact_preferences import Reach
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
        if not user.email:
            self.fields["email"] = PhoneField(label=_("To be sure: type your phone number"))

    def clean_email(self) -> str:
        """What they sign in with: their address, or the number of whoever has none."""
        typed = str(self.cleaned_data["email"])
        if not self.user.email and typed != str(Reach.of(self.user).phone):
            raise forms.ValidationError(_("That is not the number of this account."))
        if self.user.email and typed != self.user.email:
            raise forms.ValidationError(_("That is not the address of this account."))
        return typed
