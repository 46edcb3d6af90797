"""What people are told: once, in their language, and not lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from coop.models import Heartbeat
from coop.sending.delivery import Away
from members.models import Notice, User
from members.notices.notices import LEASE, MOST_TRIES
from members.notices.tasks import sweep_notices
from tests import make
from tests.post_office import PostOffice


@pytest.fixture(autouse=True)
def _a_mail_of_our_own(settings: Any) -> None:
    folders = [Path(__file__).parents[2] / "templates", *settings.TEMPLATES[0]["DIRS"]]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": folders}]


def post(user: User, key: str = "hello:1") -> Notice:
    Notice.post(key, to=user, mail="greeting", at=make.SPRING, about={}, calendar="BEGIN:VCALENDAR")
    return Notice.objects.get(key=key)


@pytest.mark.django_db
def test_telling_twice_is_telling_once(dan: User) -> None:
    post(dan)
    post(dan).send(at=make.SPRING)
    post(dan).send(at=make.SPRING)
    assert [(m.to, m.attachments[0][0]) for m in mail.outbox] == [([dan.email], "visit.ics")]


@pytest.mark.django_db
def test_a_notice_is_written_in_the_language_of_who_gets_it(dan: User) -> None:
    dan.speak("es")
    notice = post(dan)
    with translation.override("es"):
        assert (notice.subject, notice.body) == (f"{gettext('Sign in')}, Dan", "http://127.0.0.1:8000")


@pytest.mark.django_db
def test_a_notice_waits_for_its_time(dan: User) -> None:
    post(dan).send(at=make.SPRING - timedelta(seconds=1))
    assert mail.outbox == []


@pytest.mark.django_db
@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_while_the_mail_server_is_away_a_notice_waits_and_no_try_is_counted(dan: User, lee: User) -> None:
    notice, other = post(dan), post(lee, "hello:2")
    for number in range(MOST_TRIES + 2):
        with pytest.raises(Away):
            notice.send(at=make.SPRING + number * LEASE)
    sweep_notices()
    assert "Away: The mail server does not answer" in Heartbeat.objects.get(sweep="members.sweep_notices").trouble
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        Notice.objects.update(due_at=make.SPRING)
        sweep_notices()
    assert [letter.to for letter in mail.outbox] == [[dan.email], [lee.email]]
    assert Heartbeat.objects.get(sweep="members.sweep_notices").trouble == ""
    assert (Notice.objects.get(pk=notice.pk).tries, Notice.objects.get(pk=other.pk).tries) == (1, 1)


@pytest.fixture
def letters(settings: Any) -> Iterator[PostOffice]:
    """A mail server of one's own."""
    with PostOffice.running() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield office


@pytest.mark.django_db
def test_an_address_that_mail_refuses_ends_in_words_and_makes_nobody_unwell(
    letters: PostOffice, dan: User, lee: User
) -> None:
    letters.refuses[dan.email] = "550 No such person"
    refused, _other = post(dan), post(lee, "hello:2")
    sweep_notices()
    beat = Heartbeat.objects.get(sweep="members.sweep_notices")
    assert ([to for to, _letter in letters.letters], beat.trouble, beat.rows) == ([lee.email], "", [])
    assert list(Notice.objects.failed().values_list("pk", "trouble")) == [
        (refused.pk, "The mail server takes no mail for this address.")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"dan@{'x' * 64}.example", "dan,ana@example.org", "(dan@example.org"])
def test_an_address_that_no_mail_can_carry_ends_in_words(letters: PostOffice, dan: User, address: str) -> None:
    """What is spelled as the database wants it, and still is none: there since before it was asked for so."""
    User.objects.filter(pk=dan.pk).update(email=address)
    post(User.objects.get(pk=dan.pk))
    sweep_notices()
    beat, (failed,) = Heartbeat.objects.get(sweep="members.sweep_notices"), Notice.objects.failed()
    assert (beat.trouble, beat.rows, failed.trouble) == ("", [], "No mail can be sent to this address.")


@pytest.mark.django_db
def test_an_address_that_mail_takes_later_is_tried_longer_and_longer_and_not_for_ever(
    letters: PostOffice, dan: User
) -> None:
    letters.refuses[dan.email] = "450 Greylisted"
    notice, at, pauses = post(dan), make.SPRING, []
    while notice.tries < MOST_TRIES:
        notice.send(at=at)
        notice.send(at=at + timedelta(minutes=1))
        notice.refresh_from_db()
        pauses.append((notice.due_at - at) // timedelta(minutes=1))
        at = notice.due_at
    assert (pauses[:4], pauses[-1], notice.trouble) == ([2, 4, 8, 16], 60, "It was tried several times.")
    assert letters.letters == []
    del letters.refuses[dan.email]
    notice.try_again(at=at)
    notice.send(at=at)
    assert [to for to, _letter in letters.letters] == [dan.email]


@pytest.mark.django_db
def test_the_sweep_finds_what_was_left(dan: User, lee: User) -> None:
    post(dan, "a"), post(lee, "b")
    sweep_notices()
    sweep_notices()
    assert sorted(m.to[0] for m in mail.outbox) == sorted([dan.email, lee.email])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail() -> None:
    for turn in range(10):
        notice = post(make.user(), f"race:{turn}")
        start = threading.Barrier(4)

        def send(notice: Notice = notice, start: threading.Barrier = start) -> None:
            start.wait()
            Notice.objects.get(pk=notice.pk).send(at=timezone.now())
            connections.close_all()

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(mail.outbox) == 10
