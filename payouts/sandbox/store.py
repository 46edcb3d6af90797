"""Where the sandbox keeps what it knows: one SQLite file, one transaction a call.

A reply is sent only after its transaction is committed, so a killed process forgets no answered call.
Without a directory the same tables live in memory and end with the process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from payouts.sandbox.errors import Obj

TABLES = """
create table if not exists objects (
    seq integer primary key, id text not null unique, kind text not null, account text not null,
    created integer not null, due integer, body text not null, private text not null);
create index if not exists objects_of_a_kind on objects (kind, account, seq);
create index if not exists objects_due on objects (due) where due is not null;
create index if not exists objects_of_a_customer
    on objects (kind, account, json_extract(body, '$.customer')) where json_extract(body, '$.customer') is not null;
create index if not exists objects_from_a_source
    on objects (kind, account, json_extract(body, '$.source')) where json_extract(body, '$.source') is not null;
create index if not exists objects_of_a_group on objects (kind, account, json_extract(body, '$.transfer_group'))
    where json_extract(body, '$.transfer_group') is not null;
create index if not exists objects_of_a_payment on objects (kind, account, json_extract(body, '$.payment_intent'))
    where json_extract(body, '$.payment_intent') is not null;
create table if not exists movements (account text not null, available_on integer not null, net integer not null);
create index if not exists movements_of_an_account on movements (account, available_on, net);
create table if not exists keys (
    account text not null, key text not null, fingerprint text not null, kept_at integer not null,
    status integer not null, body text not null, primary key (account, key)) without rowid;
create table if not exists deliveries (
    id integer primary key, event text not null, endpoint text not null,
    since real not null, due real not null, attempts integer not null default 0);
create index if not exists deliveries_due on deliveries (due);
create table if not exists facts (name text primary key, value text not null) without rowid;
"""


@dataclass
class Record:
    """One object of Stripe's, with what the sandbox remembers about it but never shows."""

    id: str
    kind: str
    account: str
    created: int
    due: int | None
    body: Obj
    private: Obj

    def row(self) -> tuple[int | None, str, str]:
        return self.due, json.dumps(self.body), json.dumps(self.private)


class Store:
    """Objects, money movements, idempotency keys and waiting webhooks. Use only inside `transaction`."""

    def __init__(self, directory: Path | None = None) -> None:
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if directory is None else str(directory / "sandbox.sqlite3")
        self.db = sqlite3.connect(place, isolation_level=None, check_same_thread=False, timeout=2)
        self.db.execute("pragma locking_mode = exclusive")
        self.db.execute("pragma journal_mode = wal")
        self.db.execute("pragma synchronous = normal")
        self.db.executescript(TABLES)
        self._lock = threading.RLock()
        self._open: dict[str, tuple[Record, tuple[int | None, str, str]]] = {}

    def close(self) -> None:
        with self._lock:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is kept, or (when it raises) none."""
        with self._lock:
            self.db.execute("begin immediate")
            try:
                yield
                self.flush()
                self.db.execute("commit")
            except BaseException:
                self.db.execute("rollback")
                raise
            finally:
                self._open.clear()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a transaction that can fail alone: what it changed is undone, the rest goes on."""
        self.flush()
        self.db.execute("savepoint attempt")
        try:
            yield
            self.flush()
        except BaseException:
            self._open.clear()
            self.db.execute("rollback to attempt")
            raise
        finally:
            self.db.execute("release attempt")

    def add(self, record: Record) -> None:
        told = (record.id, record.kind, record.account, record.created, *record.row())
        self.db.execute(
            "insert into objects (id, kind, account, created, due, body, private) values (?, ?, ?, ?, ?, ?, ?)", told
        )
        self._open[record.id] = (record, record.row())

    def get(self, id: str) -> Record | None:
        """The one living copy of an object in this transaction; changes to it are kept at the end."""
        if id in self._open:
            return self._open[id][0]
        row = self.db.execute(
            "select id, kind, account, created, due, body, private from objects where id = ?", (id,)
        ).fetchone()
        if row is None:
            return None
        _id, kind, account, created, due, body, private = row
        record = Record(id, kind, account, created, due, json.loads(body), json.loads(private))
        self._open[id] = (record, (due, body, private))
        return record

    def flush(self) -> None:
        """Write what changed, so that queries see it."""
        for id, (record, before) in list(self._open.items()):
            now = record.row()
            if now != before:
                self.db.execute("update objects set due = ?, body = ?, private = ? where id = ?", (*now, id))
                self._open[id] = (record, now)

    def find(
        self, kind: str, account: str, where: str = "", values: tuple[Any, ...] = (), *, most: int = -1
    ) -> list[str]:
        """Ids, newest first, of a kind in an account; `where` narrows it further in SQL."""
        self.flush()
        asked = f"select id from objects where kind = ? and account = ? {where} order by seq desc limit ?"  # noqa: S608
        return [id for (id,) in self.db.execute(asked, (kind, account, *values, most))]

    def falling_due(self, now: int) -> list[str]:
        """Ids of the objects whose time has come, earliest first."""
        found = self.db.execute("select id from objects where due <= ? order by due, seq limit 500", (now,))
        return [id for (id,) in found]

    def move(self, account: str, *, cents: int, available_on: int) -> None:
        self.db.execute("insert into movements values (?, ?, ?)", (account, available_on, cents))

    def balance(self, account: str, *, now: int) -> tuple[int, int]:
        """Cents that can be spent now, and cents still on their way."""
        available, all_of_it = self.db.execute(
            "select coalesce(sum(net) filter (where available_on <= ?), 0), coalesce(sum(net), 0)"
            " from movements where account = ?",
            (now, account),
        ).fetchone()
        return available, all_of_it - available

    def fact(self, name: str) -> str | None:
        row = self.db.execute("select value from facts where name = ?", (name,)).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: str) -> None:
        self.db.execute("insert or replace into facts values (?, ?)", (name, value))
