"""Several people, one household: who sees what, who may do what, and how it ends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from bookings.models import Booking, Client, DoNotSend, Home, HouseholdMember, Visit
from bookings.visits.tasks import sweep_notes
from coop.errors import Refusal
from members.models import Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lees(lee: User, ana: Member) -> Visit:
    """A visit that the Lees have booked; Ana comes."""
    return desk.confirmed(desk.signed_in(lee))


@pytest.fixture
def jo(lees: Visit) -> User:
    """Of the Lees' household."""
    return make.at_home("Jo Lee", lees.booking.client, at=desk.NOW).user


def test_an_invitation_is_mailed_and_nothing_is_seen_before_the_yes(lees: Visit, lee: User) -> None:
    page = desk.text(desk.signed_in(lee).post(reverse("household"), {"email": " Sam@Example.org "}, follow=True))
    assert "We wrote to sam@example.org." in page
    assert not User.objects.filter(email="sam@example.org").exists()
    invited = HouseholdMember.objects.get()
    notice = Notice.objects.get(user=invited.user)
    assert notice.subject == "Jordan L. invites you into their household at Sunrise Home Co-op"
    assert reverse("join_household", args=[invited.pk]) in notice.body
    assert "Sign in with sam@example.org" in notice.body
    assert mail.outbox == []  # notices are rows first
    theirs = Browser()
    ask(theirs, "sam@example.org")
    enter(theirs, code_in(mail.outbox[0]))
    assert theirs.get(lees.get_absolute_url()).status_code == 404
    theirs.post(reverse("join_household", args=[invited.pk]))
    assert theirs.get(lees.get_absolute_url()).status_code == 200
    assert User.objects.get(email="sam@example.org") == HouseholdMember.objects.joined().get().user


def test_whoever_has_an_account_by_now_finds_the_invitation_in_it(lees: Visit, lee: User) -> None:
    invited = HouseholdMember.invite(lees.booking.client, email="sam@example.org", at=desk.NOW, by=lee)
    claimed, sam = invited.user, make.user("Sam Abreu", email="sam@example.org")
    theirs, page = desk.signed_in(sam), reverse("join_household", args=[invited.pk])
    assert page in desk.text(theirs.get(reverse("household")))
    again = HouseholdMember.invite(lees.booking.client, email="sam@example.org", at=desk.NOW, by=lee)
    theirs.post(page)
    invited.refresh_from_db()
    claimed.refresh_from_db()
    assert (again, invited.state, invited.user, claimed.is_active) == (invited, "joined", sam, False)
    assert theirs.get(lees.get_absolute_url()).status_code == 200
    assert list(Notice.objects.filter(key__startswith="household_invited").values_list("user", flat=True)) == [sam.pk]


def test_nobody_belongs_to_a_household_by_an_address_that_somebody_typed(lees: Visit, lee: User) -> None:
    invited = HouseholdMember.invite(lees.booking.client, email="sam@example.org", at=desk.NOW, by=lee)
    with pytest.raises(IntegrityError, match="a_typed_address_belongs_to_no_household"), transaction.atomic():
        HouseholdMember.objects.filter(pk=invited.pk).update(state="joined", joined_at=desk.NOW)


def test_an_address_that_was_typed_for_an_invitation_is_forgotten_when_nobody_answers(lees: Visit, lee: User) -> None:
    known = HouseholdMember.invite(lees.booking.client, email=make.user("Kim").email, at=desk.NOW, by=lee)
    invited = HouseholdMember.invite(lees.booking.client, email="sam@example.org", at=desk.NOW, by=lee)
    with time_machine.travel(desk.NOW + 13 * DAY, tick=False):
        sweep_notes()
    assert HouseholdMember.objects.standing().count() == 2
    with time_machine.travel(desk.NOW + 15 * DAY, tick=False):
        sweep_notes()
    assert list(HouseholdMember.objects.standing()) == [known]
    assert User.objects.get(pk=invited.user_id).address == f"{invited.user_id}@erased.invalid"


def test_an_invitation_tells_nothing_of_whom_the_typed_address_is(lees: Visit, lee: User, dan: User) -> None:
    browser = desk.signed_in(lee)
    browser.post(reverse("household"), {"email": dan.email})
    seen = desk.text(browser.get(reverse("household")))
    invited = HouseholdMember.objects.get(user=dan)
    seen += desk.text(browser.post(reverse("leave_household", args=[invited.pk]), follow=True))
    assert (dan.name in seen, f"{dan.email} does not see your household any more." in seen) == (False, True)


