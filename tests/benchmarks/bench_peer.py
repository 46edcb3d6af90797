"""Openings and booking beside django-appointment 3.12, on the same data in the same run. Run by `make bench`.

Staff work Monday to Friday from 8 to 18 and have two visits of two hours on each day; wanted are all starts of two
hours on the half hour in the next 30 days, half an hour apart from other visits. The peer with a thousand staff takes
about ten minutes: it is reckoned from a hundred, unless BENCH_PEER_MOST=1000 says to run it.
"""

import os
import sys
import time as clock
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Quote
from coop.models import Amendment
from tests import make
from tests.benchmarks import peer
from tests.benchmarks.bench_openings import NEW_YORK, members, shifts

DAYS, SIZES = 30, (10, 100, 1000)
PEER_MOST = int(os.environ.get("BENCH_PEER_MOST", "100"))
ROUNDS = 20
HEAD = f"{'':34}{'staff':>6}{'queries':>9}{'python s':>11}{'postgres s':>11}{'wall ms':>11}{'ratio':>8}"
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.mark.django_db
def test_beside_django_appointment(capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(NEW_YORK).date()
    first = today + timedelta(days=7 - today.weekday())
    table, ours, made = [HEAD], {}, members(0)
    with connection.cursor() as cursor:  # ours waits while the peer works
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
    wish, seed = _coop(first)
    for number in SIZES:
        added = members(number - len(made))
        shifts(added, [day for day in _days(first) if day.weekday() < 5], seed)
        made += added
        ours[number] = _found(wish, first)
        table += [_line("openings, Evenhand", number, ours[number])]
        table += _peers(number, first, ours[number])
    booked = {"booking, Evenhand: choose a time": _choosing(wish, first), "booking, Evenhand: book it": _booking(wish)}
    table += [f"{name:34}{SIZES[-1]:>6}{queries:>9}" for name, queries in booked.items()]
    table += _bars(ours, booked["booking, Evenhand: book it"])
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")


def _coop(first: date) -> tuple[Quote, Quote]:
    """A quote that looks for times, and one whose visit everybody's shifts belong to."""
    Amendment.objects.create(
        policy="bookings.travel_minutes", numerator=30, effective_on=date(2026, 1, 1), enacted_at=_at(first), source="b"
    )
    service, ana = make.service(minutes=120), make.member("Ana Reyes")
    seed = make.quote(at=_at(first), service=service)
    make.booking(starts_at=datetime.combine(first, time(9), NEW_YORK), at=_at(first), quote=seed)
    ana.leave_coop(at=_at(first), by=None)
    household = make.client()
    wish = make.quote(at=_at(first), service=service, client=household, street=seed.street)
    return Quote.objects.select_related("service", "zip").get(pk=wish.pk), seed


def _at(first: date) -> datetime:
    return datetime.combine(first - timedelta(days=2), time(9), NEW_YORK)


def _days(first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(DAYS)]


def _found(wish: Quote, first: date) -> dict[str, float]:
    """Means over some rounds: the processor's clock of PostgreSQL ticks a hundred times a second."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def step() -> object:
        return wish.openings(first=first, days=DAYS, at=_at(first))

    with CaptureQueriesContext(connection) as queries:
        step()
    postgres, python, wall = _postgres(), clock.process_time(), clock.perf_counter()
    for _round in range(ROUNDS):
        step()
    spent = {"python": clock.process_time() - python, "wall": clock.perf_counter() - wall}
    spent["postgres"] = _postgres() - postgres
    return {"queries": len(queries), **{name: value / ROUNDS for name, value in spent.items()}}


def _postgres() -> float:
    """The processor's time that our connection's own process has used, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    with open(f"/proc/{number}/stat") as stat:
        spent = stat.read().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / TICKS


def _peers(number: int, first: date, ours: dict[str, float]) -> list[str]:
    """The peer's line, and that of its booking with as many as it was run with."""
    run = min(number, PEER_MOST)
    try:
        found: dict[str, Any] = peer.measured(staff=run, first=first, days=DAYS)
    except peer.NotRun as trouble:
        return [f"openings, django-appointment 3.12 {number:>6}  NOT RUN: {trouble.why}"]
    times = number // run
    spent = {name: found[name] * times for name in ("queries", "python", "postgres", "wall")}
    name = "openings, django-appointment 3.12" if times == 1 else f"  the same, reckoned from {run}"
    lines = [_line(name, number, spent, ratio=_cpu(spent) / _cpu(ours))]
    if times == 1:
        lines.append(f"{'booking, django-appointment 3.12':34}{number:>6}{found['booking'] or 'NOT RUN':>9}")
    return lines


def _cpu(spent: dict[str, float]) -> float:
    return spent["python"] + spent["postgres"]


def _line(name: str, staff: int, spent: dict[str, float], *, ratio: float = 0) -> str:
    numbers = f"{spent['queries']:>9.0f}{spent['python']:>11.4f}{spent['postgres']:>11.4f}{spent['wall'] * 1000:>11.1f}"
    return f"{name:34}{staff:>6}{numbers}" + (f"{ratio:>7.0f}x" if ratio else "")


def _choosing(wish: Quote, first: date) -> int:
    """Queries of keeping a time."""
    free = wish.openings(first=first, days=DAYS, at=_at(first))
    with CaptureQueriesContext(connection) as queries:
        wish.choose_time(free[0], at=_at(first))
    return _counted(queries)


def _booking(wish: Quote) -> int:
    """Queries of booking the time that is kept."""
    assert wish.starts_at is not None
    with CaptureQueriesContext(connection) as queries:
        Booking.request(wish, at=_at(wish.day(wish.made_at)), by=None)
    return _counted(queries)


def _counted(queries: CaptureQueriesContext) -> int:
    """Without the beginnings and ends of transactions, which ask nothing."""
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def _bars(ours: dict[int, dict[str, float]], booking: int) -> list[str]:
    """What we set ourselves, and whether it holds on this machine today; the ratios stand in the table."""
    bars = {
        "at most 3 queries to find": all(found["queries"] <= 3 for found in ours.values()),
        "a thousand staff under 120 ms": ours[1000]["wall"] < 0.12,
        "at most 12 queries to book": booking <= 12,
    }
    return ["", *(f"{name:40} {'yes' if holds else 'NO'}" for name, holds in bars.items())]
