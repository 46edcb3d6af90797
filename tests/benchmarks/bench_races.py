"""Twenty clients after one time, ten rounds each, with 1, 10 and 100 members free: over HTTP, in real threads.

Nobody is ever sent to two homes at once, nobody sees an error, and whoever was too late is shown three other times. A
last run is the control: without the lock and without the promise of the database the same rounds do go wrong.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from bookings.models import Quote, Service, Shift
from tests import make
from tests.benchmarks.bench_openings import NEW_YORK
from tests.bookings.visits.test_booking_races import overlaps
from tests.races import at_once

CLIENTS, ROUNDS = 20, 10
pytestmark = pytest.mark.django_db(transaction=True)


def _one_client(quote: Quote, starts_at: datetime) -> str:
    """What one client sees: `kept`, or how many other times are shown, or the error."""
    browser = Browser(REMOTE_ADDR=f"10.0.{quote.pk // 250}.{quote.pk % 250}", raise_request_exception=False)
    page = browser.post(reverse("choose_time", args=[quote.token]), {"starts_at": starts_at.isoformat()})
    if page.status_code == 302:
        return "kept"
    return f"shown {len(page.context['form'].nearest)}" if page.status_code == 200 else f"error {page.status_code}"


def _rounds(service: Service) -> Counter[str]:
    """What all clients of all rounds saw; each round is after another day."""
    seen: Counter[str] = Counter()
    tomorrow = datetime.now(NEW_YORK).date() + timedelta(days=3)
    for number in range(ROUNDS):
        starts_at = datetime.combine(tomorrow + timedelta(days=number), time(9), NEW_YORK)
        quotes = [make.quote(at=datetime.now(NEW_YORK), service=service) for _client in range(CLIENTS)]
        steps = [lambda quote=quote, at=starts_at: _one_client(quote, at) for quote in quotes]
        seen.update(str(result) for result in at_once(*steps))
    return seen


@pytest.mark.parametrize("free", [1, 10, 100])
def test_twenty_clients_after_one_time(free: int, capsys: pytest.CaptureFixture[str]) -> None:
    service = make.service(minutes=120)
    for _member in range(free):
        make.member()
    seen = _rounds(service)
    with capsys.disabled():
        sys.stdout.write(f"\n{free:>4} free: {dict(seen)}, overlaps {len(overlaps())}\n")
    kept = min(free, CLIENTS) * ROUNDS
    assert seen == +Counter({"kept": kept, "shown 3": CLIENTS * ROUNDS - kept})
    assert overlaps() == []


def test_the_control_without_lock_and_promise(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make.service(minutes=120)
    make.member()
    monkeypatch.setattr("bookings.visits.shifts.querysets.lock_date", lambda *_day: None)
    with _without_promise():
        seen, wrong = _rounds(service), len(overlaps())
    with capsys.disabled():
        sys.stdout.write(f"\n   control, 1 free: {dict(seen)}, overlaps {wrong}\n")
    assert wrong > 0


@contextmanager
def _without_promise() -> Iterator[None]:
    """The database allows that somebody is in two places at once."""
    constraint = next(one for one in Shift._meta.constraints if one.name == "one_shift_at_a_time")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Shift, constraint)
    try:
        yield
    finally:
        Shift.objects.all()._raw_delete(connection.alias)
        with connection.schema_editor() as schema:
            schema.add_constraint(Shift, constraint)
