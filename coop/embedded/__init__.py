"""A real PostgreSQL 18 and Valkey of our own, for development and tests: on this machine only, under one folder.

Production does not come here: there DATABASE_URL and REDIS_URL name servers that somebody looks after.
"""

from __future__ import annotations

import fcntl
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from coop.embedded import postgres, valkey
from coop.parts import Part, PartFailed

STARTS = 3  # another program may take a port between our choosing and using it
PATIENCE = 30.0  # seconds until a server has to answer, or to have ended

# Starts a server on a port; gives it, and a way to ask whether it answers yet.
Launch = Callable[[int], tuple[Part, Callable[[], bool]]]


class AlreadyRunning(Exception):
    """Another process holds the servers under this folder."""


class Services:
    """Both servers, running; `stop` them when done. Their addresses carry a password: others may use this machine."""

    def __init__(self, root: Path, *, durable: bool) -> None:
        """See `start`."""
        self._lock = _claim(root)
        self._parts: list[Part] = []
        try:
            password = _password(root)
            self.redis_url = self._start_valkey(root, password, durable=durable)
            self.database_url = self._start_postgres(root, password, durable=durable)
        except BaseException:
            self.stop()
            raise

    @classmethod
    def start(cls, root: Path, *, durable: bool = True) -> Services:
        """Start both under `root` and come back when they answer. Not `durable`: quick, and lost when the power fails.

        Raises AlreadyRunning when another process has servers there, PartFailed when one does not come up.
        """
        root.mkdir(parents=True, exist_ok=True)
        return cls(root.resolve(), durable=durable)

    def died(self) -> str | None:
        """What to tell people when one of the two is gone; None while both run."""
        return next((part.obituary() for part in self._parts if not part.alive), None)

    def stop(self) -> None:
        """End both and let others have the folder. Safe to call twice."""
        for part in self._parts:
            part.ask_to_stop()
        for part in self._parts:
            part.stop(patience=PATIENCE)
        self._parts.clear()
        self._lock.close()

    def _start_valkey(self, root: Path, password: str, *, durable: bool) -> str:
        port = self._serve(lambda port: valkey.launch(root, port, password, durable=durable))
        return valkey.url(port, password)

    def _start_postgres(self, root: Path, password: str, *, durable: bool) -> str:
        data = root / "postgres"
        account = postgres.account_for(data)
        if not data.exists():
            postgres.initialise(data, password, account)
        postgres.end_leftover(data)
        port = self._serve(lambda port: postgres.launch(data, port, password, account, durable=durable))
        return postgres.ensure_database(port, password)

    def _serve(self, launch: Launch) -> int:
        """The port on which the server now answers; PartFailed when it would not, several times over."""
        for _ in range(STARTS - 1):
            with suppress(PartFailed):
                return self._try(launch)
        return self._try(launch)

    def _try(self, launch: Launch) -> int:
        port = free_port()
        part, answers = launch(port)
        self._parts.append(part)
        try:
            part.wait_until(answers, seconds=PATIENCE)
        except PartFailed:
            self._parts.remove(part)
            part.stop()
            raise
        return port


def free_port() -> int:
    """A port of this machine on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _claim(root: Path) -> IO[str]:
    """Hold `root` for this process; the system lets go of it when we end, however we end."""
    lock = (root / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise AlreadyRunning(root) from error
    return lock


def _password(root: Path) -> str:
    """The password of both servers: made once for this folder, for its owner's eyes only."""
    path = root / "password"
    path.touch(mode=0o600)
    if not path.read_text():
        path.write_text(secrets.token_hex(16))
    return path.read_text()
