"""Does it work? Mail and text messages are asked by a press, and what they say stands there in plain words."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from coop.readiness import needs as readiness
from coop.readiness.trials import Finding
from members.models import Member
from payouts.sandbox import Sandbox
from tests.bookings import desk
from tests.post_office import PostOffice
from tests.races import at_once
from tests.twilio import SENDER, TOKEN, Twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """A mail server that the co-op is told to use, as in production."""
    with PostOffice.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def tried(by: Member, key: str = "mail") -> tuple[str, str]:
    """What was found after a press, and what the page says of it."""
    Finding.objects.all().delete()
    browser = desk.signed_in(by)
    assert browser.post(reverse("try_out", args=[key]))["Location"] == f"{reverse('readiness')}#{key}"
    found = Finding.objects.get(key=key)
    page = desk.text(browser.get(reverse("readiness")))
    assert found.words.partition("'")[0] in page
    return found.code, {"good": "works", "bad": "does not work", "": ""}[found.kind]


def lacks(key: str) -> bool:
    return key in [need.key for need in readiness.lacking()]


def test_a_mail_goes_to_whoever_presses(office: PostOffice, sol: Member) -> None:
    assert tried(sol) == ("sent", "works")
    assert [to for to, _letter in office.letters] == [sol.user.email]


def test_what_is_wrong_with_mail_is_said_in_plain_words(office: PostOffice, sol: Member, settings: Any) -> None:
    office.refuses[sol.user.email] = "550 No such person"
    assert tried(sol) == ("recipient", "does not work")
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "coop", "wrong"
    assert tried(sol)[0] == "unlike"
    office.login = "535 No"
    assert tried(sol)[0] == "login"
    assert "refuses our name or password (535): look at EMAIL_URL" in Finding.objects.get().words
    assert (lacks("mail-tried"), office.letters) == (True, [])


def test_a_mail_server_that_is_not_there_is_told_from_one_that_is_not_safe(
    office: PostOffice, sol: Member, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_USE_SSL = True
    assert tried(sol)[0] == "unsafe"
    settings.EMAIL_USE_SSL = False
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    assert tried(sol)[0] == "closed"

    def unknown(*_asked: object, **_how: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    settings.EMAIL_HOST = "mail.example.org"
    monkeypatch.setattr(smtplib_socket(), "create_connection", unknown)
    assert tried(sol)[0] == "no_host"
    assert "There is no server called mail.example.org" in Finding.objects.get().words


def smtplib_socket() -> Any:
    """Where Python's mail client asks for a line."""
    import smtplib

    return smtplib.socket  # type: ignore[attr-defined]


def test_mail_that_only_goes_to_a_folder_is_wrong_but_for_trying_things_out(sol: Member, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert tried(sol) == ("nowhere", "does not work")
    assert lacks("mail")
    settings.DEBUG = True
    assert tried(sol) == ("here", "")
    assert not lacks("mail")


def test_an_address_that_is_none_is_missed_in_production_only(settings: Any) -> None:
    assert lacks("sender")
    settings.DEFAULT_FROM_EMAIL = "Sunrise <hello@coop.example.org>"
    assert not lacks("sender")


def test_text_messages_are_asked_about_without_sending_any(sol: Member, settings: Any, tmp_path: Path) -> None:
    with Twilio.running() as twilio:
        for url, found in (
            (twilio.url, ("well", "works")),
            (twilio.url.replace(TOKEN, "another"), ("stranger", "does not work")),
            (twilio.url.replace(SENDER, "+15005550009"), ("number", "does not work")),
            ("twilio://a:b@+15005550006?api=http://127.0.0.1:1", ("silent", "does not work")),
            (f"file://{tmp_path}", ("nowhere", "does not work")),
            ("", ("none", "")),
        ):
            settings.SMS_URL = url
            assert tried(sol, "sms") == found
        settings.SMS_URL, twilio.state = twilio.url, "suspended"
        assert tried(sol, "sms") == ("asleep", "does not work")
        assert (lacks("sms-tried"), twilio.sent) == (True, [])


def test_who_presses_again_at_once_is_told_so_and_nobody_is_asked(office: PostOffice, sol: Member) -> None:
    tried(sol)
    browser = desk.signed_in(sol)
    browser.post(reverse("try_out", args=["mail"]), headers={"Referer": "http://testserver/setup"})
    assert "This was asked a moment ago." in desk.text(browser.get(reverse("readiness")))
    assert len(office.letters) == 1
    Finding.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    browser.post(reverse("try_out", args=["mail"]))
    assert len(office.letters) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_asks() -> None:
    now = timezone.now()
    assert sorted(at_once(*[lambda: Finding.claim("mail", at=now)] * 2)) == [False, True]
    later = now + timedelta(minutes=1)
    assert sorted(at_once(*[lambda: Finding.claim("mail", at=later)] * 2)) == [False, True]


def test_the_doctor_asks_the_same_and_says_the_same(
    office: PostOffice, sandbox: Sandbox, sol: Member, settings: Any
) -> None:
    settings.SMS_URL = ""
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert "Mail: works\n  The mail server at 127.0.0.1 lets us in." in said.getvalue()
    assert "Stripe: our key: works\n  Stripe takes our key. It is one for trials" in said.getvalue()
    assert "Text messages: nothing to ask" in said.getvalue()
    assert office.letters == []
