"""Mails to an address that belongs to no account, or to none any more; for people there are notices."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from coop.contact import coop_name
from coop.sending import mail
from coop.sending.delivery import Undeliverable
from coop.typed.text import one_line
from members.notices.notices import AUTOMATIC, signature


def write(template: str, *, to: str, language: str, about: dict[str, Any]) -> None:
    """Send `templates/mail/<template>.txt`, whose first line is the subject, at once; what never arrives is over.

    Raises Away and Later: the row of whoever asks waits for its sweep.
    """
    with translation.override(language):
        said = render_to_string(f"mail/{template}.txt", about | {"coop_name": coop_name()})
    subject, _blank, body = said.strip().partition("\n")
    text = body.strip() + signature(language)
    letter = EmailMessage(one_line(subject), text, mail.sender(), to=[to], headers=AUTOMATIC)
    try:
        with mail.in_our_words():
            letter.send()
    except Undeliverable:  # there is nobody to tell
        pass
