"""Background work: one at a time, with a heartbeat, and never lost with the broker."""

import re
import threading
from pathlib import Path

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from celery import current_app
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from coop.errors import Refusal
from coop.jobs import enqueue, process_each, sweep
from coop.models import Heartbeat
from coop.sending.delivery import Away, Breaker

ROOT = Path(__file__).parents[2]
ROOMS = ("members", "bookings", "payouts", "governance")


class Bell:
    """A broker far away: remembers what was asked of it; without a line every ring fails."""

    def __init__(self, *, line: bool = True) -> None:
        self.line, self.rung = line, list[tuple[str, tuple[int, ...]]]()

    def send_task(self, name: str, ids: tuple[int, ...], expires: int) -> None:
        if not self.line:
            raise ConnectionError("nobody answers")
        self.rung.append((name, ids))


@pytest.mark.django_db(transaction=True)
def test_a_bell_rings_only_for_what_has_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Bell()
    monkeypatch.setattr(current_app, "send_task", bell.send_task)
    with transaction.atomic():
        enqueue("bookings.offer_shift", 1)
        transaction.set_rollback(True)
    with transaction.atomic():
        enqueue("bookings.offer_shift", 2)
        before = list(bell.rung)
    assert (before, bell.rung) == ([], [("bookings.offer_shift", (2,))])


@pytest.mark.django_db(transaction=True)
def test_without_the_broker_the_work_is_still_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", Bell(line=False).send_task)
    with transaction.atomic():
        Heartbeat.objects.create(sweep="kept", at="2026-03-02T14:00:00Z")
        enqueue("bookings.offer_shift", 1)
    assert Heartbeat.objects.filter(sweep="kept").exists()


def test_every_name_that_is_rung_for_is_a_task() -> None:
    current_app.loader.import_default_modules()
    rung = {
        name
        for room in ROOMS
        for file in (ROOT / room).glob("**/*.py")
        for name in re.findall(r'enqueue\(\s*"([\w.]+)"', file.read_text())
    }
    assert len(rung) > 8
    assert rung <= set(current_app.tasks)


def test_every_sweep_is_started_by_the_clock() -> None:
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if name.split(".")[0] in ROOMS and ".sweep_" in name}
    assert ours == set(settings.SWEEPS)


@pytest.mark.django_db
def test_a_sweep_tells_that_it_ran() -> None:
    ran: list[int] = []

    def work() -> None:
        ran.append(1)

    sweep("tests.well")(work)()
    assert (ran, Heartbeat.objects.get(sweep="tests.well").trouble) == ([1], "")


@pytest.mark.django_db
def test_a_sweep_in_trouble_says_so_and_gets_well_again() -> None:
    moods: list[Exception | None] = [ValueError("the ledger is full"), None]

    def work() -> None:
        if mood := moods.pop(0):
            raise mood

    task, told = sweep("tests.moody")(work), []
    for _ in range(2):
        task()
        told.append("the ledger is full" in Heartbeat.objects.get(sweep="tests.moody").trouble)
    assert told == [True, False]


@pytest.mark.django_db(transaction=True)
def test_trouble_with_the_database_is_told_too() -> None:
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    sweep("tests.database")(work)()
    assert "division by zero" in Heartbeat.objects.get(sweep="tests.database").trouble


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_beats_do_no_harm() -> None:
    inside, most, runs = [0], [0], [0]
    guard, start = threading.Lock(), threading.Barrier(4)

    def work() -> None:
        with guard:
            inside[0] += 1
            runs[0] += 1
            most[0] = max(most[0], inside[0])
        threading.Event().wait(0.05)
        with guard:
            inside[0] -= 1

    task = sweep("tests.once")(work)

    def beat() -> None:
        start.wait()
        task()
        connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task()
    assert (most[0], runs[0] >= 2, Heartbeat.objects.get(sweep="tests.once").trouble) == (1, True, "")


@pytest.mark.django_db
def test_a_row_in_trouble_keeps_no_other_waiting_and_makes_nobody_unwell() -> None:
    taken: list[int] = []

    def step(row: int) -> None:
        if row == 1:
            raise Refusal("somebody was faster")
        if row == 2:
            raise ValueError("a broken row")
        taken.append(row)

    rows = [1, 2, 3, 4]

    def work() -> None:
        process_each(rows, step)

    task = sweep("tests.rows")(work)
    task()
    beat = Heartbeat.objects.get(sweep="tests.rows")
    assert (taken, beat.trouble, beat.rows) == ([3, 4], "", ["2: ValueError: a broken row"])
    rows.remove(2)
    task()
    beat.refresh_from_db()
    assert beat.rows == []


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [Away("nobody answers"), SoftTimeLimitExceeded()])
def test_trouble_of_all_ends_a_sweep_and_is_told(trouble: Exception) -> None:
    taken: list[int] = []

    def step(row: int) -> None:
        taken.append(row)
        raise trouble

    def work() -> None:
        process_each([1, 2, 3], step)

    name = f"tests.{type(trouble).__name__}"
    sweep(name)(work)()
    assert (taken, type(trouble).__name__ in Heartbeat.objects.get(sweep=name).trouble) == ([1], True)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_no_trouble_of_a_row() -> None:
    taken: list[int] = []

    def step(row: int) -> None:
        taken.append(row)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        process_each([1, 2, 3], step)
    connection.close()
    assert taken == [1]


def test_of_many_rings_to_a_broker_that_is_away_only_the_first_waits() -> None:
    tried: list[int] = []

    def knock() -> None:
        tried.append(1)
        raise ConnectionError("nobody answers")

    breaker = Breaker(ConnectionError)
    for _ring in range(5):
        with pytest.raises(Away):
            breaker.ask(knock)
    breaker.close()
    with pytest.raises(Away):
        breaker.ask(knock)
    assert len(tried) == 2
