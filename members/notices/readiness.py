"""Do mail and text messages go out? What a co-op needs for that, and how it is tried."""

import smtplib
import socket
import ssl

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coop.contact import coop_name
from coop.readiness.needs import BELOW, Need
from coop.readiness.needs import register as need
from coop.readiness.trials import Answer, Trial
from coop.readiness.trials import register as let_try
from coop.sending import mail
from coop.sending.delivery import NotDelivered
from members.notices import sms
from members.people.users import User

SENT_NOWHERE = ("filebased", "console", "dummy")


def _is_kept_here() -> bool:
    """Is mail only written to a folder, instead of being sent?"""
    return any(word in settings.EMAIL_BACKEND for word in SENT_NOWHERE)


def _try_mail(by: User | None) -> Answer:
    """Say hello to the mail server, sign in there, and send a message to whoever asks."""
    if _is_kept_here():
        return Answer("here" if settings.DEBUG else "nowhere")
    about = {"host": settings.EMAIL_HOST, "port": str(settings.EMAIL_PORT), "sender": mail.sender()}
    try:
        with get_connection(timeout=mail.PATIENCE) as line:
            if by is None or not by.email:
                return Answer("greeted", about)
            words = gettext("This mail only shows that mail goes out. Nothing has to be done.")
            EmailMessage(coop_name(), words, mail.sender(), [by.email], connection=line).send()
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        return Answer(_mail_trouble(trouble), about | {"said": _said(trouble)})
    return Answer("sent", about)


TROUBLE: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "login"),
    (smtplib.SMTPSenderRefused, "sender"),
    (smtplib.SMTPRecipientsRefused, "recipient"),
    (smtplib.SMTPNotSupportedError, "unlike"),
    (smtplib.SMTPServerDisconnected, "hung_up"),
    (socket.gaierror, "no_host"),
    (ConnectionRefusedError, "closed"),
    (TimeoutError, "silent"),
    (ssl.SSLError, "unsafe"),
)


def _mail_trouble(trouble: Exception) -> str:
    return next((code for kind, code in TROUBLE if isinstance(trouble, kind)), "other")


def _said(trouble: Exception) -> str:
    """The number of the server's answer, else what kind of trouble it is; never its words, which may name people."""
    return str(getattr(trouble, "smtp_code", type(trouble).__name__))


def _try_sms(by: User | None) -> Answer:
    """Ask whoever carries text messages about our account; no message is sent, so it costs nothing."""
    carrier = sms.carrier()
    if carrier is None:
        return Answer("none")
    if not isinstance(carrier, sms.Twilio):
        return Answer("here" if settings.DEBUG else "nowhere")
    try:
        state, ours = carrier.look()
    except sms.Stranger:
        return Answer("stranger")
    except (NotDelivered, KeyError) as trouble:
        return Answer("silent", {"said": str(trouble)})
    if state != "active":
        return Answer("asleep", {"state": state})
    return Answer("well" if ours else "number", {"number": carrier.sender})


MAIL = Trial(
    "mail",
    _("Mail"),
    _try_mail,
    {
        "sent": _("The mail server at %(host)s took a message for you. Now look whether it arrives, also in the spam."),
        "greeted": _("The mail server at %(host)s lets us in."),
        "here": _("On this machine mail is only written to a folder, as it should be for trying things out."),
        "nowhere": _("No mail goes out: it is only written to a folder. EMAIL_URL names no mail service yet."),
        "login": _("The mail server at %(host)s refuses our name or password (%(said)s): look at EMAIL_URL."),
        "sender": _("The mail server takes no mail from %(sender)s (%(said)s): look at DEFAULT_FROM_EMAIL."),
        "recipient": _("The mail server does not take mail for your address."),
        "unlike": _("The mail server at %(host)s offers no sign-in or no encryption this way: look at EMAIL_URL."),
        "hung_up": _("The mail server at %(host)s hung up: port %(port)s may be the wrong one in EMAIL_URL."),
        "no_host": _("There is no server called %(host)s: look at EMAIL_URL."),
        "closed": _("Nobody answers at %(host)s, port %(port)s: look at EMAIL_URL."),
        "silent": _("%(host)s, port %(port)s, does not answer in time: look at EMAIL_URL, or the network is closed."),
        "unsafe": _("There is no safe line to %(host)s, port %(port)s: smtp+tls is for 587, smtp+ssl for 465."),
        "other": _("The mail server at %(host)s did not take our message: %(said)s."),
    },
    good=frozenset({"sent", "greeted"}),
    idle=frozenset({"here"}),
)
SMS = Trial(
    "sms",
    _("Text messages"),
    _try_sms,
    {
        "well": _("Twilio knows us, and %(number)s is our number there."),
        "none": _("Nobody carries text messages, so none are offered. That is allowed; SMS_URL names who does."),
        "here": _("On this machine text messages are only written to a folder, as it should be for trying things out."),
        "nowhere": _("No text messages go out: they are only written to a folder. Look at SMS_URL."),
        "stranger": _("Twilio does not know us: the account or its token in SMS_URL is wrong."),
        "asleep": _("Our account at Twilio is not active: it is %(state)s."),
        "number": _("%(number)s is not a number of our account at Twilio: look at SMS_URL."),
        "silent": _("Twilio gave no answer that can be read. %(said)s"),
    },
    good=frozenset({"well"}),
    idle=frozenset({"none", "here"}),
)
let_try(MAIL, SMS)
need(
    Need(
        "mail",
        _("No mail goes out: it is only written to a folder."),
        _("Give the server the address of a mail service: EMAIL_URL, in docs/operate.md."),
        lambda: settings.DEBUG or not _is_kept_here(),
        opens=True,
    ),
    Need(
        "mail-tried",
        _("Mail did not go out when it was tried last."),
        BELOW,
        lambda: _is_kept_here() or MAIL.is_well,
        address="readiness",
        opens=True,
    ),
    Need(
        "sender",
        _("Our mail comes from an address that there is not."),
        _("Say from which address it comes: DEFAULT_FROM_EMAIL, in docs/operate.md."),
        lambda: settings.DEBUG or "@localhost" not in settings.DEFAULT_FROM_EMAIL,
    ),
    Need(
        "sms-tried",
        _("Text messages did not go out when it was tried last."),
        BELOW,
        lambda: SMS.is_well,
        address="readiness",
    ),
)
