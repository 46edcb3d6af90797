"""Gift cards, credit and invitations: every cent of them stands in the books, and is spent once."""

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.db.models import Sum
from django.urls import reverse

from bookings.models import Booking, Client, Visit
from coop.errors import Refusal
from coop.models import Amendment
from members.models import Member, Notice, User
from payouts.charges.credit import credit_of, credit_spent, spend_credit
from payouts.charges.gift_cards import as_printed
from payouts.charges.referrals import invitation_of
from payouts.models import Account, Charge, Entry, GiftCard, Referral, Transfer
from payouts.sandbox import Sandbox
from payouts.stripe.answers import Taken
from tests import make
from tests.bookings import desk
from tests.browsers import Browser
from tests.payouts import stage
from tests.payouts.stage import NOW
from tests.races import at_once

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def tuesday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def gift(cents: int = 5000, *, paid: bool = True) -> GiftCard:
    made: GiftCard = GiftCard.objects.create(cents=cents, buyer=make.user("Gil Giver"), asked_at=NOW, look_at=NOW)
    if paid:
        made.pay(taken=Taken(f"txn_{made.pk}", cents, 175), at=NOW, by=None)
    return made


def balances() -> dict[str, int]:
    return {account.code: account.balance for account in Account.objects.with_balance().order_by("code")}


def the_books_balance() -> bool:
    return sum(balances().values()) == 0


def pay_on_the_page(url: str, card: str = "bypassPending") -> None:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request(
        "POST", parts.path, urlencode({"card": card}), {"Content-Type": "application/x-www-form-urlencoded"}
    )
    connection.getresponse().read()
    connection.close()


def test_a_gift_card_is_paid_on_a_hosted_page_and_its_code_comes_by_mail(sandbox: Sandbox) -> None:
    visitor = Browser()
    wish = {"worth": "50", "name": "Gil Giver", "email": "Gil@example.org", "to_name": "Rosa", "message": "Rest!"}
    answer = visitor.post(reverse("gift_cards"), wish)
    made = GiftCard.objects.get()
    assert (answer.status_code, made.state, made.cents) == (303, "asked", 5000)
    assert made.code not in desk.text(visitor.get(made.get_absolute_url()))
    pay_on_the_page(answer["Location"])
    assert visitor.get(reverse("gift_card_paid", args=[made.token]))["Location"] == made.get_absolute_url()
    page = desk.text(visitor.get(made.get_absolute_url()))
    for word in ("A gift for Rosa", "$50.00", "Rest!", "From Gil", made.code):
        assert word in page
    notice = Notice.objects.get(user__claimed_email="gil@example.org")
    assert made.code in notice.body
    assert balances() == {f"gift:{made.pk}": 5000, "operations": -175, "stripe": -4825}


def test_a_payment_that_nobody_came_back_from_is_found_by_the_sweep(sandbox: Sandbox) -> None:
    made = gift(paid=False)
    pay_on_the_page(made.open_page(at=NOW))
    later = NOW + timedelta(minutes=5)
    assert list(GiftCard.objects.to_look_at(NOW)) == []
    for due in GiftCard.objects.to_look_at(later):
        due.look(at=later)
    assert GiftCard.objects.get().state == "paid"


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        ({"worth": "other", "amount": ""}, "Please say how much."),
        ({"worth": "other", "amount": "9"}, "At least 10, please"),
        ({"worth": "other", "amount": "1001"}, "At most 1000, please"),
        ({"worth": "7"}, "Please choose one of the answers"),
        ({"email": "nobody"}, "This is not a whole e-mail address"),
    ],
)
def test_a_gift_form_keeps_what_was_typed(wish: dict[str, str], wrong: str) -> None:
    sent = {"worth": "50", "name": "Gil Giver", "email": "gil@example.org", "message": "Rest well"} | wish
    page = desk.text(Browser().post(reverse("gift_cards"), sent))
    assert wrong in page
    assert "Rest well" in page
    assert GiftCard.objects.count() == 0


def test_a_code_is_understood_however_it_is_typed() -> None:
    assert as_printed(" abcd efgh-jkmn2345 ") == "ABCD-EFGH-JKMN-2345"


def test_a_gift_card_becomes_credit_once(lee: User) -> None:
    made, theirs = gift(), desk.signed_in(lee)
    page = desk.text(theirs.post(reverse("credit"), {"code": made.code.lower().replace("-", " ")}, follow=True))
    assert "$50.00 were added to your credit." in page
    assert credit_of(Client.objects.get(user=lee)) == 5000
    again = desk.text(theirs.post(reverse("credit"), {"code": made.code}))
    assert "This gift card was used already." in again
    assert credit_of(Client.objects.get(user=lee)) == 5000


@pytest.mark.parametrize("code", ["", "NOPE", "AAAA-AAAA-AAAA-AAAA", "\0"])
def test_a_code_that_is_none_adds_nothing(lee: User, code: str) -> None:
    page = desk.signed_in(lee).post(reverse("credit"), {"code": code})
    assert (page.status_code, Entry.objects.count()) == (200, 0)


def test_a_card_that_was_not_paid_cannot_be_used() -> None:
    with pytest.raises(Refusal, match="We do not know this code"):
        GiftCard.of_code(gift(paid=False).code)


def with_credit(cents: int) -> Visit:
    """A visit for 140.00 of a client who has so much credit."""
    make.member("Ana Reyes")
    visit = stage.visit()
    gift(cents).use(visit.booking.client, at=NOW, by=visit.booking.client.user)
    return visit


