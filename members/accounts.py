"""How signing in bends to this house: an address and a code, never a user name or a password."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from members.models import User
from members.models.notices import AUTOMATIC

CODE_DIGITS = 8


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Codes are digits, so that a phone shows its number pad; mails are in the language of who gets them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That is not the code in our mail. Please look once more."),
        "too_many_login_attempts": _("That was not right too many times. Please wait a little and ask for a new code."),
        "rate_limited": _("We sent you a code a moment ago. Please wait a little before you ask for another."),
    }

    def generate_login_code(self) -> str:
        """Eight digits in two groups. Three tries a code and three codes a minute leave nobody a chance to guess."""
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        return f"{digits[:4]}-{digits[4:]}"

    def generate_email_verification_code(self) -> str:
        return self.generate_login_code()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to people in their own language; to strangers in the one in which they asked."""
        known = User.objects.filter(email=email).first()
        with translation.override(known.language if known else translation.get_language()):
            super().send_mail(template_prefix, email, {"coop_name": settings.COOP_NAME, **context})

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Says to other programs that it is no person who writes."""
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers=AUTOMATIC | (headers or {}))
        return mail

    def send_account_already_exists_mail(self, email: str) -> None:
        """To the owner of an address with which somebody tried to join. (Allauth's own points to a password page.)"""
        self.send_mail("account/email/account_already_exists", email, {"site": settings.BASE_URL})

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Refuses the second of two who join with one address in the same moment."""
        try:
            with transaction.atomic():
                super().save_user(request, user, form, commit=commit)
        except IntegrityError as taken:
            raise Refusal(_("Somebody has just joined with this address. Please sign in instead.")) from taken
        return user
