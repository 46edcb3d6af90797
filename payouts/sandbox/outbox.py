"""Webhooks that still have to arrive, in the order of their events."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from payouts.sandbox.store import Store

GIVE_UP_AFTER = 3 * 86400
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint. `since` is in real seconds, like every time here."""

    id: int
    event: str
    endpoint: str
    since: float
    attempts: int


def post(store: Store, *, event: str, endpoints: list[str]) -> None:
    now = time.time()
    rows = [(event, endpoint, now, now) for endpoint in endpoints]
    store.db.executemany("insert into deliveries (event, endpoint, since, due) values (?, ?, ?, ?)", rows)


def waiting(store: Store, *, endpoints: list[str], most: int, whenever: bool = False) -> list[Delivery]:
    """The deliveries to these endpoints whose time has come (or all), oldest first."""
    until = 1e12 if whenever else time.time()
    found = store.db.execute(
        "select id, event, endpoint, since, attempts from deliveries where due <= ?"
        " and endpoint in (select value from json_each(?)) order by id limit ?",
        (until, json.dumps(endpoints), most),
    )
    return [Delivery(*row) for row in found]


def count(store: Store) -> int:
    return int(store.db.execute("select count(*) from deliveries").fetchone()[0])


def arrived(store: Store, delivery: Delivery) -> None:
    forget(store, delivery)
    event = store.get(delivery.event)
    if event is not None:
        event.body["pending_webhooks"] = max(0, event.body["pending_webhooks"] - 1)


def refused(store: Store, delivery: Delivery) -> None:
    """Try again later and later, for three days as Stripe does."""
    if time.time() - delivery.since > GIVE_UP_AFTER:
        forget(store, delivery)
        return
    store.db.execute(
        "update deliveries set attempts = attempts + 1, due = ? where id = ?",
        (time.time() + pause(delivery.attempts), delivery.id),
    )


def pause(attempts: int) -> float:
    """Seconds to wait after so many failed attempts."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts, 10))


def forget(store: Store, delivery: Delivery) -> None:
    store.db.execute("delete from deliveries where id = ?", (delivery.id,))


def forget_all(store: Store) -> None:
    store.db.execute("delete from deliveries")
