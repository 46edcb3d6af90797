"""The card of a booking with a typed address pays for it alone, until the household takes it over; and is told of."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from bookings.households.claims import Kept
from bookings.models import Booking, Client, Offer, Visit
from bookings.visits.tasks import sweep_reminders
from members.models import Confirmation, Member, Notice, User
from members.rules import not_oneself
from payouts.models import Account, Card, CardRemoval, CardSession, Charge, Entry, GiftCard, Refund
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, accept, choose_card, cleaning, do, paid_visit, save_card, work_through

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


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def links_of(notices: "QuerySet[Notice]") -> set[str]:
    """Where the mails of somebody lead, as paths of the site."""
    return {word.removeprefix(settings.BASE_URL) for one in notices for word in one.body.split() if "://" in word}


def test_every_link_of_a_mail_about_it_leads_the_household_on(
    household: Client, sol: Member, later: time_machine.Traveller
) -> None:
    """They read the mails, and are signed in: no page says that there is nothing there."""
    booked = claimed(household)
    save_card(booked, "chargeCustomerFail", at=LATER)
    visit = accept(Booking.objects.get(pk=booked.pk), at=LATER)
    visit.move(visit.starts_at + timedelta(hours=1), at=LATER, by=sol.user)
    visit = Visit.objects.with_related().get(pk=visit.pk)
    for offer in Offer.objects.waiting().filter(shift__visit=visit):
        offer.accept(at=LATER, by=offer.member.user)
    later.move_to(visit.starts_at - timedelta(hours=20))
    sweep_reminders()
    later.move_to(visit.ends_at + timedelta(minutes=10))
    done = do(visit)
    work_through(Charge.objects.filter(visit=done), at=done.completed_at)
    theirs = Notice.objects.filter(user=booked.client.user)
    kinds = {one.key.partition(":")[0] for one in theirs}
    assert {"booking_confirmed", "visit_moved", "charge_declined"} <= kinds, kinds
    mine = signed_in(household.user)
    lost = {link for link in links_of(theirs) if mine.get(link, follow=True).status_code != 200}
    assert (len(links_of(theirs)) > 2, lost) == (True, set())


def test_what_their_card_did_not_pay_is_paid_by_the_card_of_whoever_takes_it_over(household: Client) -> None:
    booked = claimed(household)
    save_card(booked, "chargeCustomerFail", at=LATER)
    do(accept(Booking.objects.get(pk=booked.pk), at=LATER))
    visit = booked.first_visit()
    charges = Charge.objects.filter(visit=visit)
    work_through(charges, at=visit.ends_at)
    assert charges.get().state == "failed"
    booked.client.take_over(household, keep=Kept(), at=visit.ends_at, by=household.user)
    work_through(charges, at=visit.ends_at)
    assert (charges.get().state, charges.get().client) == ("settled", household)


def test_a_tip_and_a_gift_card_are_for_whoever_proved_the_address(
    household: Client, later: time_machine.Traveller
) -> None:
    """Neither the browser that typed it, nor the household before it has said that it was them."""
    typed = Browser()
    booked = make.claimed(
        starts_at=LATER + timedelta(days=2),
        at=LATER,
        email=household.user.email,
        service=cleaning(),
        browser=typed.marked(),
    )
    save_card(booked, "mastercard", at=LATER)
    done = do(accept(Booking.objects.get(pk=booked.pk), at=LATER))
    later.move_to(done.ends_at + timedelta(minutes=10))
    work_through(Charge.objects.filter(visit=done), at=timezone.now())
    mine, give = signed_in(household.user), reverse("tip", args=[done.pk])
    assert typed.post(give, {"amount": "5"}).status_code == 302
    assert mine.post(give, {"amount": "5"}).status_code == 404
    for name in ("receipt", "receipt_pdf", "visit"):
        assert mine.get(reverse(name, args=[done.pk]))["Location"] == reverse("claims")
    assert not Charge.objects.filter(kind="tip").exists()
    gift = GiftCard.objects.create(cents=1000, buyer=household.user, asked_at=LATER, look_at=LATER, state="paid")
    mine.post(reverse("credit"), {"code": gift.code})
    assert (balance(Account.credit(household.pk)), balance(Account.credit(booked.client.pk))) == (1000, 0)
    mine.post(reverse("take_over_claim", args=[booked.client.pk]))
    assert mine.post(give, {"amount": "5"}).status_code == 302
    tip = Charge.objects.get(kind="tip")
    work_through(Charge.objects.filter(pk=tip.pk), at=timezone.now())
    assert (tip.client, Charge.objects.get(pk=tip.pk).params["customer"]) == (
        household,
        Card.objects.get(client=household).customer,
    )


def test_a_treasurer_gives_nothing_back_alone_for_what_was_booked_with_her_own_address(
    household: Client, tess: Member, sol: Member, later: time_machine.Traveller
) -> None:
    """Unproven, it is of nobody we know; and yet it may be hers."""
    booked = make.claimed(starts_at=LATER + timedelta(days=2), at=LATER, email=tess.user.email, service=cleaning())
    save_card(booked, "bypassPending", at=LATER)
    done = do(accept(Booking.objects.get(pk=booked.pk), at=LATER))
    work_through(Charge.objects.filter(visit=done), at=done.ends_at)
    charge = Charge.objects.get(visit=done)
    assert not_oneself(tess.user, charge) is False
    later.move_to(done.ends_at + timedelta(minutes=10))
    wish = {"charge": charge.pk, "amount": "5", "responsible": "coop", "note": "A vase."}
    signed_in(tess.user).post(reverse("refund_visit", args=[done.pk]), wish)
    refund = Refund.objects.get()
    assert refund.state == "asked"
    asked = Confirmation.objects.get()
    assert asked.seconds(timezone.now()) == [sol.user]


def test_what_was_disowned_costs_and_tells_the_household_nothing(
    household: Client, sol: Member, later: time_machine.Traveller
) -> None:
    """Too near to be cancelled for nothing; then it is called off for a fee, which its own card pays."""
    booked = claimed(household)
    save_card(booked, "mastercard", at=LATER)
    visit = accept(Booking.objects.get(pk=booked.pk), at=LATER)
    told, cents = Notice.objects.filter(user=household.user).count(), balance(Account.client(household.pk))
    later.move_to(visit.starts_at - timedelta(hours=2))
    signed_in(household.user).post(reverse("disown_claim", args=[booked.client.pk]))
    visit = Visit.objects.with_related().get(pk=visit.pk)
    visit.cancel(at=timezone.now(), by=sol.user, note="Nobody answered.", responsible="client")
    work_through(Charge.objects.filter(visit=visit), at=timezone.now())
    charge = Charge.objects.get(visit=visit)
    assert (charge.client, Card.objects.get(client=booked.client).last4) == (booked.client, "4444")
    assert (Notice.objects.filter(user=household.user).count(), balance(Account.client(household.pk))) == (told, cents)
    address = Client.objects.get(pk=booked.client.pk).user.address
    assert (address, Notice.objects.due(timezone.now()).filter(user=booked.client.user).count()) == ("", 0)
