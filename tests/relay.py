"""A line between a program and a server that can be cut, or go silent: nobody hangs up, and nothing comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Carries bytes to `target` and back. `cut` closes every line and takes no new one; `hang` takes all, in silence.

    `waits` counts on how many lines somebody asked for something in the silence. `cuts_at`: what makes it cut.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.mood = "carry"
        self.waits = 0
        self.cuts_at = b""
        self.lines: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]

    @classmethod
    @contextmanager
    def running(cls, host: str, port: int) -> Iterator[Relay]:
        relay = cls((host, port))
        threading.Thread(target=relay._open_doors, daemon=True).start()
        try:
            yield relay
        finally:
            relay.cut()
            relay.door.close()

    def carry(self) -> None:
        """All is well again; lines that were open in silence stay silent until they are closed."""
        self.mood = "carry"

    def cut(self) -> None:
        self.mood = "cut"
        self.hang_up()

    def hang(self) -> None:
        self.mood = "hang"

    def hang_up(self) -> None:
        """Close the lines that are open."""
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self.lines.clear()

    def _open_doors(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self.door.accept()
                if self.mood == "cut":
                    here.close()
                    continue
                self.lines.append(here)
                threading.Thread(target=self._connect, args=(here,), daemon=True).start()

    def _connect(self, here: socket.socket) -> None:
        if self.mood == "hang":
            self.waits += 1
            return
        with suppress(OSError):
            there = socket.create_connection(self.target)
            self.lines.append(there)
            threading.Thread(target=self._pass, args=(there, here), daemon=True).start()
            self._pass(here, there)

    def _pass(self, giver: socket.socket, taker: socket.socket) -> None:
        """What comes from one goes to the other, as long as nobody hangs up."""
        with suppress(OSError):
            asked = False
            while words := giver.recv(65536):
                if self.mood == "hang":
                    self.waits, asked = self.waits + (not asked), True
                    continue
                if self.cuts_at and self.cuts_at in words:
                    self.cut()
                    return
                taker.sendall(words)
        with suppress(OSError):
            taker.shutdown(socket.SHUT_RDWR)
