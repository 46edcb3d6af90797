"""Delivering events: signed as Stripe signs them, in order or on purpose not, again and again until they arrive."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import secrets
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from payouts.sandbox import outbox
from payouts.sandbox.desk import PLATFORM
from payouts.sandbox.outbox import Delivery
from payouts.sandbox.store import Store

log = logging.getLogger(__name__)
AT_ONCE = 50
PATIENCE = 10
MOST_DUPLICATES = 10


@dataclass
class Manners:
    """How deliveries behave: kept back, sent so many times each, out of order."""

    hold: bool = False
    duplicate: int = 1
    shuffle: bool = False


class Unreachable(Exception):
    """Nobody answers at the endpoint's address."""


def signature(body: bytes, *, secret: str, at: int) -> str:
    """The `Stripe-Signature` header of a body; `at` is real time, which receivers compare with their own."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Postman:
    """A thread of its own: calls of the API never wait for a receiver."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.manners = Manners()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._round = threading.Lock()
        self._failures: dict[str, int] = {}
        self._paused_until: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=PATIENCE)

    def wake(self) -> None:
        """There may be something to deliver."""
        self._wake.set()

    def waiting(self) -> int:
        with self._store.transaction():
            return outbox.count(self._store)

    def forget(self) -> None:
        """Drop what has not arrived."""
        with self._store.transaction():
            outbox.forget_all(self._store)

    def deliver(self) -> int:
        """Try all that waits now, held back and paused too; how many arrived. Stops when a round brings nothing."""
        arrived = 0
        with self._round:
            self._paused_until.clear()
            while brought := self._deliver_some(whenever=True):
                arrived += brought
        return arrived

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(timeout=0.5)
            self._wake.clear()
            try:
                while not self._stopping.is_set() and not self.manners.hold and self._one_round():
                    pass
            except Exception:
                log.exception("A round of webhooks failed")

    def _one_round(self) -> int:
        with self._round:
            return self._deliver_some(whenever=False)

    def _deliver_some(self, *, whenever: bool) -> int:
        with self._store.transaction():
            known = self._store.find("webhook_endpoint", PLATFORM)
            awake = [id for id in known if self._paused_until.get(id, 0) <= time.time()]
            batch = outbox.waiting(self._store, endpoints=awake, most=AT_ONCE, whenever=whenever) if awake else []
        if self.manners.shuffle:
            secrets.SystemRandom().shuffle(batch)
        return sum(self._deliver(delivery) for delivery in batch)

    def _deliver(self, delivery: Delivery) -> int:
        """1 if it arrived, else 0. Where nobody answers, the whole endpoint waits a while."""
        if self._paused_until.get(delivery.endpoint, 0) > time.time() or self._stopping.is_set():
            return 0
        try:
            taken = self._send(delivery)
        except Unreachable:
            failed = self._failures.get(delivery.endpoint, 0)
            self._failures[delivery.endpoint] = failed + 1
            self._paused_until[delivery.endpoint] = time.time() + outbox.pause(failed)
            return 0
        self._failures.pop(delivery.endpoint, None)
        with self._store.transaction():
            (outbox.arrived if taken else outbox.refused)(self._store, delivery)
        return int(taken)

    def _send(self, delivery: Delivery) -> bool:
        with self._store.transaction():
            event, endpoint = self._store.get(delivery.event), self._store.get(delivery.endpoint)
        if event is None or endpoint is None:
            return True
        body = json.dumps(event.body, indent=2).encode()
        times = max(1, min(MOST_DUPLICATES, self.manners.duplicate))
        answers = [_post(endpoint.body["url"], body, endpoint.body["secret"]) for _ in range(times)]
        return all(answers)


def _post(url: str, body: bytes, secret: str) -> bool:
    """Whether the receiver said yes (2xx); raises `Unreachable` if there is none."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, secret=secret, at=int(time.time())),
        "User-Agent": "Stripe/1.0 (sandbox)",
    }
    try:
        connection = kind(parts.netloc, timeout=PATIENCE)
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
            answer = connection.getresponse()
            answer.read()
            return 200 <= answer.status < 300
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as trouble:
        raise Unreachable(url) from trouble
