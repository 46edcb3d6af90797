"""What people are told: once, in their language, and not lost."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from members.models import Notice, User
from members.models.notices import LEASE, MOST_TRIES
from members.tasks import sweep_notices
from tests import make


@pytest.fixture(autouse=True)
def _a_mail_of_our_own(settings: Any) -> None:
    folders = [Path(__file__).parents[1] / "templates", *settings.TEMPLATES[0]["DIRS"]]
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
def test_mail_that_does_not_go_out_is_tried_again_later_and_not_for_ever(dan: User) -> None:
    notice, at = post(dan), make.SPRING
    for _ in range(MOST_TRIES + 2):
        notice.send(at=at)
        notice.send(at=at + LEASE / 2)
        at += LEASE
    notice.refresh_from_db()
    assert (notice.tries, notice.sent_at, bool(notice.trouble)) == (MOST_TRIES, None, True)


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
