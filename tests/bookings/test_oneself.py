"""Nobody decides about their own household, pay or shift, whatever office they hold."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import CareRecord, Shift
from coop.web.http import may
from members.models import Member
from payouts.models import Charge, Payout, PayRun
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import signed_in
from tests.payouts.stage import done_visit

pytestmark = pytest.mark.django_db


def both(first: Member, second: Member, verb: str, row: object) -> tuple[bool, bool]:
    """May the one whom it is about, and may another of the same office?"""
    return may(first.user, verb, row), may(second.user, verb, row)  # type: ignore[arg-type]


@pytest.fixture
def sia(db: None) -> Member:
    """Another coordinator and treasurer."""
    return make.member("Sia Other", hours=None, roles=["coordinator", "treasurer"])


@pytest.mark.parametrize("verb", ["cancel", "miss", "reschedule"])
def test_a_coordinator_is_a_client_like_any_other(ana: Member, sol: Member, sia: Member, verb: str) -> None:
    visit = make.accepted(starts_at=NINE, at=NOW).visit
    make.at_home("Sol Vega", visit.booking.client, person=sol.user)
    assert both(sol, sia, verb, visit) == (False, True)


def test_the_page_says_why(ana: Member, sol: Member) -> None:
    visit = make.accepted(starts_at=NINE, at=NOW).visit
    make.at_home("Sol Vega", visit.booking.client, person=sol.user)
    answer = signed_in(sol).post(reverse("cancel_visit", args=[visit.pk]), {"note": "Because."})
    assert (answer.status_code, "This is about yourself." in answer.content.decode()) == (403, True)


def test_a_booking_of_ones_own_does_not_stand_without_a_card_by_oneself(ana: Member, sol: Member, sia: Member) -> None:
    booking = make.booking(starts_at=NINE, at=NOW)
    make.at_home("Sol Vega", booking.client, person=sol.user)
    assert both(sol, sia, "confirm", booking) == (False, True)


def test_ones_own_part_of_a_visit_is_for_another_coordinator(ana: Member, sol: Member, sia: Member) -> None:
    shift = make.accepted(starts_at=NINE, at=NOW)
    make.role(ana, "coordinator")
    assert both(ana, sol, "give", shift) == (False, True)


def test_the_record_of_ones_own_care_is_edited_by_somebody_else(ana: Member, sol: Member, sia: Member) -> None:
    done_visit()
    make.role(ana, "coordinator")
    record = CareRecord.write(Shift.objects.with_related().get(), at=NOW)
    assert both(ana, sol, "edit", record) == (False, True)


def test_a_treasurer_writes_down_neither_her_own_pay_nor_what_her_household_paid(ana: Member, sia: Member) -> None:
    visit = done_visit()
    make.role(ana, "treasurer")
    tom = make.member("Tom Home", hours=None, roles=["treasurer"])
    make.at_home("Tom Home", visit.booking.client, person=tom.user)
    charge = Charge.objects.get()
    PayRun.draft(ends_on=visit.day + timedelta(days=5), at=visit.ends_at + timedelta(days=8), by=sia.user)
    payout = Payout.objects.get()
    assert both(tom, sia, "pay_outside", charge) == (False, True)
    assert both(tom, sia, "retry", charge) == (False, True)
    assert both(ana, sia, "pay_outside", payout) == (False, True)


def test_whether_her_own_pay_arrived_is_for_somebody_else_to_make_sure(ana: Member, sia: Member) -> None:
    """Where Stripe said no for certain, she may send it once more; where nobody knows, it would pay her twice."""
    visit = done_visit()
    make.role(ana, "treasurer")
    at = visit.ends_at + timedelta(days=8)
    PayRun.draft(ends_on=visit.day + timedelta(days=5), at=at, by=sia.user)
    page, states = reverse("retry_payout", args=[Payout.objects.get().pk]), []
    for state, who in (("review", ana), ("review", sia), ("failed", ana)):
        Payout.objects.update(state=state)
        signed_in(who).post(page)
        states.append(Payout.objects.get().state)
    assert states == ["review", "pending", "pending"]
