"""A mail server on this machine: it keeps what was sent, and refuses whom it is told to refuse."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar


@dataclass
class PostOffice:
    """`refuses`: by address, how its recipients are answered (`550 No such person`). `letters`: to whom, and what.

    `login`: how whoever signs in is answered; without it, nobody can. `folder`: where `tests.mailbox` finds them, too.
    """

    port: int = 0
    login: str = ""
    folder: Path | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def running(cls, *, folder: Path | None = None) -> Iterator[PostOffice]:
        office = cls(folder=folder)
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (_Clerk,), {"office": office})) as server:
            server.daemon_threads = True
            office.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield office
            finally:
                server.shutdown()

    def take(self, to: str, letter: str) -> None:
        """Keep a letter; whoever looks into the folder finds it whole or not at all."""
        self.letters.append((to, letter))
        if self.folder:
            unfinished = self.folder / f"{time.time_ns()}-{threading.get_ident()}.part"
            unfinished.write_text(letter, newline="")
            unfinished.rename(unfinished.with_suffix(".log"))


class _Clerk(socketserver.StreamRequestHandler):
    office: ClassVar[PostOffice]

    def handle(self) -> None:
        self._say("220 here")
        to = ""
        for line in self.rfile:
            word, said = line[:4].upper().strip(), line.decode()
            if word == b"RCPT":
                to = re.findall(r"<(.*?)>", said)[0]
                self._say(self.office.refuses.get(to, "250 well"))
            elif word == b"EHLO" and self.office.login:
                self._say("250-here\r\n250 AUTH PLAIN")
            elif word == b"AUTH":
                self._say(self.office.login)
            elif word == b"DATA":
                self._say("354 go on")
                self.office.take(to, self._letter())
                self._say("250 taken")
            else:
                self._say("221 bye" if word == b"QUIT" else "250 well")

    def _letter(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".").decode(errors="replace"))
        return "".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
