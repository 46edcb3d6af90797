"""Where somebody is signed in, for how long, and what they hear of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse

from members.models import Member, Notice, User
from members.signing_in.devices import device_named
from tests import make
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def sign_in(person: User, browser: Browser | None = None, *, agent: str = LAPTOP) -> Browser:
    browser = browser or Browser(headers={"user-agent": agent})
    ask(browser, person.email)
    enter(browser, code_in(mail.outbox.pop()))
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get(reverse("me")).status_code == 200


def told(person: User) -> list[str]:
    return list(Notice.objects.filter(user=person, key__startswith="new_device:").values_list("body", flat=True))


def test_one_reads_where_one_is_signed_in_and_ends_one_or_all_others(dan: User) -> None:
    here, phone, other = sign_in(dan), sign_in(dan, agent=PHONE), sign_in(dan)
    page = here.get(reverse("signing_in")).content.decode()
    assert (page.count("Firefox on Linux"), page.count("Chrome on Android")) == (2, 1)
    row = UserSession.objects.get(user_agent=PHONE)
    here.post(reverse("end_session", args=[row.pk]))
    assert (is_in(here), is_in(phone), is_in(other)) == (True, False, True)
    here.post(reverse("end_other_sessions"))
    assert (is_in(here), is_in(other)) == (True, False)
    assert here.get(reverse("signing_in")).content.decode().count("Firefox on Linux") == 1


def test_all_others_end_also_where_there_is_no_list_of_them(dan: User) -> None:
    old = Browser()
    old.force_login(dan)
    sign_in(dan).post(reverse("end_other_sessions"))
    assert is_in(old) is False


def test_nobody_ends_sessions_of_others(dan: User, lee: User) -> None:
    mine = sign_in(lee)
    answer = sign_in(dan).post(reverse("end_session", args=[UserSession.objects.get(user=lee).pk]))
    assert (answer.status_code, is_in(mine)) == (404, True)


def test_everybody_stays_for_thirty_days_after_the_last_visit(dan: User, clock: time_machine.Traveller) -> None:
    browser = sign_in(dan)
    for _ in range(3):
        clock.shift(timedelta(days=29))
        assert is_in(browser)
    clock.shift(timedelta(days=30, minutes=1))
    assert not is_in(browser)


def test_an_office_is_out_after_half_a_day_without_a_visit(bo: Member, clock: time_machine.Traveller) -> None:
    browser = sign_in(bo.user)
    assert is_in(browser)
    make.role(bo, "coordinator")
    clock.shift(timedelta(hours=11))
    assert is_in(browser)
    clock.shift(timedelta(hours=12, minutes=1))
    assert not is_in(browser)


def test_a_visit_is_kept_once_an_hour_and_no_more(dan: User, clock: time_machine.Traveller) -> None:
    browser = sign_in(dan)
    assert is_in(browser)

    def seen() -> Any:
        return UserSession.objects.get().last_seen_at

    clock.shift(timedelta(minutes=59))
    assert (is_in(browser), seen()) == (True, NOON)
    clock.shift(timedelta(minutes=1))
    assert (is_in(browser), seen()) == (True, NOON + timedelta(hours=1))


def test_a_new_device_is_told_and_one_that_is_known_is_not(dan: User) -> None:
    first = sign_in(dan)
    assert told(dan) == [], "somebody's first time is no news to them"
    first.post(reverse("account_logout"))
    sign_in(dan, first)
    assert told(dan) == []
    sign_in(dan, agent=PHONE)
    (words,) = told(dan)
    assert "Chrome on Android" in words


def test_what_a_browser_remembers_names_nobody_and_cannot_be_made_up(dan: User, lee: User) -> None:
    browser = sign_in(dan)
    kept = browser.cookies["evenhand-devices"]
    assert (kept["httponly"], str(dan.pk) == kept.value, dan.email in kept.value) == (True, False, False)
    other = Browser()
    other.cookies["evenhand-devices"] = "x." + str(lee.pk)
    sign_in(lee)
    sign_in(lee, other)
    assert len(told(lee)) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [("", "a browser"), ("curl/8.0", "a browser"), (LAPTOP, "Firefox on Linux"), (PHONE, "Chrome on Android")],
)
def test_devices_are_called_what_people_call_them(agent: str, words: str) -> None:
    assert device_named(agent) == words
