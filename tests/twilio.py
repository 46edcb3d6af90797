"""The little of Twilio that the co-op speaks to, on this machine: it keeps what was sent, and can be told to fail."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

SID, TOKEN, SENDER = "AC" + "0" * 32, "only-for-tests", "+15005550006"
KNOWN = "Basic " + b64encode(f"{SID}:{TOKEN}".encode()).decode()


@dataclass
class Twilio:
    """What was sent, newest last. `faults`: how the next messages are answered, each once.

    A fault is a status and Twilio's code; `lost` stands for a message that was taken over and whose answer got lost.
    """

    url: str = ""
    state: str = "active"
    sent: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[int, int] | str] = field(default_factory=list)

    def texts(self) -> list[tuple[str, str]]:
        """To whom, and what."""
        return [(one["to"], one["body"]) for one in self.sent]

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Twilio"]:
        """A server of one's own, and the address under which the co-op knows it."""
        kept = cls()
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Answers,), {"kept": kept}))
        kept.url = f"twilio://{SID}:{TOKEN}@{SENDER}?api=http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()
            server.server_close()


class _Answers(BaseHTTPRequestHandler):
    kept: ClassVar[Twilio]

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fault = self.kept.faults.pop(0) if self.kept.faults else ""
        if isinstance(fault, tuple):
            return self._say(fault[0], {"status": fault[0], "code": fault[1], "message": "No."})
        now = format_datetime(datetime.now(UTC))
        message = {"to": asked["To"][0], "body": asked["Body"][0], "from": asked["From"][0], "date_created": now}
        message["sid"] = f"SM{len(self.kept.sent)}"
        self.kept.sent.append(message)
        if fault == "lost":
            self.close_connection = True
            return None
        return self._say(201, message)

    def do_GET(self) -> None:
        asked, path = parse_qs(urlsplit(self.path).query), urlsplit(self.path).path
        if path.endswith(f"/{SID}.json"):
            return self._say(200, {"sid": SID, "status": self.kept.state})
        if path.endswith("/IncomingPhoneNumbers.json"):
            ours = asked["PhoneNumber"] == [SENDER]
            return self._say(200, {"incoming_phone_numbers": [{"phone_number": SENDER}] if ours else []})
        return self._say(200, {"messages": [one for one in self.kept.sent if one["to"] == asked["To"][0]]})

    def _say(self, status: int, answer: Any) -> None:
        status, answer = (status, answer) if self.headers["Authorization"] == KNOWN else (401, {"code": 20003})
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """A test does not chat."""
