"""A visit at another time: its price is held in its new time, and nothing is held twice."""

from datetime import timedelta

import pytest

from bookings.models import Visit
from coop.models import Amendment
from members.models import Member
from payouts.models import Charge
from payouts.sandbox import Fault, Mode, Sandbox
from tests.payouts.charges.test_charges import payments
from tests.payouts.stage import NOW, accept, booking, do, save_card, work_through

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def booked(*, starts_in: timedelta = DAY, card: str = "visa") -> Visit:
    made = booking(starts_at=NOW + starts_in)
    save_card(made, card)
    return accept(made)


def test_before_it_is_held_only_the_time_changes(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked(starts_in=3 * DAY)
    visit.move(NOW + 5 * DAY, at=NOW, by=sol.user)
    charge = Charge.objects.get()
    assert (charge.state, charge.wanted, charge.due_at) == ("due", "hold", NOW + 4 * DAY)


def test_a_hold_for_a_day_that_is_off_is_given_back_and_placed_anew(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked()
    charge = Charge.objects.get()
    charge.move(at=NOW)
    visit.move(NOW + 5 * DAY, at=NOW, by=sol.user)
    work_through(Charge.objects.all(), at=NOW)
    charge.refresh_from_db()
    assert (charge.state, charge.wanted, charge.due_at, charge.held_cents) == ("due", "hold", NOW + 4 * DAY, 0)
    work_through(Charge.objects.all(), at=NOW + 4 * DAY)
    done = do(visit)
    work_through(Charge.objects.all(), at=done.ends_at)
    assert payments(sandbox) == [("canceled", 0), ("succeeded", 14000)]


def test_a_hold_that_still_serves_stays(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked()
    charge = Charge.objects.get()
    charge.move(at=NOW)
    visit.move(visit.starts_at - 2 * HOUR, at=NOW, by=sol.user)
    charge.refresh_from_db()
    assert (charge.state, charge.wanted, charge.number_of_try) == ("held", "hold", 1)


@pytest.mark.parametrize(("lasts_longer", "wanted"), [(timedelta(), "later"), (timedelta(seconds=1), "hold")])
def test_a_hold_that_lapses_before_the_moved_visit_ends_is_given_back(
    sandbox: Sandbox, ana: Member, sol: Member, lasts_longer: timedelta, wanted: str
) -> None:
    visit = booked()
    Charge.objects.get().move(at=NOW)
    Charge.objects.update(capture_before=visit.ends_at - HOUR + lasts_longer)
    visit.move(visit.starts_at - HOUR, at=NOW, by=sol.user)
    charge = Charge.objects.get()
    assert (charge.state, charge.wanted) == ("held", wanted)


def test_a_hold_that_is_too_small_now_is_placed_anew(sandbox: Sandbox, ana: Member) -> None:
    visit = booked(starts_in=DAY + HOUR)
    Charge.objects.get().move(at=NOW + HOUR)
    Amendment.objects.create(
        policy="bookings.pay_floor", numerator=5000, effective_on=visit.day + DAY, enacted_at=NOW, source="vote"
    )
    price = visit.price_on(visit.day + DAY)
    by = visit.booking.client.user
    visit.move_for_client(visit.starts_at + DAY, expected_cents=price.cents, at=NOW + HOUR, by=by)
    work_through(Charge.objects.all(), at=visit.starts_at - DAY)
    assert (Charge.objects.get().held_cents, payments(sandbox)) == (
        price.cents,
        [("canceled", 0), ("requires_capture", 0)],
    )


def test_a_move_while_the_answer_was_lost_holds_once(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked()
    sandbox.faults(Fault(Mode.LOST_AFTER, path="/v1/payment_intents", times=3))
    charge = Charge.objects.get()
    charge.move(at=NOW)
    visit.move(NOW + 5 * DAY, at=NOW, by=sol.user)
    work_through(Charge.objects.all(), at=NOW + timedelta(minutes=5))
    charge.refresh_from_db()
    assert (charge.state, charge.due_at, payments(sandbox)) == ("due", NOW + 4 * DAY, [("canceled", 0)])


def test_a_card_that_was_declined_is_asked_again_in_the_new_time(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked(card="chargeCustomerFail")
    charge = Charge.objects.get()
    charge.move(at=NOW)
    visit.move(NOW + 5 * DAY, at=NOW, by=sol.user)
    charge.refresh_from_db()
    assert (charge.state, charge.wanted, charge.due_at, charge.number_of_try) == ("due", "hold", NOW + 4 * DAY, 2)


def test_a_no_to_a_hold_that_is_not_needed_any_more_troubles_nobody(sandbox: Sandbox, ana: Member, sol: Member) -> None:
    visit = booked(card="chargeCustomerFail")
    sandbox.faults(Fault(Mode.LOST_BEFORE, path="/v1/payment_intents", times=3))
    charge = Charge.objects.get()
    charge.move(at=NOW)
    visit.move(NOW + 5 * DAY, at=NOW, by=sol.user)
    work_through(Charge.objects.all(), at=NOW + timedelta(minutes=5))
    charge.refresh_from_db()
    assert (charge.state, charge.wanted, charge.due_at) == ("due", "hold", NOW + 4 * DAY)
