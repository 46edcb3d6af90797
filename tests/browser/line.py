"""A line between a browser and the site on which everything is counted, service workers included, and may be slow."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

REQUEST = re.compile(rb"^(?:GET|POST) /(\S*) HTTP/1", re.MULTILINE)


@dataclass
class SlowLine:
    """What was asked for over the line, and the bytes that came back, heads included.

    `speed` is in bytes a second for all connections together; `delay` in seconds, there and back.
    """

    site: str
    speed: float = 0
    delay: float = 0
    bytes: int = 0
    asked: list[str] = field(default_factory=list)
    busy: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def open(self) -> Iterator[str]:
        """The line's own address, until the block ends."""
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=self._take_calls, args=(door,), daemon=True).start()
            yield f"http://127.0.0.1:{door.getsockname()[1]}"

    def count_anew(self) -> None:
        self.bytes, self.asked = 0, []

    def _take_calls(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _where = door.accept()
                there = urlsplit(self.site)
                called = socket.create_connection((there.hostname or "", there.port or 80))
                for carry, ends in ((self._up, (caller, called)), (self._down, (called, caller))):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    def _up(self, caller: socket.socket, called: socket.socket) -> None:
        with suppress(OSError), called:
            while words := caller.recv(65536):
                self.asked += [name.decode() for name in REQUEST.findall(words)]
                time.sleep(self.delay)
                called.sendall(words)

    def _down(self, called: socket.socket, caller: socket.socket) -> None:
        with suppress(OSError), caller:
            while piece := called.recv(1024):
                with self.busy:
                    self.bytes += len(piece)
                    time.sleep(len(piece) / self.speed if self.speed else 0)
                caller.sendall(piece)
