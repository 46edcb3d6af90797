"""The network between a phone and the site, which can be cut, hang, or lose what the site answers."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit

from coop.dev.embedded import free_port

CHUNK = 65_536


class Network:
    """A wire to the site with an address of its own. What was under way when it is cut is lost, as in a cellar."""

    def __init__(self, site: str) -> None:
        self._there = ("127.0.0.1", urlsplit(site).port)
        self._port = free_port()
        self._open: set[socket.socket] = set()
        self.loses_answers_to = b""
        self.hangs = False
        self.sent: list[bytes] = []
        self.site = f"http://127.0.0.1:{self._port}"
        self.mend()

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(self._there)
                self._open |= {near, far}
                asked = bytearray()
                Thread(target=self._carry, args=(near, far, asked), daemon=True).start()
                Thread(target=self._carry_back, args=(far, near, asked), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket, asked: bytearray) -> None:
        with suppress(OSError):
            while data := near.recv(CHUNK):
                asked += data
                self.sent.append(data)
                far.sendall(data)
            far.shutdown(socket.SHUT_WR)

    def _carry_back(self, far: socket.socket, near: socket.socket, asked: bytearray) -> None:
        with suppress(OSError):
            while data := far.recv(CHUNK):
                if self.loses_answers_to and self.loses_answers_to in asked:
                    break
                if not self.hangs:
                    near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)
