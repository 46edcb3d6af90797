"""What is asked when somebody changes their address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField
from members.people.users import User
from members.signing_in.account_forms import CODE, EMAIL


class NewAddressForm(forms.Form):
    """The new address."""

    email = EmailField(label=_("Your new e-mail address"), widget=forms.EmailInput(attrs=EMAIL))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed == self.user.email:
            raise forms.ValidationError(_("That is your address already."))
        return typed


class SentCodeForm(forms.Form):
    """A code that was sent, typed where it was asked for."""

    code = forms.CharField(
        label=_("Code"), help_text=_("8 digits. With or without the dash."), widget=forms.TextInput(attrs=CODE)
    )