def test_whoever_was_removed_keeps_nothing_in_the_browser_in_which_they_booked(lees: Visit, jo: User) -> None:
    browser, household = desk.signed_in(jo), lees.booking.client
    draft = desk.ask(browser)
    desk.choose(browser, draft, desk.THURSDAY_NINE + DAY)
    desk.give(browser, draft, home=str(household.homes.get().pk))
    desk.agree(browser, draft)
    address = Booking.objects.get(quote=draft).get_absolute_url()
    assert browser.get(address).status_code == 200
    desk.signed_in(household.user).post(reverse("leave_household", args=[HouseholdMember.objects.get(user=jo).pk]))
    assert browser.get(address).status_code == 404


def test_asking_twice_is_asking_once(lees: Visit, lee: User) -> None:
    for _time in range(2):
        desk.signed_in(lee).post(reverse("household"), {"email": "sam@example.org"})
    assert (HouseholdMember.objects.count(), Notice.objects.filter(key__startswith="household_invited").count()) == (
        1,
        1,
    )


def test_a_person_of_the_household_sees_and_manages_what_its_client_does(lees: Visit, jo: User, ana: Member) -> None:
    theirs = desk.signed_in(jo)
    assert "418 7th Ave" in desk.text(theirs.get(reverse("my_bookings")))
    asked = theirs.post(reverse("place_do_not_send", args=[lees.pk]), {"member": ana.pk, "reason": "quality"})
    assert asked.status_code == 302
    wish = DoNotSend.objects.get()
    assert wish.client == lees.booking.client
    assert theirs.post(reverse("lift_do_not_send", args=[wish.pk])).status_code == 302
    theirs.post(reverse("cancel_booking", args=[lees.booking.token]))
    lees.refresh_from_db()
    assert lees.state == "cancelled"


def test_what_they_book_is_the_households(lees: Visit, jo: User) -> None:
    theirs = desk.signed_in(jo)
    draft = desk.ask(theirs)
    desk.choose(theirs, draft, desk.THURSDAY_NINE + DAY)
    home = lees.booking.home
    page = theirs.get(reverse("give_contact", args=[draft.token]))
    assert "418 7th Ave" in desk.text(page)
    desk.give(theirs, draft, name="Jo Lee", home=str(home.pk), access_note="")
    desk.agree(theirs, draft)
    booked = Booking.objects.get(quote=draft)
    assert (booked.home, booked.client.user.name) == (home, "Jordan Lee")
    booked.card_saved(at=desk.NOW, by=jo)
    told = Notice.objects.filter(key__startswith=f"booking_confirmed:booking:{booked.pk}").order_by("pk")
    assert [notice.user.name for notice in told] == ["Jordan Lee", "Jo Lee"]
    assert Client.objects.count() == 1


def test_somebody_with_a_household_of_their_own_books_for_the_one_whose_home_it_is(lees: Visit, lee: User) -> None:
    kim = make.client("Kim Park", since=desk.NOW)
    make.at_home("", lees.booking.client, person=kim.user, at=desk.NOW)
    theirs = desk.signed_in(kim.user)
    draft = desk.ask(theirs)
    desk.choose(theirs, draft, desk.THURSDAY_NINE + DAY)
    desk.give(theirs, draft, name="Kim Park", home="another", street="1 Own Street", access_note="")
    desk.agree(theirs, draft)
    assert Booking.objects.get(quote=draft).client == kim
    draft = desk.ask(theirs)
    desk.choose(theirs, draft, desk.THURSDAY_NINE + 2 * DAY)
    desk.give(theirs, draft, name="Kim Park", home=str(lees.booking.home_id), access_note="")
    desk.agree(theirs, draft)
    assert Booking.objects.get(quote=draft).client == lees.booking.client


