"""What is made at Stripe says for which installation and what it pays, the same in a restored database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coop.models import Installation
from members.models import Member
from payouts.models import (
    Account,
    Card,
    CardSession,
    Charge,
    Entry,
    GiftCard,
    Move,
    PayeeAccount,
    Payout,
    PayRun,
    Refund,
)
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe import gateway, names
from tests import make
from tests.payouts.stage import NOW, booking, paid_visit, save_card, work_through

KEYS = st.lists(st.sampled_from(["visit:1", "visit:12", "fee:1", "tip:1", 'a","b', "a", "b", ""]), max_size=6)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(KEYS.flatmap(lambda keys: st.tuples(st.just(keys), st.permutations(keys + keys[:1]))))
def test_the_same_debt_has_the_same_digest_in_whatever_order(found: tuple[list[str], list[str]]) -> None:
    keys, mixed = found
    assert names.digest_of(mixed) == names.digest_of(keys)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(KEYS, KEYS)
def test_another_debt_has_another_digest(one: list[str], other: list[str]) -> None:
    assert (names.digest_of(one) == names.digest_of(other)) == (set(one) == set(other))


@pytest.fixture
def at_stripe(sandbox: Sandbox) -> Any:
    return stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1


@contextmanager
def undone() -> Iterator[None]:
    """What is done in the database within is gone afterwards, as after a restore; what Stripe did is not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def owed_to(member: Member, sandbox: Sandbox, *, cents: int = 9_000) -> None:
    payee = PayeeAccount.of(member)
    assert payee.account
    sandbox.onboard(payee.account)
    payee.look(at=NOW)
    for number in (1, 2):
        moves = [Move(Account.client(1), Account.pay(member.pk), cents)]
        Entry.post(key=f"visit:{number}", kind=Entry.Kind.VISIT, effective_on=NOW.date(), at=NOW, moves=moves)


def pay_all(tess: Member, board: Any) -> list[Payout]:
    run = PayRun.draft(ends_on=NOW.date(), at=NOW + timedelta(days=3), by=tess.user)
    run.approve(at=NOW + timedelta(days=3), by=board)
    for payout in run.payouts.order_by("pk"):
        payout.send(at=NOW + timedelta(days=3))
    return list(run.payouts.order_by("pk"))


def till(at_stripe: Any) -> None:
    at_stripe.payment_intents.create(
        {"amount": 500_000, "currency": "usd", "payment_method": "pm_card_bypassPending", "confirm": True}
    )


