"""A code to a phone lets its owner in, and tells a stranger nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookings.models import Client
from members.models import Notice, Reach, TextedCode, User
from members.notices import sms
from members.signing_in.numbers.numbers import opened_by
from members.signing_in.tasks import sweep_texted_codes
from tests import keys, make
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import enter, main_of, who
from tests.members.signing_in.test_step_up import with_app

PHONE, OTHER = "+12125550142", "+12125550143"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def phones(settings: Any, tmp_path: Path) -> Iterator[sms.Folder]:
    """Where text messages lie."""
    cache.clear()
    settings.SMS_URL = f"file://{tmp_path}"
    yield sms.Folder(tmp_path)
    cache.clear()


def proven(person: User, phone: str = PHONE) -> User:
    Reach.of(person).prove(phone, at=timezone.now())
    return person


def ask(browser: Browser, phone: str = "(212) 555-0142") -> Any:
    return browser.post(reverse("sign_in_by_phone"), {"phone": phone})


def code(phones: sms.Folder) -> str:
    """The code that came last."""
    sweep_texted_codes()
    return re.findall(r"\d{4}-\d{4}", phones.latest(1)[0]["text"])[0]


def test_a_code_to_a_number_that_is_theirs_lets_somebody_in(client: Browser, dan: User, phones: sms.Folder) -> None:
    proven(dan)
    assert reverse("sign_in_by_phone") in client.get(reverse("account_login")).content.decode()
    assert ask(client)["Location"] == reverse("account_confirm_login_code")
    assert not phones.latest(1), "the page waits for nobody who carries messages"
    sent = code(phones)
    assert (sent not in str(TextedCode.objects.values()), phones.latest(1)[0]["to"]) == (True, PHONE)
    enter(client, sent)
    assert who(client) == dan.email


def test_somebody_without_an_address_gets_in_and_stays_reachable(client: Browser, phones: sms.Folder) -> None:
    pia = proven(User.objects.create_user("", "Pia Phone"))
    ask(client)
    enter(client, code(phones))
    assert who(client) == ""
    assert client.get(reverse("signing_in")).status_code == 200
    page = client.post(reverse("remove_number"), follow=True).content.decode()
    assert ("This number is how you sign in" in page, Reach.owner_of(PHONE)) == (True, pia)


def test_somebody_without_an_address_is_forgotten_once_they_typed_their_number(client: Browser) -> None:
    pia = proven(User.objects.create_user("", "Pia Phone"))
    client.force_login(pia)
    assert "type your phone number" in client.get(reverse("my_data")).content.decode()
    for typed in (OTHER, ""):
        assert client.post(reverse("erase_me"), {"email": typed}).status_code == 422
    client.post(reverse("erase_me"), {"email": "(212) 555-0142"})
    pia.refresh_from_db()
    assert (pia.is_active, Reach.owner_of(PHONE)) == (False, None)


def test_who_called_and_gave_no_address_signs_in_by_the_number_they_called_from(
    client: Browser, phones: sms.Folder, sol: Any
) -> None:
    rosa = Client.by_phone(name="Rosa", phone=PHONE, email="", language="es", at=make.SPRING, by=sol.user)
    ask(client)
    assert Reach.owner_of(PHONE) is None
    enter(client, code(phones))
    assert Reach.owner_of(PHONE) == rosa.user


def test_a_number_that_two_households_called_from_or_that_was_only_typed_opens_nothing(sol: Any, dan: User) -> None:
    Client.objects.create(user=dan, phone=OTHER, since=make.SPRING)
    for name in ("Rosa", "Rita"):
        Client.by_phone(name=name, phone=PHONE, email="", language="es", at=make.SPRING, by=sol.user)
    assert (opened_by(PHONE), opened_by(OTHER)) == (None, None)


def test_a_stranger_reads_the_same_and_waits_as_long(dan: User, phones: sms.Folder) -> None:
    proven(dan)
    friend, stranger = Browser(), Browser()
    asked = [ask(friend), ask(stranger, OTHER)]
    assert [(one.status_code, one["Location"]) for one in asked] == [(302, reverse("account_confirm_login_code"))] * 2
    assert TextedCode.objects.count() == 2, "as much is written for either"
    url = reverse("account_confirm_login_code")
    pages = [main_of(one.get(url).content.decode()) for one in (friend, stranger)]
    again = [one.post(url, {"action": "resend"}).status_code for one in (friend, stranger)]
    wrong = [main_of(one.post(url, {"code": "1234-5678"}).content.decode()) for one in (friend, stranger)]
    for first, second in (pages, wrong):
        assert first.replace(PHONE, "") == second.replace(OTHER, "")
    sweep_texted_codes()
    assert (again, {one["to"] for one in phones.latest(9)}, TextedCode.objects.count()) == ([302, 302], {PHONE}, 0)


def test_the_number_opens_the_account_of_whoever_proved_it_last_and_of_nobody_after_stop(dan: User) -> None:
    proven(dan), proven(new := make.user("Iris Bell"))
    assert Reach.owner_of(PHONE) == new
    for person in (dan, new):
        Reach.stop(person, at=timezone.now())
    assert Reach.owner_of(PHONE) is None


def test_codes_to_a_number_have_the_limits_of_those_to_an_address(dan: User, phones: sms.Folder) -> None:
    proven(dan)
    answers = [ask(Browser()).status_code for _ in range(5)]
    sweep_texted_codes()
    assert (answers, len(phones.latest(9))) == ([302] * 3 + [200] * 2, 3)


def test_whoever_has_a_key_needs_it_too(client: Browser, dan: User, phones: sms.Folder) -> None:
    secret = with_app(proven(dan))
    ask(client)
    onward = client.post(reverse("account_confirm_login_code"), {"code": code(phones)})
    assert (onward["Location"], who(client)) == (reverse("mfa_authenticate"), None)
    client.post(reverse("mfa_authenticate"), {"code": keys.shown(timezone.now(), secret)})
    assert who(client) == dan.email


def test_a_new_number_wants_a_proof_and_the_old_one_holds_until_it_is_proven(dan: User, phones: sms.Folder) -> None:
    proven(dan)
    stale = Browser()
    super(Browser, stale).force_login(dan)
    assert stale.post(reverse("give_number"), {"phone": OTHER}).status_code == 403
    browser = Browser()
    browser.force_login(dan)
    browser.post(reverse("give_number"), {"phone": OTHER})
    assert (Reach.owner_of(PHONE), Reach.owner_of(OTHER)) == (dan, None)
    digits = re.findall(r"\b\d{6}\b", phones.latest(1)[0]["text"])[0]
    browser.post(reverse("confirm_number"), {"code": digits})
    assert (Reach.owner_of(PHONE), Reach.owner_of(OTHER)) == (None, dan)
    told = Notice.objects.get(user=dan, key__startswith="prove_number")
    assert ("(212) 555-0143" in told.body, told.way) == (True, "mail")


def test_whoever_was_on_their_way_somewhere_gets_there_by_either_way(client: Browser, phones: sms.Folder) -> None:
    by_mail, by_phone = reverse("account_login"), reverse("sign_in_by_phone")
    for one, other in ((by_mail, by_phone), (by_phone, by_mail)):
        page = client.get(one, {"next": "/me/?at=1&x"}).content.decode()
        assert f'href="{other}?next=%2Fme%2F%3Fat%3D1%26x"' in page


def test_where_nobody_carries_text_messages_there_is_no_such_door(client: Browser, settings: Any) -> None:
    settings.SMS_URL = ""
    assert ask(client)["Location"] == reverse("account_login")
    assert reverse("sign_in_by_phone") not in client.get(reverse("account_login")).content.decode()