def test_credit_pays_first_and_the_card_the_rest() -> None:
    visit = stage.do(with_credit(5000))
    charge = Charge.objects.get(visit=visit)
    assert (charge.cents, charge.wanted, credit_spent(visit)) == (9000, "capture", 5000)
    assert credit_of(visit.booking.client) == 0
    assert the_books_balance()


def test_what_credit_covers_whole_is_not_charged_at_all() -> None:
    visit = stage.do(with_credit(20000))
    charge = Charge.objects.get(visit=visit)
    assert (charge.state, credit_spent(visit), credit_of(visit.booking.client)) == ("released", 14000, 6000)
    assert balances()[f"client:{visit.booking.client.pk}"] == 0


def test_who_did_the_work_earns_the_same_whoever_pays() -> None:
    visit = stage.do(with_credit(20000))
    shares = Transfer.objects.filter(entry__visit=visit, entry__kind="visit")
    assert shares.aggregate(total=Sum("cents"))["total"] == 14000
    assert balances()[f"pay:{visit.shifts.get().member_id}"] == 13300


def test_credit_is_spent_once_however_often_it_is_asked_for() -> None:
    visit = stage.do(with_credit(5000))
    assert [spend_credit(visit, at=NOW) for _again in range(2)] == [5000, 5000]
    assert Entry.objects.filter(kind="credit").count() == 1


def test_the_receipt_says_what_credit_paid(tuesday_morning: time_machine.Traveller) -> None:
    visit = stage.do(with_credit(5000))
    tuesday_morning.move_to(NOW + 3 * A_DAY, tick=False)
    page = desk.text(desk.signed_in(visit.booking.client.user).get(reverse("receipt", args=[visit.pk])))
    for word in ("From your credit", "$50.00", "$90.00", "$140.00"):
        assert word in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_visits_done_at_one_moment_never_spend_the_same_credit() -> None:
    first = with_credit(20000)
    make.member("Bo Lindgren")
    booked = make.confirmed(
        client=first.booking.client, starts_at=first.starts_at + A_DAY, at=NOW, service=stage.cleaning()
    )
    visits = [first, stage.accept(booked)]
    for one in visits:
        shift = one.shifts.get()
        shift.start(at=shift.starts_at, by=shift.member.user)

    def finish(one: Visit) -> None:
        shift = one.shifts.get()
        shift.complete(at=shift.ends_at, by=shift.member.user)

    at_once(*(lambda one=one: finish(one) for one in visits))
    assert credit_of(first.booking.client) == 0
    assert sum(credit_spent(one) for one in visits) == 20000


# Invitations


def invited_booking(browser: Browser, host: Client, **contact: Any) -> Booking:
    word = invitation_of(host)
    assert "invites you" in desk.text(browser.get(reverse("invited", args=[word])))
    assert browser.post(reverse("accept_invitation", args=[word]))["Location"] == reverse("quote")
    made = desk.book(browser, **{"email": "new@example.org", "starts_at": NOW + 2 * A_DAY, **contact})
    made.card_saved(at=NOW, by=None)
    return made


@pytest.fixture
def host(lee: User) -> Client:
    return Client.objects.create(user=lee, since=NOW)


def test_after_the_newcomers_first_visit_both_have_credit(host: Client, ana: Member) -> None:
    made = invited_booking(Browser(), host)
    desk.prove(made, at=NOW)
    assert credit_of(host) == 0
    visit = stage.do(stage.accept(made))
    assert (credit_spent(visit), credit_of(made.client), credit_of(host)) == (1000, 0, 1000)
    assert balances()["operations"] < 0
    assert the_books_balance()


def test_only_a_first_booking_at_a_new_home_counts(host: Client, ana: Member) -> None:
    before = desk.book(Browser(), starts_at=NOW + 2 * A_DAY, email="new@example.org")
    before.card_saved(at=NOW, by=None)
    theirs = desk.signed_in(desk.prove(before, at=NOW))
    invited_booking(theirs, host, street="7 Other Street", starts_at=NOW + 3 * A_DAY)
    assert Referral.objects.count() == 0


def test_nobody_has_credit_who_only_says_who_they_are(host: Client, ana: Member) -> None:
    made = invited_booking(Browser(), host)
    stage.do(stage.accept(made))
    assert (Referral.objects.get().rewarded_at, credit_of(host), credit_of(made.client)) == (None, 0, 0)


def test_a_home_that_is_known_already_counts_for_nobody(host: Client, ana: Member) -> None:
    desk.book(Browser(), starts_at=NOW + 3 * A_DAY, email="here@example.org")
    invited_booking(Browser(), host)
    assert Referral.objects.count() == 0


def test_nobody_invites_themselves(host: Client, ana: Member) -> None:
    invited_booking(Browser(), host, email=host.user.email)
    assert Referral.objects.count() == 0


def test_the_members_may_end_it(host: Client, ana: Member) -> None:
    Amendment.objects.create(
        policy="payouts.referral_cents", numerator=0, effective_on=NOW.date(), enacted_at=NOW, source="a vote"
    )
    assert Browser().get(reverse("invited", args=[invitation_of(host)]))["Location"] == reverse("home")


@pytest.mark.parametrize("word", ["1", "1:forged", "x:y", "\0:a"])
def test_a_forged_invitation_leads_home(word: str) -> None:
    assert Browser().get(reverse("invited", args=[word])).status_code == 302
