"""Databases of the tests: each is a copy of the migrated one that `tests.services` brings along."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from coop.dev.embedded.postgres import PROGRAMS

MIGRATED = urlsplit(os.environ["DATABASE_URL"]).path[1:]


def renew() -> None:
    """The database that this process speaks to begins anew, whatever was committed in it."""
    connection.close()
    _copy_to(connection.settings_dict["NAME"])


@contextmanager
def another(name: str) -> Iterator[None]:
    """There is a new database of this name, until the block ends."""
    _copy_to(name)
    try:
        yield
    finally:
        _drop(name)


@contextmanager
def spoken_to(name: str) -> Iterator[None]:
    """This process speaks to that database until the block ends, and then to its usual one again."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _copy_to(name: str) -> None:
    _drop(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # on a busy machine a copy takes longer than a page may
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {MIGRATED} STRATEGY file_copy")


def _drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def restored(source: str, name: str) -> Iterator[None]:
    """There is a new database of this name with what a backup of `source` holds, as docs/operate.md says to do it."""
    at = urlsplit(os.environ["DATABASE_URL"])
    backup, into = (urlunsplit(at._replace(path=f"/{one}")) for one in (source, name))
    _drop(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    kept = subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-d", backup], check=True, stdout=subprocess.PIPE)
    command = [str(PROGRAMS / "pg_restore"), "--clean", "--if-exists", "--no-owner", "--exit-on-error", "-d", into]
    subprocess.run(command, input=kept.stdout, check=True)
    try:
        yield
    finally:
        _drop(name)
