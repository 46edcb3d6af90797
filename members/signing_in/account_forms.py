"""Allauth's forms in our words. They stand apart from `forms`, which allauth reads while it loads."""

from typing import Any
from uuid import uuid4

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context as here
from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import EmailField
from members.notices import sms
from members.notices.contact_preference_forms import NumberForm
from members.people.users import User
from members.signing_in.accounts import BROWSER
from members.signing_in.numbers.numbers import opened_by

EMAIL = {"type": "email", "autocomplete": "email", "placeholder": "", "inputmode": "email", "spellcheck": "false"}
CODES = "codes_for_a_browser"
TEXTS = "texted_codes"
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "placeholder": "", "maxlength": 12}


def _say(field: forms.Field, label: Any, attrs: dict[str, Any], help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.update(attrs)


def asks_too_often(request: HttpRequest) -> bool:
    """One browser asks for so many codes, whatever addresses are typed; others behind its line have their own count.

    Whoever throws the mark of theirs away meets the ceiling of the line.
    """
    browser = request.session.setdefault(BROWSER, uuid4().hex)
    return not ratelimit.consume(request, action=CODES, key=browser)


def texts_too_often(request: HttpRequest, phone: str) -> bool:
    """So many messages went to this number lately, whoever asked for them."""
    return not all(ratelimit.consume(request, action=each, key=phone) for each in ("request_login_code", TEXTS))


def _insist_on_a_pause() -> None:
    if asks_too_often(here.request):
        raise get_adapter().validation_error("rate_limited")


class SignInForm(allauth.RequestLoginCodeForm):  # type: ignore[misc]
    """Who are you? We send a code there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs=EMAIL))

    @property
    def takes_numbers(self) -> bool:
        """Is there somebody who carries codes to phones?"""
        return sms.carrier() is not None

    def clean_email(self) -> str:
        """Whoever came in by a booking or an appointment is not in allauth's own list of addresses yet.

        Without an account, it is whoever gave this address last; the code from our mail proves that it is theirs.
        """
        _insist_on_a_pause()
        email: str = super().clean_email()
        account = User.objects.filter(email=email, is_active=True).first()
        self._user = account or User.objects.claiming(email).first()
        if self._user:
            EmailAddress.objects.get_or_create(user=self._user, email=self._user.address, defaults={"primary": True})
        return email


class PhoneSignInForm(NumberForm):
    """Which phone do you have at hand? We send a code there, as often as to an address."""

    _user: User | None = None

    def clean_phone(self) -> str:
        """The number as it is kept. It counts the same whether somebody has it or not."""
        _insist_on_a_pause()
        phone = str(super().clean_phone())
        if texts_too_often(here.request, phone):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = opened_by(phone)
        return phone


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

    def clean_email(self) -> str:
        """A code is sent here, too."""
        _insist_on_a_pause()
        email: str = super().clean_email()
        return email
