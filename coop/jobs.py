"""Background work: rows with a state are the queue, a sweep finds what is due, a doorbell only hurries it."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

import structlog
from celery import Task, shared_task
from django.db import connection, transaction
from django.utils import timezone

from coop.errors import Refusal
from coop.valkey import breaker

log = structlog.get_logger()
Row = TypeVar("Row")


_quiet: ContextVar[bool] = ContextVar("no doorbells", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Within this block nobody is hurried: a replay of the past does its own work in its own time."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def ring(task: "Task[..., Any]", *ids: int) -> None:
    """Ask for `task` soon, once this transaction is committed. A lost ring loses nothing: a sweep comes by.

    Of many rings to a broker that does not answer only the first waits for it.
    """

    def hurry() -> None:
        try:
            breaker.ask(lambda: task.apply_async(ids, expires=60))
        except Exception as trouble:  # the broker may be away; the row waits for its sweep
            log.warning("doorbell lost", task=task.name, trouble=str(trouble))

    if not _quiet.get():
        transaction.on_commit(hurry)


def sweep(name: str) -> "Callable[[Callable[[], None]], Task[[], None]]":
    """A task that beat starts each minute: one at a time whatever the number of workers, with a heartbeat.

    Trouble is written to its Heartbeat, which the office sees, and the next minute tries again.
    """

    def decorate(work: Callable[[], None]) -> "Task[[], None]":
        @wraps(work)
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
                if not cursor.fetchone()[0]:
                    return
                try:
                    _run_and_tell(name, work)
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])

        return shared_task(name=name)(run)

    return decorate


def each(rows: Iterable[Row], step: Callable[[Row], object]) -> None:
    """Take the step with each row; one in trouble does not keep the others waiting, and is told at the end.

    A row that somebody else has just moved on refuses, and that is well.
    """
    trouble: Exception | None = None
    for row in rows:
        try:
            step(row)
        except Refusal:
            continue
        except Exception as found:
            trouble = found
    if trouble:
        raise trouble


def _run_and_tell(name: str, work: Callable[[], None]) -> None:
    from coop.models import Heartbeat

    trouble = ""
    try:
        work()
    except Exception:
        trouble = traceback.format_exc(limit=-3)
        log.exception("sweep in trouble", sweep=name)
    Heartbeat.objects.update_or_create(sweep=name, defaults={"at": timezone.now(), "trouble": trouble})
