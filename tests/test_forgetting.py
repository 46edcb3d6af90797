"""Whoever asks to be forgotten is: here and at Stripe, for good, and the books still balance."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from bookings.models import Home
from coop.models import Event
from members.models import CalendarAddress, User
from members.personal_data import erase, erasure_blockers
from payouts.charges.tasks import sweep_cards
from payouts.models import Card, CardRemoval, Entry, Transfer
from payouts.sandbox import Fault, Mode, Sandbox
from tests import make
from tests.house import A_DAY, NOW
from tests.payouts.stage import paid_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def settled(sandbox: Sandbox, clock: time_machine.Traveller) -> User:
    """Somebody whose one visit is done, paid and in the books; with a note, a calendar, and a phone."""
    make.member("Ana Reyes")
    visit = paid_visit(at=NOW)
    clock.move_to(NOW + 4 * A_DAY)
    client, home = visit.booking.client, visit.booking.home
    client.call_at("+12125550188")
    home.keep_note("Canary: the code is kiwi-4711")
    CalendarAddress.make(client.user, "client", at=NOW)
    client.user.introduce(name="Robin Zanzibar", language="en")
    return client.user


def test_whoever_is_forgotten_leaves_no_trace_but_the_books(sandbox: Sandbox, clock: time_machine.Traveller) -> None:
    user = settled(sandbox, clock)
    before = [*Entry.objects.order_by("pk").values(), *Transfer.objects.order_by("pk").values()]
    email, street = user.email, Home.objects.get().street
    customer = Card.objects.get().customer
    assert erasure_blockers(user, at=NOW + 4 * A_DAY) == []
    for _time in range(2):
        erase(user, at=NOW + 4 * A_DAY)
    assert [*Entry.objects.order_by("pk").values(), *Transfer.objects.order_by("pk").values()] == before
    assert found_anywhere([email, street, "Zanzibar", "+12125550188"]) == []
    assert Home.objects.get().access_note.open() == ""
    assert not CalendarAddress.objects.standing().exists()
    assert [(one.customer, one.wholly) for one in CardRemoval.objects.all()] == [(customer, True)]
    assert Event.objects.filter(verb="erase").count() == 1
    assert str(User.objects.get(pk=user.pk)) == "Somebody who left"


def found_anywhere(words: list[str]) -> list[tuple[str, str]]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.append((table, word))
    return found


def test_stripe_forgets_the_card_however_often_it_fails(sandbox: Sandbox, clock: time_machine.Traveller) -> None:
    from payouts.stripe import calls

    user = settled(sandbox, clock)
    customer = Card.objects.get().customer
    erase(user, at=NOW + 4 * A_DAY)
    sandbox.faults(Fault(Mode.ERROR_BEFORE, times=9))
    sweep_cards()
    assert CardRemoval.objects.get().done_at is None
    sandbox.faults()
    clock.shift(timedelta(minutes=6))
    for _time in range(2):
        sweep_cards()
    assert CardRemoval.objects.get().done_at is not None
    left = calls.ask(lambda v1: v1.customers.retrieve(customer))
    cards = calls.ask(lambda v1: v1.payment_methods.list({"customer": customer}))
    assert (left.email, left.name, list(cards.data)) == (None, None, [])


def test_a_former_client_can_begin_anew(sandbox: Sandbox, clock: time_machine.Traveller) -> None:
    user = settled(sandbox, clock)
    email = user.email
    erase(user, at=NOW + 4 * A_DAY)
    assert make.user("Robin Again", email=email).pk != user.pk
