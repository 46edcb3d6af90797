"""The mails that a running co-op sent: written to a folder by Django's own backend, read back here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

BETWEEN = "\n" + "-" * 79 + "\n"


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    body: str
    calendar: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.body)


class Mailbox:
    """Everybody's mail, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Mail]:
        """Everything that was sent so far."""
        files = sorted(self.folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        texts = [text for file in files for text in file.read_text().split(BETWEEN)]
        return [_mail(text) for text in texts if text.strip()]

    def to(self, address: str) -> list[Mail]:
        """What one person received."""
        return [mail for mail in self.all() if mail.to == address]

    def codes(self, address: str) -> list[str]:
        """The codes to sign in that one person received."""
        return [found.group() for mail in self.to(address) if (found := re.search(r"\b\d{4}-\d{4}\b", mail.body))]


def _mail(text: str) -> Mail:
    message = message_from_string(text.lstrip("\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part for part in message.walk() if not part.is_multipart()]
    by_kind = {part.get_content_type(): str(part.get_content()) for part in parts}
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        body=by_kind.get("text/plain", ""),
        calendar=by_kind.get("text/calendar", ""),
    )
