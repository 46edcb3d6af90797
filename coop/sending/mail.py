"""How mail is sent, and what it means when it is not."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_noop as _

from coop.contact import ContactFacts
from coop.sending.delivery import Away, Later, Undeliverable

PATIENCE = 5
"""Seconds that somebody at a page waits for the mail server's next word; a sweep waits longer (`EMAIL_TIMEOUT`)."""

NO_ADDRESS = _("No mail can be sent to this address.")
REFUSED = _("The mail server takes no mail for this address.")
NOT_NOW = _("The mail server takes mail for this address later.")


def sender() -> str:
    """Who our mails come from: the address of the settings, with the name that the co-op has said."""
    said = ContactFacts.known().name
    return formataddr((said, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])) if said else str(settings.DEFAULT_FROM_EMAIL)


def hurried(message: EmailMessage) -> EmailMessage:
    """The same message, for somebody who waits at a page."""
    message.connection = get_connection(timeout=PATIENCE)
    return message


@contextmanager
def in_our_words() -> Iterator[None]:
    """What goes wrong with a mail in here, as what it means: for this one, for now, or for all. Names no address."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as trouble:
        raise _meaning(next(iter(trouble.recipients.values()))[0]) from trouble
    except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError) as trouble:
        raise Away(f"The mail server takes no mail of ours: {trouble.smtp_code}.") from trouble
    except smtplib.SMTPHeloError as trouble:
        raise Away(f"The mail server does not greet us: {trouble.smtp_code}.") from trouble
    except smtplib.SMTPResponseException as trouble:
        raise _meaning(trouble.smtp_code) from trouble
    except (smtplib.SMTPNotSupportedError, MessageError, ValueError) as trouble:
        raise Undeliverable(NO_ADDRESS) from trouble
    except OSError as trouble:
        raise Away(f"The mail server does not answer: {type(trouble).__name__}.") from trouble


def _meaning(code: int) -> Exception:
    """A number from 500 on is for ever, one below is not now (RFC 5321)."""
    return Undeliverable(REFUSED) if code >= 500 else Later(NOT_NOW)
