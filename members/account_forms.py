"""Allauth's forms in our words. They stand apart from `forms`, which allauth reads while it loads."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext_lazy as _

from coop.fields import EmailField
from members.models import User

EMAIL = {"type": "email", "autocomplete": "email", "placeholder": "", "inputmode": "email", "spellcheck": "false"}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "placeholder": "", "maxlength": 12}


def _say(field: forms.Field, label: Any, attrs: dict[str, Any], help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.update(attrs)


class SignInForm(allauth.RequestLoginCodeForm):  # type: ignore[misc]
    """Who are you? We send a code there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs=EMAIL))

    def clean_email(self) -> str:
        """Whoever came in by a booking or an appointment is not in allauth's own list of addresses yet.

        Without an account, it is whoever gave this address last; the code from our mail proves that it is theirs.
        """
        email: str = super().clean_email()
        account = User.objects.filter(email=email, is_active=True).first()
        self._user = account or User.objects.claiming(email).first()
        if self._user:
            EmailAddress.objects.get_or_create(user=self._user, email=self._user.address, defaults={"primary": True})
        return email


class SignInCodeForm(allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from our mail, to sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), CODE, _("8 digits. With or without the dash."))


class VerifyCodeForm(allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code from our mail, to show that an address is theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), CODE, _("8 digits. With or without the dash."))


class JoinForm(allauth.SignupForm):  # type: ignore[misc]
    """Somebody new: a name and an address."""

    field_order = ["name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(
            label=_("Your e-mail address"),
            help_text=_("We send a code there each time you sign in."),
            widget=forms.EmailInput(attrs=EMAIL),
        )