@pytest.mark.django_db
def test_an_installation_is_one_row_that_keeps_its_name() -> None:
    assert len(Installation.ours()) == 32
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(pk=2)
    for sql in ("UPDATE coop_installation SET name = gen_random_uuid()", "DELETE FROM coop_installation"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_a_transfer_says_whom_it_pays_for_which_entries(
    sandbox: Sandbox, at_stripe: Any, ana: Member, tess: Member
) -> None:
    till(at_stripe)
    owed_to(ana, sandbox)
    pay_all(tess, make.member("Bea Board", hours=None, roles=["board"]).user)
    (made,) = at_stripe.transfers.list().data
    digest = names.digest_of(["visit:1", "visit:2"])
    assert made.metadata.to_dict() == {
        "installation": Installation.ours(),
        "kind": "payout",
        "member": str(ana.pk),
        "entries": digest,
        "number_of_try": "1",
    }
    assert made.transfer_group == f"{Installation.ours()}:member={ana.pk}:entries={digest}"


@pytest.mark.django_db
def test_a_run_that_is_drafted_anew_after_a_restore_asks_for_the_same_and_pays_nobody_twice(
    sandbox: Sandbox, at_stripe: Any, ana: Member, tess: Member
) -> None:
    till(at_stripe)
    owed_to(ana, sandbox)
    board = make.member("Bea Board", hours=None, roles=["board"]).user
    with undone():
        (lost,) = pay_all(tess, board)
        assert lost.state == Payout.State.SENT
    for _draft in range(2):  # other rows than those that were lost
        run = PayRun.draft(ends_on=NOW.date(), at=NOW + timedelta(days=3), by=tess.user)
        run.send_back(at=NOW, by=board, note="Once more.")
    (anew,) = pay_all(tess, board)
    assert anew.pk != lost.pk
    assert (anew.key, anew.params, anew.state, anew.transfer) == (lost.key, lost.params, "sent", lost.transfer)
    assert len(at_stripe.transfers.list().data) == 1


@pytest.mark.django_db
def test_everything_that_a_visit_makes_at_stripe_carries_its_name(
    sandbox: Sandbox, at_stripe: Any, ana: Member
) -> None:
    visit = paid_visit()
    ours, client, visit_id = Installation.ours(), str(visit.booking.client.pk), str(visit.pk)
    Charge.tip(visit, cents=500, at=NOW, by=visit.booking.client.user)
    work_through(Charge.objects.all(), at=NOW + timedelta(days=5))
    price = Charge.objects.get(kind="price")
    by = make.member("Sol Vega", hours=None, roles=["coordinator"]).user
    for cents in (300, 200):
        Refund.give(price, cents=cents, responsible="coop", note="Late.", at=NOW, by=by)
    for refund in Refund.objects.order_by("pk"):
        refund.send(at=NOW)
    (customer,) = at_stripe.customers.list().data
    assert (customer.metadata.installation, customer.metadata.client) == (ours, client)
    intents = {intent.metadata.kind: intent for intent in at_stripe.payment_intents.list().data}
    booked = names.digest_of([str(visit.booking.token)])
    about = {"installation": ours, "visit": visit_id, "booking": booked, "number_of_try": "1"}
    paid = {"price": about | {"entries": names.digest_of([f"visit:{visit_id}"])}, "tip": about}
    assert {kind: intent.metadata.to_dict() for kind, intent in intents.items()} == {
        kind: {"kind": kind, **name} for kind, name in paid.items()
    }
    assert {intent.transfer_group for intent in intents.values()} == {f"{ours}:visit={visit_id}"}
    back = [(found.amount, found.metadata.to_dict()) for found in reversed(at_stripe.refunds.list().data)]
    refunded = {**about, "kind": "refund", "of": "price"}
    assert back == [(300, {**refunded, "number": "1"}), (200, {**refunded, "number": "2"})]


@pytest.mark.django_db
def test_pages_and_accounts_carry_their_name(sandbox: Sandbox, at_stripe: Any, ana: Member) -> None:
    booked = booking()
    session = CardSession.open_for(booked, at=NOW)
    page, setup = (
        at_stripe.checkout.sessions.retrieve(session.checkout),
        at_stripe.setup_intents.retrieve(session.setup),
    )
    assert page.metadata.to_dict() == setup.metadata.to_dict()
    assert (page.metadata.kind, page.metadata.client) == ("card", str(booked.client.pk))
    gift = GiftCard.objects.create(cents=5_000, buyer=ana.user, asked_at=NOW, look_at=NOW)
    gift.open_page(at=NOW)
    gift.refresh_from_db()
    paid_page = at_stripe.checkout.sessions.retrieve(gift.checkout)
    assert paid_page.metadata.to_dict() == {
        "installation": Installation.ours(),
        "kind": "gift",
        "gift": names.digest_of([str(gift.token)]),
    }
    payee = PayeeAccount.of(ana)
    account = at_stripe.accounts.retrieve(payee.account)
    since = names.digest_of([ana.user.joined_at.isoformat()])
    about = {"kind": "payee", "member": str(ana.pk), "since": since}
    assert account.metadata.to_dict() == {"installation": Installation.ours(), **about}


@pytest.mark.django_db
def test_whoever_comes_after_a_restore_gets_a_page_though_a_lost_row_had_their_number(
    sandbox: Sandbox, ana: Member, bo: Member
) -> None:
    """A database that was restored gives out numbers again that Stripe has seen."""
    with undone():
        lost = CardSession.open_for(booking(), at=NOW)
    with connection.cursor() as cursor:
        for table in ("bookings_client", "payouts_cardsession"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false)")
    session = CardSession.open_for(booking(at=NOW + timedelta(hours=1)), at=NOW + timedelta(hours=1))
    assert session.checkout != lost.checkout


@pytest.mark.django_db
def test_a_row_that_was_frozen_before_names_were_written_keeps_its_key(
    sandbox: Sandbox, at_stripe: Any, ana: Member
) -> None:
    booked = booking()
    save_card(booked)
    charge = Charge.objects.get()
    card = Card.objects.get()
    old = {
        "amount": charge.cents,
        "currency": "usd",
        "customer": card.customer,
        "payment_method": card.method,
        "off_session": True,
        "confirm": True,
        "capture_method": "manual",
        "transfer_group": f"visit_{charge.visit_id}",
        "metadata": {"charge": f"{charge.pk}-1"},
    }
    key = f"charge-{charge.pk}-1"
    made = gateway.pay(old, key=key)
    Charge.objects.update(params=old, due_at=NOW)
    sandbox.faults(Fault(Mode.LOST_BEFORE, times=3))
    charge.refresh_from_db()
    assert charge.key == key
    charge.move(at=NOW)
    charge.move(at=NOW + timedelta(hours=21))  # too old to ask: looked for
    charge.refresh_from_db()
    assert (charge.state, charge.intent) == ("held", made.id)
    assert len(at_stripe.payment_intents.list().data) == 1


def test_a_key_never_exceeds_what_stripe_takes() -> None:
    name = {"installation": "f" * 32, "kind": "refund", "booking": "f" * 32, "entries": "f" * 32, "of": "price"}
    name |= {part: str(2**63) for part in ("visit", "number", "number_of_try")}
    assert len(names.key_of(name) + "-capture") <= 255
