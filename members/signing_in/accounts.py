"""How signing in works here: an address and a code, never a user name or a password."""

import secrets
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as here
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from coop.contact import coop_name
from coop.errors import Refusal
from coop.sending import mail
from coop.sending.delivery import Away, Breaker, Later, Undeliverable
from members.notices.contact_preferences import Reach
from members.notices.notices import AUTOMATIC, Notice, signature
from members.people.users import User
from members.signing_in import devices
from members.signing_in.numbers.texted_codes import TextedCode

log = structlog.get_logger()
CODE_DIGITS = 8
LOGIN_CODE, STEP_UP_CODE = "account/email/login_code", "account/email/step_up_code"
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

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        return self.generate_login_code()

    def get_login_stages(self) -> list[str]:
        """Allauth's, with our own about addresses."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        stages: list[str] = super().get_login_stages()
        return ["members.signing_in.stages.AddressStage" if one == theirs else one for one in stages]

    def generate_email_verification_code(self) -> str:
        return self.generate_login_code()

    def login(self, request: HttpRequest, user: User) -> None:
        """Whoever comes in by a code from our mail has shown that the address is theirs."""
        if any(one.get("email") for one in get_authentication_records(request, user)):
            user.prove(at=timezone.now())
        is_first = user.last_login is None
        super().login(request, user)
        if not (is_first or devices.knows(request, user)):
            _tell_of_device(request, user)

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        """From now on this browser is known."""
        response: HttpResponse = super().post_login(request, user, **about)
        devices.remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        """Whether somebody is asked once more is decided by us, before allauth's pages (`step_up.after_step_up`)."""
        return False

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
            trouble = self._try_mail(template_prefix, email, {"coop_name": coop_name(), **context})
            if trouble and known and template_prefix in (LOGIN_CODE, STEP_UP_CODE):
                _send_by_phone(known, str(context["code"]))
        here.request.session[NO_MAIL] = trouble

    def send_code(self, user: User, code: str) -> None:
        """Send a code to somebody who is signed in, to show once more who they are."""
        if user.email:
            self.send_mail(STEP_UP_CODE, user.email, {"code": code, "site": settings.BASE_URL})
        else:
            _send_by_phone(user, code)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **about: Any) -> None:
        """To whoever has this number, in their language."""
        here.request.session[NO_MAIL] = ""
        with translation.override(user.language):
            TextedCode.ask(phone, code, at=timezone.now())

    def send_unknown_account_sms(self, phone: str, **about: Any) -> None:
        """Strangers get none, and read the same page as soon."""
        here.request.session[NO_MAIL] = ""
        TextedCode.ask("", self.generate_login_code(), at=timezone.now())

    def set_phone_verified(self, user: User, phone: str) -> None:
        """The code that went there has come back: the number is theirs."""
        Reach.of(user).prove(phone, at=timezone.now())

    def send_to_new_address(self, email: str, code: str) -> None:
        """Send a code to show that a new address is theirs; to somebody else's, that it has an account."""
        if User.objects.filter(email=email).exists():
            self.send_account_already_exists_mail(email)
        else:
            self.send_mail("account/email/new_address", email, {"code": code})

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

    def get_from_email(self) -> str:
        return mail.sender()

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


def _tell_of_device(request: HttpRequest, user: User) -> None:
    now = timezone.now()
    about = {"device": devices.device_of(request)}
    Notice.post(f"new_device:{user.pk}:{now.timestamp():.0f}", to=user, mail="new_device", at=now, about=about)


def _send_by_phone(user: User, code: str) -> None:
    """The other way to somebody whose number we know. Whether there is one is not told: it would tell of an account."""
    reach = Reach.of(user)
    TextedCode.ask(reach.phone if reach.takes_sms else "", code, at=timezone.now())
