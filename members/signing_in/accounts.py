"""How signing in works here: an address and a code, never a user name or a password."""

import secrets
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as here
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.sending import mail
from coop.sending.delivery import Away, Breaker, Later, NotDelivered, Undeliverable
from members.notices import sms
from members.notices.contact_preferences import Reach
from members.notices.notices import AUTOMATIC, signature
from members.people.users import User

log = structlog.get_logger()
CODE_DIGITS = 8
LOGIN_CODE = "account/email/login_code"
NO_MAIL = "no_mail"
"""Where a session keeps why no mail with a code could be sent: `away` or `refused`."""
BROWSER = "asks_for_codes"
"""Where a session keeps the mark by which the codes are counted that a browser asks for."""
post_office = Breaker(Away)


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

    def login(self, request: HttpRequest, user: User) -> None:
        """Whoever comes in by a code has shown that the address is theirs."""
        user.prove(at=timezone.now())
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Signing out, or going back to type another address, does not make another browser of it."""
        mark = request.session.get(BROWSER)
        super().logout(request)
        if mark:
            request.session[BROWSER] = mark

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to people in their own language; to strangers in the one in which they asked."""
        known = User.objects.filter(email=email).first() or User.objects.claiming(email).first()
        with translation.override(known.language if known else translation.get_language()):
            trouble = self._try_mail(template_prefix, email, {"coop_name": settings.COOP_NAME, **context})
            if trouble and known and template_prefix == LOGIN_CODE:
                _send_by_phone(known, str(context["code"]))
        here.request.session[NO_MAIL] = trouble

    def _try_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> str:
        """Send a mail; why it did not go out, or nothing. Only the first waits for a server that is silent."""

        def send() -> None:
            with mail.in_our_words():
                super(AccountAdapter, self).send_mail(template_prefix, email, context)

        try:
            post_office.ask(send)
        except (Away, Later) as trouble:
            log.warning("no mail with a code", trouble=str(trouble))
            return "away"
        except Undeliverable:
            return "refused"
        return ""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Says to other programs that it is no person who writes; somebody waits for it at a page."""
        made = super().render_mail(template_prefix, email, context, headers=AUTOMATIC | (headers or {}))
        made.body = f"{made.body}{signature(translation.get_language() or 'en')}\n"
        return mail.hurried(made)

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


def _send_by_phone(user: User, code: str) -> None:
    """The other way to somebody whose number we know. Whether there is one is not told: it would tell of an account."""
    carrier, reach = sms.carrier(), Reach.of(user)
    if carrier is None or not reach.takes_sms:
        return
    words = gettext("%(coop)s: your code to sign in is %(code)s.") % {"coop": settings.COOP_NAME, "code": code}
    try:
        carrier.send(str(reach.phone), sms.plain(words))
    except (NotDelivered, OSError) as trouble:
        log.warning("no text message with a code", trouble=str(trouble))
