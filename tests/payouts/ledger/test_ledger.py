"""The books: written once, always in balance, and nothing is posted twice."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Member
from payouts.ledger.ledger import OtherContent
from payouts.models import Account, Entry, Move, Transfer
from tests.proofs import rounds

DAY = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 15, tzinfo=UTC)
OPERATIONS, RESERVE, STRIPE = (Account.fund(kind) for kind in ("operations", "reserve", "stripe"))


def post(key: str, *moves: Move) -> Entry:
    return Entry.post(key=key, kind=Entry.Kind.VISIT, effective_on=DAY, at=AT, moves=moves)


def balances() -> dict[str, int]:
    return {account.code: account.balance for account in Account.objects.with_balance()}


def sql(query: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)


@pytest.mark.django_db
def test_an_entry_moves_cents_from_one_account_to_another(ana: Member) -> None:
    client, pay = Account.client(5), Account.pay(ana.pk)
    post("visit:1", Move(client, pay, 12825), Move(client, OPERATIONS, 675))
    assert balances() == {"client:5": -13500, pay.code: 12825, "operations": 675}


@pytest.mark.django_db
def test_the_same_event_is_posted_once() -> None:
    first = post("visit:1", Move(STRIPE, OPERATIONS, 100))
    again = post("visit:1", Move(STRIPE, OPERATIONS, 100))
    assert again == first
    assert balances() == {"stripe": -100, "operations": 100}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"moves": [Move(STRIPE, OPERATIONS, 101)]},
        {"moves": [Move(STRIPE, RESERVE, 100)]},
        {"moves": [Move(STRIPE, OPERATIONS, 100), Move(STRIPE, RESERVE, 1)]},
        {"kind": Entry.Kind.FEE},
        {"reverses": True},
    ],
)
def test_a_key_is_not_used_for_something_else(other: dict[str, Any]) -> None:
    first = post("visit:1", Move(STRIPE, OPERATIONS, 100))
    facts: dict[str, Any] = {"kind": Entry.Kind.VISIT, "at": AT, "moves": [Move(STRIPE, OPERATIONS, 100)], **other}
    facts |= {"reverses": first} if "reverses" in other else {}
    with pytest.raises(OtherContent):
        Entry.post(key="visit:1", **facts)
    assert balances() == {"stripe": -100, "operations": 100}


@pytest.mark.django_db
def test_nothing_is_not_moved() -> None:
    post("visit:1", Move(STRIPE, OPERATIONS, 0), Move(STRIPE, RESERVE, 5))
    assert [row.cents for row in Transfer.objects.all()] == [5]


@pytest.mark.django_db
def test_an_entry_is_undone_by_its_mirror_image_once() -> None:
    entry = post("visit:1", Move(STRIPE, OPERATIONS, 100), Move(OPERATIONS, RESERVE, 30))
    undone = entry.reverse(at=AT, effective_on=DAY, memo="wrong visit")
    assert entry.reverse(at=AT, effective_on=DAY, memo="again") == undone
    assert balances() == {"stripe": 0, "operations": 0, "reserve": 0}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE payouts_transfer SET cents = cents + 1",
        "DELETE FROM payouts_transfer",
        "UPDATE payouts_entry SET effective_on = effective_on - 1",
        "UPDATE payouts_entry SET memo = 'oops'",
        "DELETE FROM payouts_entry",
        "UPDATE payouts_account SET kind = 'reserve'",
        "INSERT INTO payouts_transfer (entry_id, payer_id, payee_id, cents) SELECT id, 1, 1, 5 FROM payouts_entry",
        "INSERT INTO payouts_transfer (entry_id, payer_id, payee_id, cents)"
        " SELECT entry_id, payer_id, payee_id, 0 FROM payouts_transfer",
        "INSERT INTO payouts_entry (key, kind, effective_on, posted_at, memo, recorded_in)"
        " SELECT key, kind, effective_on, posted_at, memo, 0 FROM payouts_entry",
    ],
)
def test_what_stands_in_the_books_cannot_be_changed(attempt: str) -> None:
    post("visit:1", Move(STRIPE, OPERATIONS, 100))
    with pytest.raises(DatabaseError):
        sql(attempt)
    assert balances() == {"stripe": -100, "operations": 100}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_to_an_entry_of_another_transaction() -> None:
    entry = post("visit:1", Move(STRIPE, OPERATIONS, 100))
    row = entry.transfers.get()
    with pytest.raises(DatabaseError, match="only together with its entry"):
        Transfer.objects.create(entry=entry, payer=row.payer, payee=row.payee, cents=5)


@pytest.mark.django_db(transaction=True)
def test_nobody_may_pretend_that_an_entry_is_of_this_transaction() -> None:
    with transaction.atomic():
        entry = Entry.objects.create(key="visit:1", kind="visit", effective_on=DAY, posted_at=AT, recorded_in=10**15)
    assert Entry.objects.get(pk=entry.pk).recorded_in < 10**15


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_post_the_same_event_once() -> None:
    start = Barrier(10)
    found: list[int] = []

    def work() -> None:
        start.wait()
        found.append(post("visit:1", Move(STRIPE, OPERATIONS, 100)).pk)
        connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert len(set(found)) == 1
    assert balances() == {"stripe": -100, "operations": 100}


moves = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 10**9)).filter(lambda move: move[0] != move[1]),
    max_size=8,
)


@pytest.fixture
def undone(db: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(entries=st.lists(st.tuples(st.integers(0, 6), moves), max_size=8))
@settings(max_examples=rounds(40, short=12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_the_books_balance(
    undone: None, entries: list[tuple[int, list[tuple[int, int, int]]]]
) -> None:
    with transaction.atomic():
        for key, rows in entries:
            with suppress(OtherContent):
                post(f"any:{key}", *(Move(Account.client(a), Account.client(b), cents) for a, b, cents in rows))
        assert sum(balances().values()) == 0
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_balances_take_one_query_however_many_accounts(django_assert_num_queries: object) -> None:
    for number in range(20):
        post(f"any:{number}", Move(STRIPE, Account.client(number), 100))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(balances()) == 21
