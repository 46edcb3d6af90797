"""A real PostgreSQL 18 and Valkey of our own, for development and tests: on this machine only, under one folder.

Production does not come here: there DATABASE_URL and REDIS_URL name servers that somebody looks after.
"""

from __future__ import annotations

import fcntl
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from coop.dev.embedded import postgres, valkey
from coop.dev.processes import Program, ProgramFailed

STARTS = 3  # another program may take a port between our choosing and using it
PATIENCE = 30.0  # seconds until a server has to answer, or to have ended

# Starts a server on a port; gives it, and a way to ask whether it answers yet.
Launch = Callable[[int], tuple[Program, Callable[[], bool]]]


class AlreadyRunning(Exception):
    """Another process holds the servers under this folder."""


class Services:
    """Both servers, running; `stop` them when done. Their addresses carry a password: others may use this machine."""

    def __init__(self, root: Path, *, durable: bool, given: Mapping[str, str]) -> None:
        """See `start`."""
        self._lock = claim(root)
        self._parts: list[Program] = []
        self.root = root
        self.durable = durable
        self.owns_database = "DATABASE_URL" not in given
        try:
            self.redis_url = given.get("REDIS_URL") or self._start_valkey()
            self.database_url = given.get("DATABASE_URL") or self._start_postgres()
        except BaseException:
            self.stop()
            raise

    @classmethod
    def start(cls, root: Path, *, durable: bool = True, given: Mapping[str, str] | None = None) -> Services:
        """Start both under `root` and come back when they answer. Not `durable`: quick, and lost when the power fails.

        One whose address is `given` (DATABASE_URL, REDIS_URL) is used where it is instead of starting ours.
        Raises AlreadyRunning when another process has servers there, ProgramFailed when one does not come up.
        """
        if not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o711)  # PostgreSQL may have to pass through as another user
        return cls(root.resolve(), durable=durable, given=given or {})

    def died(self) -> str | None:
        """What to tell people when one of the two is gone; None while both run."""
        return next((part.obituary() for part in self._parts if not part.alive), None)

    def empty_database(self) -> None:
        """Forget everything in our own database."""
        postgres.empty(self.database_url)

    def stop(self) -> None:
        """End both and let others have the folder. Safe to call twice."""
        for part in self._parts:
            part.ask_to_stop()
        for part in self._parts:
            part.stop(patience=PATIENCE)
        self._parts.clear()
        self._lock.close()

    def _start_valkey(self) -> str:
        password = _password(self.root)
        port = self._serve(lambda port: valkey.launch(self.root, port, password, durable=self.durable))
        return valkey.url(port, password)

    def _start_postgres(self) -> str:
        data, password = self.root / "postgres", _password(self.root)
        account = postgres.account_for(data)
        if not data.exists():
            postgres.initialise(data, password, account)
        postgres.end_leftover(data)
        port = self._serve(lambda port: postgres.launch(data, port, password, account, durable=self.durable))
        return postgres.ensure_database(port, password)

    def _serve(self, launch: Launch) -> int:
        """The port on which the server now answers; ProgramFailed when it would not, several times over."""
        for _ in range(STARTS - 1):
            with suppress(ProgramFailed):
                return self._try(launch)
        return self._try(launch)

    def _try(self, launch: Launch) -> int:
        port = free_port()
        part, answers = launch(port)
        self._parts.append(part)
        try:
            part.wait_until(answers, seconds=PATIENCE)
        except ProgramFailed:
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


def claim(root: Path) -> IO[str]:
    """Hold `root` for this process while the file is open; the system lets go when we end, however we end."""
    lock = (root / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise AlreadyRunning(f"Evenhand is already running on {root}.") from error
    return lock


def _password(root: Path) -> str:
    """The password of both servers: made once for this folder, for its owner's eyes only."""
    path = root / "password"
    path.touch(mode=0o600)
    if not path.read_text():
        path.write_text(secrets.token_hex(16))
    return path.read_text()
