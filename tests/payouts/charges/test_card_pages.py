"""The card that a household's visits are charged to: to see it, to save another, to have it forgotten."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from stripe import StripeClient

from bookings.models import Visit
from bookings.policies import LATE_FEE
from coop.models import Amendment
from members.models import Member, User
from payouts.charges.tasks import sweep_cards
from payouts.models import Card, CardRemoval, CardSession, CardTerms, Charge
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, booking, choose_card, paid_visit, save_card, work_through

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=8)


def as_(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def done(sandbox: Sandbox, ana: Member) -> Visit:
    """A visit that is done and paid; nothing else is planned."""
    return paid_visit()


def replace(browser: Browser, visit: Visit, card: str) -> None:
    """Save another card on the hosted page, and come back."""
    client = visit.booking.client
    answer = browser.post(reverse("replace_card", args=[client.pk]))
    assert answer.status_code == 303
    choose_card(CardSession.objects.latest("pk"), card)
    back = browser.get(reverse("card_replaced", args=[client.pk]))
    assert back["Location"] == reverse("my_card")


@time_machine.travel(LATER, tick=False)
def test_the_card_is_shown_by_its_last_digits_and_month(done: Visit) -> None:
    page = words(as_(done.booking.client.user).get(reverse("my_card")))
    assert [word for word in ("Visa", "0077", "12/2034", "Remove this card") if word not in page] == []


@time_machine.travel(LATER, tick=False)
def test_another_card_is_saved_in_its_place_without_a_booking(done: Visit) -> None:
    theirs = as_(done.booking.client.user)
    replace(theirs, done, "mastercard")
    page = words(theirs.get(reverse("my_card")))
    assert ("Mastercard" in page, "4444" in page, "0077" in page) == (True, True, False)


def test_a_declined_charge_is_tried_again_with_the_new_card(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    save_card(booked, "chargeCustomerFail")
    charge = Charge.objects.get()
    with time_machine.travel(charge.due_at, tick=False):
        work_through(Charge.objects.all(), at=charge.due_at)
        assert Charge.objects.get().state == "failed"
        replace(as_(booked.client.user), booked.first_visit(), "visa")
        work_through(Charge.objects.all(), at=charge.due_at)
        assert Charge.objects.get().state == "held"


@time_machine.travel(LATER, tick=False)
def test_a_card_is_removed_here_at_once_and_at_stripe_soon_after(done: Visit) -> None:
    theirs, before = as_(done.booking.client.user), Card.objects.get()
    page = words(theirs.post(reverse("remove_card", args=[before.client_id]), follow=True))
    assert ("Your card is removed." in page, "0077" in page) == (True, False)
    sweep_cards()
    assert [(one.customer, one.done_at) for one in CardRemoval.objects.all()] == [(before.customer, LATER)]
    replace(theirs, done, "mastercard")
    after = Card.objects.get()
    assert (after.last4, after.customer != before.customer) == ("4444", True)
    sweep_cards()
    assert Card.objects.get().method == after.method


def test_a_card_stays_while_something_is_planned_or_to_be_paid(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    save_card(booked)
    with time_machine.travel(NOW, tick=False):
        theirs = as_(booked.client.user)
        page = words(theirs.get(reverse("my_card")))
        assert ("A visit is still planned" in page, "Remove this card" in page) == (True, False)
        theirs.post(reverse("remove_card", args=[booked.client.pk]))
        assert (Card.objects.get().last4, CardRemoval.objects.count()) == ("4242", 0)


@time_machine.travel(LATER, tick=False)
def test_a_page_that_was_still_open_brings_no_removed_card_back(done: Visit) -> None:
    client = done.booking.client
    session = CardSession.open_to_replace(client, at=LATER)
    Card.remove(client, at=LATER)
    choose_card(session)
    as_(client.user).get(reverse("card_replaced", args=[client.pk]))
    assert Card.objects.get().method == ""


@time_machine.travel(LATER, tick=False)
def test_the_card_is_the_households_and_nobody_elses(done: Visit, ana: Member, tess: Member, dan: User) -> None:
    jo = make.at_home("Jo Lee", done.booking.client, at=NOW).user
    assert "0077" in words(as_(jo).get(reverse("my_card")))
    for person in (ana.user, tess.user, dan):
        assert "0077" not in words(as_(person).get(reverse("my_card")))
        assert as_(person).post(reverse("replace_card", args=[done.booking.client.pk])).status_code == 404
        assert as_(person).post(reverse("remove_card", args=[done.booking.client.pk])).status_code == 404


def test_what_somebody_read_before_their_card_was_saved_is_kept_as_it_stood(sandbox: Sandbox, ana: Member) -> None:
    booked = booking()
    theirs = as_(booked.client.user)
    address = reverse("save_card", args=[booked.token])
    with time_machine.travel(NOW, tick=False):
        shown = theirs.get(address).content.decode()
        theirs.post(address)
        theirs.post(address)
        save_card(booked)
    kept = CardTerms.objects.get()
    assert [line for line in kept.lines if f"<li>{line}</li>" not in shown] == []
    assert "Later it costs $25.00, at most the price." in kept.lines
    assert (kept.late_fee, kept.language, kept.booking, kept.shown_at) == (2500, "en", booked, NOW)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        Amendment.objects.create(
            policy=LATE_FEE.key, numerator=4000, effective_on=NOW.date(), enacted_at=NOW, source="a vote"
        )
        page = words(theirs.get(reverse("my_card")))
    assert ("Later it costs $25.00" in page, "Later it costs $40.00" in page) == (True, True)
    with pytest.raises(DatabaseError, match="terms_that_were_shown"), transaction.atomic():
        CardTerms.objects.update(late_fee=0)


def test_stripe_is_asked_for_cards_and_offers_no_other_way(sandbox: Sandbox, ana: Member) -> None:
    """Nobody here follows another; by itself Stripe would offer what is switched on there."""
    paid_visit()
    stripe: Any = StripeClient("sk_test_reader", base_addresses={"api": sandbox.url}).v1
    asked = [stripe.checkout.sessions.retrieve(CardSession.objects.get().checkout), *stripe.payment_intents.list().data]
    assert [one.payment_method_types for one in asked] == [["card"]] * 2
