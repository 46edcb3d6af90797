"""Short messages to phones: how they are sent, and how they are written.

`SMS_URL` says who carries them: `file:///folder` writes them where the demo shows them, `twilio://SID:TOKEN@+1...`
gives them to Twilio by HTTP. Without it nobody is offered any.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

from anyascii import anyascii
from django.conf import settings
from django.utils.translation import gettext_noop as _

from coop.sending.delivery import Away, Later, Undeliverable

PATIENCE = 10
"""Seconds to wait for an answer."""
STOPPED = 21610
"""What Twilio says of somebody who answered STOP."""
MOST_LETTERS = 306
"""Letters in two segments of the phones' own alphabet."""
SLACK = timedelta(minutes=2)
"""Two clocks are never quite the same."""
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
INSTEAD = str.maketrans("“”’‘`[]{}|\\~–—·", "\"\"'''()()//----", "^") | {ord("…"): "..."}


REFUSED = _("This number takes no message of ours.")
STOPPED_IT = _("Whose phone it is wants no more messages.")


class Refused(Undeliverable):
    """This number will not get this message. `stopped`: its owner wants none at all."""

    def __init__(self, why: str, *, stopped: bool = False) -> None:
        super().__init__(why)
        self.stopped = stopped


class Stranger(Away):
    """The carrier does not know us: the account or its token is wrong."""


class Carrier(Protocol):
    """Who brings a message to a phone. After Later and Away what was asked may have happened all the same."""

    def send(self, to: str, text: str) -> str:
        """Send it and give the carrier's own name for it. Raises Refused, Later, Away."""

    def find(self, to: str, text: str, *, since: datetime) -> str:
        """The name of a message that was taken over since then, or nothing: asked when an answer was lost."""


def carrier() -> Carrier | None:
    """Whoever `SMS_URL` names, or nobody."""
    where = urlsplit(settings.SMS_URL)
    if where.scheme == "file":
        return Folder(Path(where.path))
    return Twilio.at(settings.SMS_URL) if where.scheme == "twilio" else None


@dataclass(frozen=True)
class Folder:
    """Messages as files on this machine, one each: for development and the demo."""

    path: Path

    def send(self, to: str, text: str) -> str:
        name = uuid4().hex
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / f"{name}.json").write_text(json.dumps({"to": to, "text": text}))
        return name

    def find(self, to: str, text: str, *, since: datetime) -> str:
        wanted = {"to": to, "text": text}
        young = (file for file in self.path.glob("*.json") if file.stat().st_mtime >= since.timestamp())
        return next((file.stem for file in young if json.loads(file.read_text()) == wanted), "")

    def latest(self, count: int) -> list[dict[str, str]]:
        """The messages written last, newest first."""
        files = sorted(self.path.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [json.loads(file.read_text()) for file in files[:count]]


@dataclass(frozen=True)
class Twilio:
    """Twilio's Messages by HTTP. It knows no idempotency keys, so a lost answer is looked up and not asked anew."""

    sid: str
    token: str
    sender: str
    api: str

    @classmethod
    def at(cls, url: str) -> "Twilio":
        """From `twilio://SID:TOKEN@+15551234567`; `?api=` names another server than Twilio's own, for trials."""
        where = urlsplit(url)
        api = parse_qs(where.query).get("api", ["https://api.twilio.com"])[0]
        return cls(unquote(where.username or ""), unquote(where.password or ""), unquote(where.hostname or ""), api)

    def send(self, to: str, text: str) -> str:
        return str(self._ask({"To": to, "From": self.sender, "Body": text})["sid"])

    def find(self, to: str, text: str, *, since: datetime) -> str:
        asked = {"To": to, "From": self.sender, "DateSent>": (since - SLACK).date().isoformat(), "PageSize": "200"}
        found = self._ask(None, asked)["messages"]
        young = (one for one in found if parsedate_to_datetime(one["date_created"]) >= since - SLACK)
        return next((str(one["sid"]) for one in young if one["body"] == text), "")

    def look(self) -> tuple[str, bool]:
        """The state of our account there (active, suspended, closed), and whether our number belongs to it."""
        state = str(self._ask(None, of=".json")["status"])
        found = self._ask(None, {"PhoneNumber": self.sender}, of="/IncomingPhoneNumbers.json")
        return state, bool(found["incoming_phone_numbers"])

    def _ask(
        self, sent: dict[str, str] | None, query: dict[str, str] | None = None, *, of: str = "/Messages.json"
    ) -> dict[str, Any]:
        address = f"{self.api}/2010-04-01/Accounts/{self.sid}{of}"
        if query:
            address += f"?{urlencode(query)}"
        request = Request(address, data=urlencode(sent).encode() if sent else None)  # noqa: S310 - named in SMS_URL
        known = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        request.add_header("Authorization", f"Basic {known}")
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return dict(json.load(answer))
        except HTTPError as error:
            raise _meaning(error) from None
        except (ValueError, HTTPException) as error:
            raise Later("The answer of the carrier cannot be read.") from error
        except OSError as error:
            raise Away(f"The carrier does not answer: {type(error).__name__}.") from error


def _meaning(error: HTTPError) -> Exception:
    """What an answer that is no yes means. Says nothing of the number or the text."""
    if error.code >= 500 or error.code in (408, 429):
        return Later(f"The carrier says {error.code}.")
    if error.code in (401, 403, 404):
        return Stranger(f"The carrier does not know us: {error.code}.")
    try:
        code = int(json.load(error)["code"])
    except (ValueError, KeyError, TypeError):
        code = 0
    return Refused(STOPPED_IT if code == STOPPED else REFUSED, stopped=code == STOPPED)


def plain(text: str) -> str:
    """The text in the phones' own alphabet, in which a message holds more than twice as much: Miércoles, mañana."""
    return "".join(_letter(letter) for letter in re.sub(r"\s+", " ", text).strip().translate(INSTEAD))


def _letter(letter: str) -> str:
    """The letter, or how it is written with those of the alphabet: á is a, 王 is Wang; what nobody can write is ?."""
    if letter in ALPHABET:
        return letter
    written = anyascii(letter).translate(INSTEAD)
    return written if set(written) <= ALPHABET else "?"


def fit(words: str, link: str) -> str:
    """Words and a link in two segments at most; what is too long is cut in the words."""
    room = MOST_LETTERS - len(link) - 1
    words = words if len(words) <= room else f"{words[: room - 3].rstrip()}..."
    return f"{words} {link}".strip()
