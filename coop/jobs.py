"""Background work: rows with a state are the queue, a sweep finds what is due, Celery only hurries it."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from celery import Task, current_app, shared_task
from celery.signals import task_postrun, task_prerun
from django.db import connection, models, transaction
from django.utils import timezone

from coop.contact import ContactFacts, facts_cache
from coop.errors import Refusal
from coop.models import Heartbeat
from coop.sending.delivery import Away
from coop.valkey import breaker

log = structlog.get_logger()
Row = TypeVar("Row")


@task_prerun.connect
def begin_in_the_coops_zone(**_facts: object) -> None:
    """A task's today is the co-op's today."""
    timezone.activate(ContactFacts.known().local_zone)


@task_postrun.connect
def end_in_no_zone(**_facts: object) -> None:
    timezone.deactivate()


_quiet: ContextVar[bool] = ContextVar("nothing is enqueued", default=False)
_passed: ContextVar[list[str] | None] = ContextVar("rows that a sweep passed by", default=None)


@contextmanager
def without_enqueueing() -> Iterator[None]:
    """Within this block nobody is hurried: a replay of the past does its own work in its own time."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def enqueue(task: str, *ids: int) -> None:
    """Ask for a task by its name once this transaction is committed. A lost task loses nothing: a sweep comes by.

    Of many tasks for a broker that does not answer only the first waits for it.
    """

    def hurry() -> None:
        try:
            breaker.ask(lambda: current_app.send_task(task, ids, expires=60))
        except Exception as trouble:  # the broker may be away; the row waits for its sweep
            log.warning("task lost", task=task, trouble=str(trouble))

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


def process_each(rows: Iterable[Row], step: Callable[[Row], object]) -> None:
    """Take the step with each row; one in trouble keeps no other waiting, and is told in the sweep's heartbeat.

    A row that somebody else has just moved on refuses, and that is well. Only what is no row's trouble ends the sweep:
    whoever carries things is away, the database is, or the time is up.
    """
    for row in rows:
        try:
            step(row)
        except Refusal:
            continue
        except (Away, SoftTimeLimitExceeded):
            raise
        except Exception as trouble:
            if not connection.is_usable():
                raise
            _pass_by(row, trouble)


def _pass_by(row: object, trouble: Exception) -> None:
    name = f"{row._meta.label} {row.pk}" if isinstance(row, models.Model) else str(row)
    log.exception("row in trouble", row=name)
    if (passed := _passed.get()) is not None:
        passed.append(f"{name}: {type(trouble).__name__}: {trouble}"[:300])


def _run_and_tell(name: str, work: Callable[[], None]) -> None:
    passed: list[str] = []
    began = timezone.now()
    trouble, token = "", _passed.set(passed)
    try:
        with facts_cache():
            work()
    except Exception:
        trouble = traceback.format_exc(limit=-3)
        log.exception("sweep in trouble", sweep=name)
    finally:
        _passed.reset(token)
    facts = {"at": timezone.now(), "trouble": trouble, "rows": passed} | ({} if trouble else {"well_since": began})
    Heartbeat.objects.update_or_create(sweep=name, defaults=facts)
