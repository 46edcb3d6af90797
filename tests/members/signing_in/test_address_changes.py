"""Another e-mail address: the new one is proven, the old one is told and may take it back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from bookings.models import Client
from coop.models import Event
from members.models import AddressChange, Member, User
from members.signing_in.tasks import sweep_addresses
from tests import make
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter, who

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
NEW = "dan@elsewhere.example"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(dan: User) -> Browser:
    """Dan's, signed in by a code from his old address."""
    found = Browser()
    ask(found, dan.email)
    enter(found, code_in(mail.outbox.pop()))
    return found


def change(browser: Browser, to: str = NEW) -> None:
    browser.post(reverse("change_address"), {"email": to})
    browser.post(reverse("prove_address"), {"code": code_in(mail.outbox.pop())})


def stop_link() -> str:
    """The path in the mail to the old address."""
    found = re.search(r"http://127\.0\.0\.1:8000(/account/address/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_the_new_address_is_used_once_its_code_is_typed(browser: Browser, dan: User) -> None:
    browser.post(reverse("change_address"), {"email": "  Dan@Elsewhere.example "})
    assert mail.outbox[-1].to == [NEW]
    wrong = browser.post(reverse("prove_address"), {"code": "1234-0000"}).content.decode()
    assert "That is not the code that we sent" in wrong
    dan.refresh_from_db()
    assert dan.email == "dan-ortiz@example.org", "nothing is changed before it is proven"
    browser.post(reverse("prove_address"), {"code": code_in(mail.outbox.pop())})
    dan.refresh_from_db()
    assert (dan.email, who(browser)) == (NEW, NEW)
    other = Browser()
    ask(other, NEW)
    enter(other, code_in(mail.outbox.pop()))
    assert who(other) == NEW
    ask(Browser(), "dan-ortiz@example.org")
    assert mail.outbox.pop().subject == "No account with this address"
    assert Event.objects.filter(verb="change_address", subject=dan.pk, actor=dan).count() == 1


def test_the_old_address_is_proven_too_by_whoever_has_no_key(
    browser: Browser, dan: User, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=6))
    page = browser.post(reverse("change_address"), {"email": NEW})
    assert (page.status_code, mail.outbox[-1].to) == (403, [dan.email])
    code = code_in(mail.outbox.pop())
    onward = browser.post(reverse("change_address"), {"email": NEW, "step_up_code": code})
    assert (onward["Location"], mail.outbox[-1].to) == (reverse("prove_address"), [NEW])


def test_the_old_address_is_told_and_takes_it_back(browser: Browser, dan: User) -> None:
    change(browser)
    sweep_addresses()
    sweep_addresses()
    assert [one.to for one in mail.outbox] == [["dan-ortiz@example.org"]]
    link, thief = stop_link(), browser
    make.key(dan)
    stranger = Browser()
    assert "Was it not you?" in stranger.get(link).content.decode()
    assert User.objects.get(pk=dan.pk).email == NEW, "looking does nothing"
    stranger.post(link)
    person = User.objects.get(pk=dan.pk)
    assert (person.email, person.has_key) == ("dan-ortiz@example.org", False)
    assert thief.get(reverse("me")).status_code == 302
    assert "can no longer be stopped" in stranger.get(link).content.decode()
    stranger.post(link)
    assert Event.objects.filter(verb="change_address", subject=dan.pk).count() == 2


def test_after_a_week_it_stands_and_the_old_address_is_forgotten(
    browser: Browser, dan: User, clock: time_machine.Traveller
) -> None:
    change(browser)
    sweep_addresses()
    link = stop_link()
    clock.shift(timedelta(days=7))
    assert "can no longer be stopped" in Browser().get(link).content.decode()
    sweep_addresses()
    assert list(AddressChange.objects.values_list("was", "becomes")) == [("", "")]
    Browser().post(link)
    assert User.objects.get(pk=dan.pk).email == NEW


def test_an_address_that_has_an_account_is_not_told_apart(browser: Browser, dan: User, lee: User) -> None:
    taken = browser.post(reverse("change_address"), {"email": lee.email})
    page = browser.get(reverse("prove_address")).content.decode()
    assert (taken["Location"], "We sent a code to" in page) == (reverse("prove_address"), True)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([lee.email], "You already have an account")
    assert User.objects.get(pk=dan.pk).email == "dan-ortiz@example.org"


def test_whoever_takes_it_meanwhile_keeps_it(browser: Browser, dan: User) -> None:
    browser.post(reverse("change_address"), {"email": NEW})
    make.user("Somebody", email=NEW)
    page = browser.post(reverse("prove_address"), {"code": code_in(mail.outbox.pop())}).content.decode()
    assert "has an account already" in page
    assert User.objects.get(pk=dan.pk).email == "dan-ortiz@example.org"


@pytest.mark.parametrize("typed", ["", "dan", "dan-ortiz@example.org", "DAN-ortiz@example.org"])
def test_what_is_no_new_address_is_said(browser: Browser, typed: str) -> None:
    answer = browser.post(reverse("change_address"), {"email": typed})
    assert (answer.status_code, len(mail.outbox)) == (200, 0)


def test_no_link_that_was_made_up_stops_anything(browser: Browser) -> None:
    assert "can no longer be stopped" in Browser().get(reverse("stop_address_change", args=["x"])).content.decode()


def test_households_that_claim_the_new_address_now_wait_for_their_word(browser: Browser, ana: Member) -> None:
    claimed = User.objects.claim(NEW, "Dan", language="en", at=NOON)
    Client.objects.create(user=claimed, since=NOON)
    change(browser)
    dan = User.objects.get(email=NEW)
    assert [one.user for one in Client.objects.claiming(dan)] == [claimed]
