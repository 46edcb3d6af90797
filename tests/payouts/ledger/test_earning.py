"""A completed visit is in the books, to the cent and by the rules of its day, or it is not completed."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection

from bookings.models import Shift, Visit
from bookings.policies import shares_on
from coop.errors import WrongState
from coop.models import Amendment
from members.models import Member
from payouts.models import Account, Charge, Entry, Transfer
from tests.payouts.stage import NOW, cleaning, do, done_visit, visit


def moved(visit: Visit) -> dict[tuple[str, str], int]:
    rows = Transfer.objects.filter(entry__visit=visit).select_related("payer", "payee")
    return {(row.payer.code, row.payee.code): row.cents for row in rows}


@pytest.mark.django_db
def test_a_visit_is_shared_between_worker_operations_reserve_and_upkeep(ana: Member) -> None:
    done = done_visit()
    client, worker = f"client:{done.booking.client.pk}", f"pay:{ana.pk}"
    assert done.cents == 14000
    assert moved(done) == {
        (client, worker): 13300,
        (client, "operations"): 560,
        (client, "reserve"): 70,
        (client, "upkeep"): 70,
    }
    entry = Entry.objects.get(visit=done)
    assert (entry.key, entry.effective_on) == (f"visit:{done.pk}", done.day)


@pytest.mark.django_db
def test_a_crew_of_two_shares_the_workers_part(ana: Member, bo: Member) -> None:
    done = done_visit(service=cleaning(crew=2))
    client = f"client:{done.booking.client.pk}"
    assert moved(done)[client, f"pay:{ana.pk}"] == 6650
    assert moved(done)[client, f"pay:{bo.pk}"] == 6650


@pytest.mark.django_db
def test_the_rules_of_the_day_of_the_visit_count(ana: Member) -> None:
    planned = visit(starts_at=NOW + timedelta(days=2))
    raise_worker_share(on=planned.day + timedelta(days=1))
    done = do(planned, at=NOW + timedelta(days=3))
    assert shares_on(planned.day + timedelta(days=1))["worker"] * 100 == 97
    assert moved(done)[f"client:{done.booking.client.pk}", f"pay:{ana.pk}"] == 13300


@pytest.mark.django_db
def test_a_floor_raised_after_booking_is_paid_from_the_co_ops_share(ana: Member) -> None:
    planned = visit(service=cleaning(cents_per_hour=2350))
    amend("bookings.pay_floor", 2300, on=planned.day)
    done = do(planned)
    client = f"client:{done.booking.client.pk}"
    assert done.cents == 8225
    assert moved(done) == {
        (client, f"pay:{ana.pk}"): 8050,
        (client, "operations"): 93,
        (client, "reserve"): 41,
        (client, "upkeep"): 41,
    }


@pytest.mark.django_db
def test_what_the_price_cannot_pay_operations_pays_on_its_own(ana: Member) -> None:
    planned = visit(service=cleaning(cents_per_hour=2350))
    amend("bookings.pay_floor", 2400, on=planned.day)
    done = do(planned)
    client, worker = f"client:{done.booking.client.pk}", f"pay:{ana.pk}"
    assert moved(done) == {(client, worker): 8225, ("operations", worker): 175}


@pytest.mark.django_db
def test_the_price_is_to_be_charged_from_then_on(ana: Member) -> None:
    done = done_visit()
    charge = Charge.objects.get(visit=done)
    assert (charge.kind, charge.state, charge.wanted, charge.cents) == ("price", "due", "capture", 14000)
    assert charge.due_at == done.completed_at


@pytest.mark.django_db
def test_a_price_is_to_be_held_a_day_before(ana: Member) -> None:
    planned = visit(starts_at=NOW + timedelta(days=5))
    charge = Charge.objects.get(visit=planned)
    assert (charge.state, charge.wanted, charge.cents) == ("due", "hold", 14000)
    assert charge.due_at == planned.starts_at - timedelta(hours=24)


@pytest.mark.django_db
def test_a_cancelled_visit_is_not_charged(ana: Member) -> None:
    planned = visit()
    planned.booking.cancel(at=NOW, by=None)
    assert Charge.objects.get(visit=planned).state == "released"
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_visit_that_the_books_refuse_is_not_completed(ana: Member) -> None:
    planned = visit()
    shift = planned.shifts.get()
    shift.start(at=shift.starts_at, by=ana.user)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payouts_transfer ADD CONSTRAINT shut CHECK (cents < 0)")
    try:
        with pytest.raises(DatabaseError):
            shift.complete(at=shift.ends_at, by=ana.user)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE payouts_transfer DROP CONSTRAINT shut")
    assert Visit.objects.get().state == "started"
    assert Shift.objects.get().state == "started"
    assert not Entry.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_completing_ten_times_at_once_earns_once(ana: Member) -> None:
    planned = visit()
    shift = planned.shifts.get()
    shift.start(at=shift.starts_at, by=ana.user)
    start, refused = Barrier(10), []

    def work() -> None:
        mine = Shift.objects.get(pk=shift.pk)
        start.wait()
        try:
            mine.complete(at=shift.ends_at, by=ana.user)
        except WrongState:
            refused.append(1)
        connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 9
    assert Entry.objects.count() == 1
    assert Account.objects.with_balance().get(code=f"pay:{ana.pk}").balance == 13300


def amend(policy: str, value: int, *, on: date, denominator: int = 1) -> None:
    Amendment.objects.create(
        policy=policy, numerator=value, denominator=denominator, effective_on=on, enacted_at=NOW, source="test:1"
    )


def raise_worker_share(*, on: date) -> None:
    amend("bookings.worker_share", 97, on=on, denominator=100)
    amend("bookings.operations_share", 1, on=on, denominator=100)
