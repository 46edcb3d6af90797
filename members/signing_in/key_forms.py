"""Allauth's forms about keys, in our words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import LineField
from members.signing_in.keys import KeyAdapter

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "placeholder": "", "maxlength": 12}


class AnswerField(forms.JSONField):
    """What a browser says for a passkey."""

    default_error_messages = {"invalid": _("That did not work. Please try once more.")}

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)


class CodeOfKeyForm(base.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("From your app, or one of your recovery codes."),
        widget=forms.TextInput(attrs=CODE),
    )


class AppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, to show that it has been set up."""

    code = forms.CharField(
        label=_("The code that the app shows"), help_text=_("6 digits."), widget=forms.TextInput(attrs=CODE)
    )


class _Said:
    """Reads what a passkey said: whatever a stranger may send instead is a wrong answer, not our trouble."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError:
            raise
        except Exception as trouble:
            raise KeyAdapter().validation_error("incorrect_code") from trouble


class AuthenticateForm(_Said, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in, by a passkey."""

    credential = AnswerField()


class PasskeySignInForm(_Said, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""

    credential = AnswerField()


class ProveByPasskeyForm(_Said, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Showing once more who one is, by a passkey."""

    credential = AnswerField()


class PasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""

    credential = AnswerField()
    name = LineField(label=_("What we call it"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = super().clean()
        except forms.ValidationError:
            raise
        except Exception as trouble:
            raise KeyAdapter().validation_error("incorrect_code") from trouble
        return said
