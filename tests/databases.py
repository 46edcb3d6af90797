"""Databases of the tests: each is a copy of the migrated one that `tests.services` brings along."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import connection, transaction

from coop.dev.embedded.postgres import PROGRAMS

MIGRATED = urlsplit(os.environ["DATABASE_URL"]).path[1:]


SIZES = """
    SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
AS_COPIED: dict[str, tuple[int, int]] = {}
"""How many rows each table has in a new copy, and the sum of the transactions that wrote them."""
ROWS: dict[str, bytes] = {}
"""What stands in each of those tables in a new copy."""
MOST_BYTES = 8_000_000
"""Of tables in which what is gone still takes room; then a new copy is quicker to work in."""


def renew() -> None:
    """The database that this process speaks to begins anew, whatever was committed in it.

    Rows are taken out, and what the migrations wrote is put back where it was touched: quicker than a new copy.
    """
    connection.close()
    if not (AS_COPIED and _emptied()):
        _copy_to(connection.settings_dict["NAME"])
        AS_COPIED.update(_standing())
        ROWS.update(ROWS or {table: _rows(table) for table in AS_COPIED})
    connection.close()


def _emptied() -> bool:
    """Take out what was written, and put back what stood there; False where much of the room is taken."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no row is guarded, nothing follows
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute(SIZES)
        sizes = dict(cursor.fetchall())
        if sum(sizes.values()) > MOST_BYTES:
            return False
        now = _standing([table for table, size in sizes.items() if size])
        written = {table for table in now | AS_COPIED if now.get(table) != AS_COPIED.get(table)}
        for table in sorted(written):
            cursor.execute(f"DELETE FROM {table}")
            if table in ROWS:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(ROWS[table])
        AS_COPIED.update(_standing(written & ROWS.keys()) if written & ROWS.keys() else {})
        return True


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _standing(tables: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """What tells whether a table is as it was: of these, or of all in which something stands."""
    with connection.cursor() as cursor:
        if not tables:
            cursor.execute(SIZES)
            tables = [table for table, size in cursor.fetchall() if size]
        each = "SELECT '{0}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {0}"
        cursor.execute(" UNION ALL ".join(each.format(table) for table in tables))
        return {table: (rows, int(written)) for table, rows, written in cursor.fetchall() if rows}


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