def test_whoever_is_removed_is_out_at_once(lees: Visit, lee: User, jo: User) -> None:
    theirs = desk.signed_in(jo)
    assert theirs.get(lees.get_absolute_url()).status_code == 200
    who = HouseholdMember.objects.get(user=jo)
    page = desk.text(desk.signed_in(lee).post(reverse("leave_household", args=[who.pk]), follow=True))
    assert "Jo Lee does not see your household any more." in page
    assert theirs.get(lees.get_absolute_url()).status_code == 404
    assert "418 7th Ave" not in desk.text(theirs.get(reverse("my_bookings")))
    assert list(Home.objects.of(jo)) == []


def test_nobody_removes_the_owner_or_another_person(lees: Visit, jo: User) -> None:
    other = make.at_home("Max Lee", lees.booking.client, at=desk.NOW)
    theirs = desk.signed_in(jo)
    assert theirs.post(reverse("leave_household", args=[other.pk])).status_code == 403
    assert theirs.post(reverse("household"), {"email": "x@example.org"}).status_code == 404
    assert "Jordan L." in desk.text(theirs.get(reverse("household")))


def test_an_invitation_is_only_for_whom_it_was_sent_to(lees: Visit, lee: User, dan: User) -> None:
    desk.signed_in(lee).post(reverse("household"), {"email": "sam@example.org"})
    address = reverse("join_household", args=[HouseholdMember.objects.get().pk])
    assert desk.signed_in(dan).get(address).status_code == 404
    assert desk.signed_in(dan).post(address).status_code == 404
    assert desk.signed_in(lee).post(address).status_code == 403
    assert Browser().get(address).status_code == 302


def test_an_invitation_that_was_taken_back_is_over(lees: Visit, lee: User) -> None:
    invited = HouseholdMember.invite(lees.booking.client, email="sam@example.org", at=desk.NOW, by=lee)
    invited.leave(at=desk.NOW, by=lee)
    theirs = desk.signed_in(make.user("Sam", email="sam@example.org"))
    assert "This invitation is over" in desk.text(theirs.get(reverse("join_household", args=[invited.pk])))
    theirs.post(reverse("join_household", args=[invited.pk]))
    assert list(Client.objects.of(User.objects.get(email="sam@example.org"))) == []


def test_a_household_has_an_end_and_a_day_has_so_many_invitations(lees: Visit, lee: User) -> None:
    client = lees.booking.client
    for number in range(6):
        HouseholdMember.invite(client, email=f"p{number}@example.org", at=desk.NOW, by=lee)
    with pytest.raises(Refusal, match="household is full"):
        HouseholdMember.invite(client, email="one@example.org", at=desk.NOW, by=lee)
    for again in range(6):
        HouseholdMember.objects.standing()[0].leave(at=desk.NOW, by=lee)
        HouseholdMember.invite(client, email=f"q{again}@example.org", at=desk.NOW, by=lee)
    HouseholdMember.objects.standing()[0].leave(at=desk.NOW, by=lee)
    with pytest.raises(Refusal, match="many invitations"):
        HouseholdMember.invite(client, email="two@example.org", at=desk.NOW, by=lee)
    with pytest.raises(Refusal, match="yours already"):
        HouseholdMember.invite(client, email=lee.email.upper(), at=desk.NOW, by=lee)


def test_somebody_who_works_here_may_belong_to_a_household_too(lees: Visit, bo: Member, ana: Member) -> None:
    assert desk.signed_in(bo).get(lees.get_absolute_url()).status_code == 404
    make.at_home("", lees.booking.client, person=bo.user, at=desk.NOW)
    page = desk.text(desk.signed_in(bo).get(lees.get_absolute_url()))
    assert "Please don’t send Ana R. again" in page
    assert list(Visit.objects.visible_to(bo.user)) == [lees]
    assert list(Visit.objects.visible_to(ana.user)) == [lees]


def test_whose_things_a_person_sees_is_said_in_one_place() -> None:
    by_hand = re.compile(r"client__user\s*=|client\.user_id\s*==|client\.user\s*==|Client.objects.filter\(user")
    rooms = [Path(settings.BASE_DIR) / room for room in ("bookings", "payouts", "governance", "coop")]
    found = {
        path.name
        for room in rooms
        for path in room.rglob("*.py")
        if "migrations" not in path.parts and by_hand.search(path.read_text())
    }
    assert found == {"clients.py", "housemate_views.py", "personal_data.py", "rules.py", "who_looked.py"}, (
        "what only its owner may, and takes along"
    )
