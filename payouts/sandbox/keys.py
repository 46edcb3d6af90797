"""Idempotency keys: the same key never does a thing twice within a day."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects.money import DAY

LONGEST = 255


class InFlight:
    """Keys of the calls that are being served now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[str] = set()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Raises `Refused` (409) while another call with this key is on its way."""
        with self._lock:
            if key in self._held:
                message = "There is currently another in-progress request using this Idempotent Key."
                raise Refused(message, status=409, type="idempotency_error", code="idempotency_key_in_use")
            self._held.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(key)


def fingerprint(path: str, params: Obj) -> str:
    return hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()


def recall(desk: Desk, key: str, asked: str) -> tuple[int, str] | None:
    """Status and body of the first answer to this key, for a day; raises `Refused` if it asked something else."""
    if len(key) > LONGEST:
        raise Refused(f"An idempotency key has at most {LONGEST} characters.")
    row = desk.store.db.execute(
        "select fingerprint, status, body from keys where account = ? and key = ? and kept_at > ?",
        (desk.account, key, desk.now - DAY),
    ).fetchone()
    if row is None:
        return None
    if row[0] != asked:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise Refused(message, type="idempotency_error")
    return row[1], row[2]


def keep(desk: Desk, key: str, asked: str, *, status: int, body: str) -> None:
    desk.store.db.execute(
        "insert or replace into keys values (?, ?, ?, ?, ?, ?)", (desk.account, key, asked, desk.now, status, body)
    )
