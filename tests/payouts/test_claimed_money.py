"""The card of a booking with a typed address pays for it alone, until the household takes it over; and is told of."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Booking, Client
from bookings.models.claims import Kept
from members.models import Member, Notice, User
from payouts.models import Account, Card, CardRemoval, CardSession, Charge, Entry
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, accept, choose_card, cleaning, do, paid_visit, save_card

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)


@pytest.fixture
def household(sandbox: Sandbox, ana: Member) -> Client:
    """Somebody whose visit was paid with a card that we still have."""
    return paid_visit(card="visa").booking.client


def claimed(household: Client) -> Booking:
    """A booking with their address, by somebody who was not signed in."""
    return make.claimed(starts_at=LATER + timedelta(days=2), at=LATER, email=household.user.email, service=cleaning())


def balance(account: Account) -> int:
    found = Account.objects.filter(code=account.code).with_balance().first()
    return found.balance if found else 0


@time_machine.travel(LATER, tick=False)
def test_a_stranger_who_types_a_households_address_does_not_touch_its_card(household: Client) -> None:
    before = Card.objects.filter(client=household).values().get()
    told = Notice.objects.filter(user=household.user).count()
    booked = claimed(household)
    save_card(booked, "mastercard", at=LATER)
    assert Card.objects.filter(client=household).values().get() == before
    assert (Card.objects.get(client=booked.client).last4, Charge.objects.get(visit__booking=booked).client) == (
        "4444",
        booked.client,
    )
    assert Notice.objects.filter(user=household.user).count() == told
    page = Browser().get(reverse("save_card", args=[booked.token]))
    assert page.status_code == 302


@pytest.mark.parametrize(("kept", "last4"), [(Kept(), "4242"), (Kept(card=True), "4444")])
def test_a_household_that_takes_it_over_pays_with_the_card_that_it_chooses(
    household: Client, kept: Kept, last4: str
) -> None:
    booked = claimed(household)
    save_card(booked, "mastercard", at=LATER)
    customers = set(Card.objects.values_list("customer", flat=True))
    stranger = booked.client
    stranger.take_over(household, keep=kept, at=LATER, by=household.user)
    card = Card.objects.get(client=household)
    assert (card.last4, Charge.objects.get(visit__booking=booked).client) == (last4, household)
    assert Card.objects.get(client=stranger).method == ""
    removal = CardRemoval.objects.get()
    assert ({removal.customer, card.customer}, removal.due_at > LATER + timedelta(days=30)) == (customers, True)
    done = do(accept(Booking.objects.get(pk=booked.pk), at=LATER))
    assert done.booking.client == household
    assert balance(Account.client(stranger.pk)) == 0


def test_a_household_without_a_card_keeps_the_one_of_the_booking(sandbox: Sandbox, ana: Member) -> None:
    household = make.client("Jordan Lee")
    booked = claimed(household)
    save_card(booked, "mastercard", at=LATER)
    booked.client.take_over(household, keep=Kept(), at=LATER, by=household.user)
    assert (Card.objects.get(client=household).last4, CardRemoval.objects.count()) == ("4444", 0)


def test_what_is_owed_and_in_hand_is_taken_over_once(household: Client) -> None:
    booked = claimed(household)
    save_card(booked, "mastercard", at=LATER)
    do(accept(Booking.objects.get(pk=booked.pk), at=LATER))
    stranger, before = booked.client, balance(Account.client(household.pk))
    owed = balance(Account.client(stranger.pk))
    assert owed == -booked.first_visit().cents
    stranger.take_over(household, keep=Kept(), at=LATER + timedelta(days=3), by=household.user)
    assert (balance(Account.client(stranger.pk)), balance(Account.client(household.pk))) == (0, before + owed)
    assert Entry.objects.filter(kind=Entry.Kind.CARRIED).count() == 1


@time_machine.travel(LATER, tick=False)
def test_everybody_of_a_household_is_told_of_a_card_that_is_saved_changed_or_removed(household: Client) -> None:
    jo = make.at_home("Jo Lee", household, at=NOW).user
    first = Notice.objects.filter(user=household.user, key__startswith="card:").get()
    assert "ends in 4242" in first.subject
    session = CardSession.open_to_replace(household, at=LATER)
    choose_card(session, "mastercard")
    session.look(at=LATER, by=household.user)
    session.look(at=LATER, by=household.user)
    Charge.objects.update(state="settled")
    Card.remove(household, at=LATER)
    for person, subjects in ((household.user, 3), (jo, 2)):
        told = Notice.objects.filter(user=person, key__startswith="card:").order_by("pk")
        assert (told.count(), told[subjects - 1].subject) == (subjects, "Your card is removed")
        assert "ends in 4444" in told[subjects - 2].subject


def test_whoever_buys_a_gift_card_with_a_typed_address_is_nobody_we_know(household: Client) -> None:
    sent = {"worth": "100", "name": "Kim", "email": household.user.email, "to_name": "", "message": ""}
    Browser().post(reverse("gift_cards"), sent)
    buyer = User.objects.claiming(household.user.email).get()
    assert (buyer.email, buyer.name) == ("", "Kim")
