"""What a client pays: held a day before, taken when the work is done, once whatever happens on the way."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import stripe
from django.db import connection
from django.utils import timezone

from bookings.models import Visit
from members.models import Member, Notice
from payouts.models import Account, Card, CardSession, Charge
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe import errors, gateway
from tests.payouts.stage import NOW, accept, booking, choose_card, do, paid_visit, save_card, work_through

pytestmark = pytest.mark.django_db


def balances() -> dict[str, int]:
    return {account.kind: account.balance for account in Account.objects.with_balance()}


def payments(sandbox: Sandbox) -> list[tuple[str, int]]:
    """All payments at Stripe, oldest first: state and cents received."""
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})
    found = list(client.v1.payment_intents.list({"limit": 100}).auto_paging_iter())
    return [(payment.status, payment.amount_received) for payment in reversed(found)]


def test_saving_a_card_confirms_the_booking(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    save_card(booked, "mastercard")
    booked.refresh_from_db()
    card = Card.objects.get(client=booked.client)
    assert (booked.state, card.brand, card.last4) == ("confirmed", "mastercard", "4444")


def test_coming_back_twice_confirms_once(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    session = CardSession.open_for(booked, at=NOW)
    choose_card(session)
    for _time in range(2):
        CardSession.look_for(booked, at=NOW, by=None)
    assert Charge.objects.count() == 1


def test_the_page_for_a_card_is_opened_once_and_used_again(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    assert CardSession.open_for(booked, at=NOW) == CardSession.open_for(booked, at=NOW)


def test_a_declined_card_keeps_the_booking_at_risk_for_a_day(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    save_card(booked, "visa_chargeDeclined")
    booked.refresh_from_db()
    assert (booked.state, booked.at_risk, booked.card_due_at) == ("requested", True, NOW + timedelta(hours=24))
    save_card(booked, "visa")
    booked.refresh_from_db()
    assert (booked.state, booked.at_risk) == ("confirmed", False)


def test_a_price_is_held_and_then_taken(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=3))
    save_card(booked)
    charge = Charge.objects.get()
    charge.move(at=NOW)
    assert (charge.state, payments(sandbox)) == ("due", [])
    charge.move(at=NOW + timedelta(days=2))
    assert (charge.state, charge.held_cents, payments(sandbox)) == ("held", 14000, [("requires_capture", 0)])
    visit = do(accept(booked))
    work_through(Charge.objects.all(), at=visit.ends_at)
    charge.refresh_from_db()
    assert (charge.state, charge.captured_cents, payments(sandbox)) == ("settled", 14000, [("succeeded", 14000)])


def test_what_was_paid_is_in_the_books_with_stripes_fee(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    assert balances() == {
        "client": 0,
        "pay": 13300,
        "operations": 560 - 436,
        "reserve": 70,
        "upkeep": 70,
        "stripe": -(14000 - 436),
    }
    assert gateway.available_cents() == 14000 - 436


def test_without_a_hold_the_price_is_taken_at_once(sandbox: Sandbox, ana: Member) -> None:
    paid_visit(starts_at=NOW + timedelta(days=3))
    assert payments(sandbox) == [("succeeded", 14000)]


@pytest.mark.parametrize("mode", [Mode.LOST_AFTER, Mode.ERROR_AFTER, Mode.LIMITED])
@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/payment_intents/*/capture"])
def test_lost_replies_and_errors_charge_nobody_twice(sandbox: Sandbox, ana: Member, mode: Mode, path: str) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1, hours=1))
    save_card(booked)
    sandbox.faults(Fault(mode, path=path, times=1 if mode is Mode.LIMITED else 4))
    charge = Charge.objects.get()
    at = NOW + timedelta(hours=2)
    for _minute in range(3):
        charge.move(at=at)
        at += timedelta(minutes=10)
    done = do(accept(booked))
    for _minute in range(12):
        charge.move(at=done.ends_at + timedelta(minutes=_minute * 10))
    assert (charge.state, payments(sandbox)) == ("settled", [("succeeded", 14000)])


def test_an_error_that_stays_under_its_key_is_looked_up(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    sandbox.faults(Fault(Mode.ERROR_KEPT, path="/v1/payment_intents"))
    charge = Charge.objects.get()
    for minute in range(0, 30, 5):
        charge.move(at=NOW + timedelta(minutes=minute))
    assert (charge.state, payments(sandbox)) == ("held", [("requires_capture", 0)])


def test_after_twenty_hours_a_charge_is_looked_up_and_never_asked_again(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=2))
    save_card(booked)
    sandbox.faults(Fault(Mode.LOST_BEFORE, path="/v1/payment_intents", times=3))
    charge = Charge.objects.get()
    start = NOW + timedelta(days=1)
    charge.move(at=start)
    sandbox.advance(25 * 3600)
    charge.move(at=start + timedelta(hours=21))
    charge.refresh_from_db()
    assert (charge.state, charge.attention_since) == ("due", start + timedelta(hours=21))
    assert payments(sandbox) == []
    assert list(Charge.objects.in_trouble()) == [charge]


def test_a_hold_that_ran_out_is_charged_anew(sandbox: Sandbox, ana: Member) -> None:
    sandbox.set_clock(int(timezone.now().timestamp()))
    now = timezone.now()
    booked = booking(starts_at=now.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=2), at=now)
    save_card(booked, at=now)
    visit = accept(booked, at=now)
    charge = Charge.objects.get()
    charge.move(at=visit.starts_at - timedelta(hours=24))
    assert charge.state == "held"
    sandbox.advance(8 * 86400)
    done = do(visit)
    work_through(Charge.objects.all(), at=done.ends_at)
    charge.refresh_from_db()
    assert (charge.state, charge.number_of_try) == ("settled", 2)
    assert payments(sandbox) == [("canceled", 0), ("succeeded", 14000)]


def test_a_cancelled_visit_gives_the_hold_back(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    booked.refresh_from_db()
    charge = Charge.objects.get()
    charge.move(at=NOW)
    booked.cancel(at=NOW, by=None)
    work_through(Charge.objects.all(), at=NOW)
    charge.refresh_from_db()
    assert (charge.state, charge.held_cents, payments(sandbox)) == ("released", 0, [("canceled", 0)])


def test_a_visit_called_off_while_the_answer_was_lost_holds_nothing(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    booked.refresh_from_db()
    sandbox.faults(Fault(Mode.LOST_AFTER, path="/v1/payment_intents", times=3))
    charge = Charge.objects.get()
    charge.move(at=NOW)
    booked.cancel(at=NOW, by=None)
    work_through(Charge.objects.all(), at=NOW + timedelta(minutes=5))
    charge.refresh_from_db()
    assert (charge.state, payments(sandbox)) == ("released", [("canceled", 0)])


def test_a_card_that_stops_working_is_told_to_the_client_and_mended_by_another(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked, "chargeCustomerFail")
    charge = Charge.objects.get()
    charge.move(at=NOW)
    charge.refresh_from_db()
    assert charge.state == "failed"
    assert Notice.objects.filter(user=booked.client.user, key=f"charge_declined:{charge.pk}:1").count() == 1
    booked.refresh_from_db()
    save_card(booked, "visa")
    charge.move(at=NOW)
    assert (charge.state, charge.number_of_try) == ("held", 2)


@pytest.mark.parametrize(
    ("cents", "paid"),
    [(12000, [("succeeded", 12000)]), (15000, [("succeeded", 14000), ("succeeded", 1000)])],
    ids=["less", "more"],
)
def test_a_price_that_changed_is_taken_as_far_as_it_was_held_and_the_rest_on_its_own(
    sandbox: Sandbox, ana: Member, cents: int, paid: list[tuple[str, int]]
) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    Charge.objects.get().move(at=NOW)
    visit = accept(booked)
    Visit.objects.filter(pk=visit.pk).update(cents=cents)
    done = do(visit)
    work_through(Charge.objects.all(), at=done.ends_at)
    assert payments(sandbox) == paid
    assert balances()["client"] == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_charging_ten_times_at_once_takes_the_price_once(sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    done = do(accept(booked))
    start, trouble = Barrier(10), []

    def work(number: int) -> None:
        start.wait()
        try:
            for step in range(4):
                charge = Charge.objects.get()
                charge.move(at=done.ends_at + timedelta(minutes=3 * step + number))
                if charge.intent:
                    charge.converge(gateway.payment(charge.intent), at=done.ends_at)
        except Exception as unexpected:
            trouble.append(unexpected)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (trouble, payments(sandbox), balances()["client"]) == ([], [("succeeded", 14000)], 0)


def test_a_tip_is_a_charge_of_its_own_and_all_of_it_is_the_workers(sandbox: Sandbox, ana: Member) -> None:
    done = paid_visit()
    charge = Charge.tip(done, cents=2000, at=done.ends_at, by=done.booking.client.user)
    work_through(Charge.objects.all(), at=done.ends_at)
    charge.refresh_from_db()
    assert (charge.state, payments(sandbox)) == ("settled", [("succeeded", 14000), ("succeeded", 2000)])
    assert {kind: cents for kind, cents in balances().items() if kind in ("client", "pay", "tips")} == {
        "client": 0,
        "pay": 13300,
        "tips": 2000,
    }


def test_a_wrong_key_stops_the_queue_and_loses_nothing(sandbox: Sandbox, ana: Member, settings: object) -> None:
    booked = booking(starts_at=NOW + timedelta(days=1))
    save_card(booked)
    settings.STRIPE_API_KEY = "not a key"  # type: ignore[attr-defined]
    charge = Charge.objects.get()
    with pytest.raises(errors.Stopped):
        charge.move(at=NOW)
    settings.STRIPE_API_KEY = "sk_test_money"  # type: ignore[attr-defined]
    charge.move(at=NOW + timedelta(minutes=3))
    assert charge.state == "held"
