"""A fee for a visit that was called off: taken from what is held, shared like the price, and to be found everywhere."""

from datetime import date, datetime, timedelta

import pytest

from bookings.models import Visit
from members.models import Member, Notice
from payouts.ledger.presenters import months
from payouts.models import Account, Charge, Entry, Line, PayRun, Transfer
from payouts.payroll.presenters import unpaid_work
from payouts.sandbox import Fault, Mode, Sandbox
from tests.payouts.charges.test_charges import balances, payments
from tests.payouts.stage import NOW, accept, booking, save_card, work_through

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STARTS_AT = NOW + 2 * DAY
LATE = STARTS_AT - 5 * HOUR


def booked(*, card: str = "bypassPending") -> Visit:
    made = booking(starts_at=STARTS_AT)
    save_card(made, card)
    return accept(made)


def cancel(visit: Visit, *, at: datetime = LATE, cents: int = 2500) -> None:
    visit.cancel_for_client(expected_cents=cents, at=at, by=visit.booking.client.user)
    work_through(Charge.objects.all(), at=at + timedelta(minutes=1))


@pytest.mark.parametrize("held", [True, False], ids=["of a hold", "without a hold"])
def test_the_fee_is_taken_once_and_shared_like_the_price(sandbox: Sandbox, ana: Member, held: bool) -> None:
    visit = booked()
    if held:
        Charge.objects.get().move(at=STARTS_AT - DAY)
    cancel(visit)
    charge = Charge.objects.get()
    assert (charge.kind, charge.state, charge.captured_cents) == ("fee", "settled", 2500)
    assert payments(sandbox) == [("succeeded", 2500)]
    assert balances() == {
        "client": 0,
        "pay": 2375,
        "operations": 100 - 103,
        "reserve": 13,
        "upkeep": 12,
        "stripe": -(2500 - 103),
    }


def test_a_fee_asked_for_while_the_answer_was_lost_is_taken_once(sandbox: Sandbox, ana: Member) -> None:
    visit = booked()
    sandbox.faults(Fault(Mode.LOST_AFTER, path="/v1/payment_intents", times=3))
    Charge.objects.get().move(at=STARTS_AT - DAY)
    cancel(visit)
    work_through(Charge.objects.all(), at=LATE + HOUR)
    assert (payments(sandbox), balances()["client"]) == ([("succeeded", 2500)], 0)


def test_a_card_that_was_declined_is_asked_for_the_fee(sandbox: Sandbox, ana: Member) -> None:
    visit = booked(card="chargeCustomerFail")
    Charge.objects.get().move(at=STARTS_AT - DAY)
    cancel(visit)
    charge = Charge.objects.get()
    assert (charge.kind, charge.state, charge.cents, charge.number_of_try) == ("fee", "failed", 2500, 2)
    assert balances() == {"client": -2500, "pay": 2375, "operations": 100, "reserve": 13, "upkeep": 12}


def test_a_free_cancellation_leaves_no_trace_in_the_books(sandbox: Sandbox, ana: Member) -> None:
    visit = booked()
    cancel(visit, at=NOW, cents=0)
    assert (Charge.objects.get().state, Entry.objects.count(), payments(sandbox)) == ("released", 0, [])


def test_a_fee_counts_on_the_day_on_which_it_arose(sandbox: Sandbox, ana: Member) -> None:
    visit = booked()
    cancel(visit, at=STARTS_AT - 23 * HOUR)
    entry = Entry.objects.get(kind="fee")
    assert (entry.key, entry.effective_on, visit.day) == (f"fee:{visit.pk}", date(2026, 3, 11), date(2026, 3, 12))


def test_whoever_lost_the_work_is_told_sees_it_and_is_paid_it(
    sandbox: Sandbox, ana: Member, tess: Member, sol: Member
) -> None:
    visit = booked()
    cancel(visit)
    assert Notice.objects.get(key=f"fee:{visit.pk}:{ana.pk}").subject == "$23.75 for a visit that did not take place"
    assert [(work.kind, work.minutes, work.cents) for work in unpaid_work(ana)] == [("fee", 0, 2375)]
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=NOW + 10 * DAY, by=tess.user)
    line = Line.objects.get()
    assert (line.kind, line.cents, line.minutes, run.payouts.get().least_per_hour) == ("fee", 2375, 0, None)


def test_fees_stand_in_the_open_books(sandbox: Sandbox, ana: Member) -> None:
    cancel(booked())
    (month,) = months(since=date(2026, 1, 1))
    assert (month.bar, month.fees_earned) == (
        [("worker", 2375), ("operations", 100), ("reserve", 13), ("upkeep", 12)],
        2500,
    )


def test_whatever_happens_all_accounts_together_are_zero(sandbox: Sandbox, ana: Member) -> None:
    cancel(booked())
    assert sum(account.balance for account in Account.objects.with_balance()) == 0
    assert Transfer.objects.filter(entry__kind="fee").count() == 4
