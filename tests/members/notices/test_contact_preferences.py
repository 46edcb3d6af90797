"""People choose by which ways they are told; a number is used once its owner has typed the code that went there."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from coop.errors import Refusal
from members.models import Notice, Reach, User
from members.notices import sms
from members.notices.contact_preferences import CODE_GOOD_FOR, MOST_CODES, MOST_GUESSES
from members.notices.notice_timing import Kind
from members.notices.notices import LEASE, MOST_TRIES
from members.notices.tasks import sweep_notices
from tests import make
from tests.twilio import Twilio

PHONE = "+12125550142"
AT = make.SPRING
EVENING = AT.replace(hour=23)
"""Six in the evening in New York."""


@pytest.fixture
def twilio(settings: Any) -> Iterator[Twilio]:
    with Twilio.running() as running:
        settings.SMS_URL = running.url
        yield running


def reached(user: User, twilio: Twilio) -> Reach:
    """Somebody who confirmed their number; what was sent for that is out of the way."""
    Reach.of(user).ask_for_code(PHONE, at=AT)
    Reach.of(user).confirm(code_in(twilio.sent.pop()["body"]), at=AT)
    return Reach.of(user)


def code_in(text: str) -> str:
    return re.findall(r"\b\d{6}\b", text)[0]


@pytest.fixture(autouse=True)
def _a_mail_of_our_own(settings: Any) -> None:
    folders = [Path(__file__).parents[2] / "templates", *settings.TEMPLATES[0]["DIRS"]]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": folders}]


def post(user: User, key: str = "hello:1") -> None:
    Notice.post(key, to=user, mail="greeting", at=AT, about={})


def by_sms(user: User, key: str = "hello") -> Notice:
    """A message to the phone alone."""
    return Notice.objects.create(key=key, user=user, way="sms", subject="Hello", body="Hello there", due_at=AT)


pytestmark = pytest.mark.django_db


def test_whoever_chose_nothing_is_told_by_mail(dan: User) -> None:
    assert [Reach.of(dan).ways(kind) for kind in Kind] == [["mail"]] * 3


def test_a_number_is_used_once_the_code_was_typed(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).ask_for_code(PHONE, at=AT)
    assert (Reach.of(dan).ways(Kind.URGENT), twilio.texts()[0][0]) == (["mail"], PHONE)
    Reach.of(dan).confirm(code_in(twilio.sent[0]["body"]), at=AT)
    found = Reach.of(dan)
    assert (found.ways(Kind.URGENT), found.ways(Kind.NEWS), found.confirmed_at) == (["mail", "sms"], ["mail"], AT)


def test_a_wrong_code_is_refused_and_after_five_the_right_one_too(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).ask_for_code(PHONE, at=AT)
    code = code_in(twilio.sent[0]["body"])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(MOST_GUESSES):
        with pytest.raises(Refusal, match="not the code"):
            Reach.of(dan).confirm(wrong, at=AT)
    with pytest.raises(Refusal, match="no longer good"):
        Reach.of(dan).confirm(code, at=AT)


def test_a_code_is_good_for_ten_minutes(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).ask_for_code(PHONE, at=AT)
    with pytest.raises(Refusal, match="no longer good"):
        Reach.of(dan).confirm(code_in(twilio.sent[0]["body"]), at=AT + CODE_GOOD_FOR + timedelta(seconds=1))


def test_a_code_is_good_for_its_number_only(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).ask_for_code(PHONE, at=AT)
    Reach.of(dan).ask_for_code("+12125550143", at=AT)
    with pytest.raises(Refusal):
        Reach.of(dan).confirm(code_in(twilio.sent[0]["body"]), at=AT)


def test_three_codes_a_day_are_enough(dan: User, twilio: Twilio) -> None:
    for _ in range(MOST_CODES):
        Reach.of(dan).ask_for_code(PHONE, at=AT)
    with pytest.raises(Refusal, match="tomorrow"):
        Reach.of(dan).ask_for_code(PHONE, at=AT + timedelta(hours=20))
    Reach.of(dan).ask_for_code(PHONE, at=AT + timedelta(days=1))
    assert len(twilio.sent) == MOST_CODES + 1


def test_a_number_that_takes_no_messages_is_said_so_and_not_kept(dan: User, twilio: Twilio) -> None:
    twilio.faults = [(400, 21614)]
    with pytest.raises(Refusal, match="mobile phone"):
        Reach.of(dan).ask_for_code(PHONE, at=AT)
    assert (str(Reach.of(dan).phone), Reach.of(dan).code) == ("", "")


def test_the_code_is_kept_nowhere(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).ask_for_code(PHONE, at=AT)
    assert code_in(twilio.sent[0]["body"]) not in str(Reach.objects.values().get())


def test_what_cannot_wait_goes_both_ways_with_a_row_each(dan: User, twilio: Twilio, monkeypatch: Any) -> None:
    reached(dan, twilio)
    monkeypatch.setattr("members.notices.notice_timing._kinds", {"greeting": (Kind.URGENT, None)})
    post(dan)
    post(dan)
    rows = Notice.objects.order_by("pk").values_list("key", "way")
    assert list(rows) == [("hello:1", "mail"), ("hello:1#sms", "sms")]
    sweep_notices(), sweep_notices()
    assert (len(mail.outbox), len(twilio.sent)) == (1, 1)
    assert twilio.texts()[0] == (PHONE, "Sign in, Dan http://127.0.0.1:8000")


def test_a_text_whose_answer_was_lost_is_looked_up_and_not_sent_again(dan: User, twilio: Twilio) -> None:
    reached(dan, twilio)
    notice, now = by_sms(dan), timezone.now()
    twilio.faults = ["lost"]
    notice.send(at=now)
    notice.refresh_from_db()
    assert (len(twilio.sent), notice.sent_at, bool(notice.trouble)) == (1, None, True)
    notice.send(at=now + LEASE)
    notice.refresh_from_db()
    assert (len(twilio.sent), notice.sent_at, notice.reference) == (1, now + LEASE, "SM0")


def test_a_text_that_was_not_taken_over_is_sent_again(dan: User, twilio: Twilio) -> None:
    reached(dan, twilio)
    notice, now = by_sms(dan), timezone.now()
    twilio.faults = [(503, 0), (429, 20429)]
    for turn in range(4):
        notice.send(at=now + turn * LEASE)
    notice.refresh_from_db()
    assert (twilio.texts(), notice.sent_at) == ([(PHONE, "Hello there")], now + 2 * LEASE)


def test_whoever_answers_stop_is_told_by_mail_from_then_on(dan: User, twilio: Twilio) -> None:
    reached(dan, twilio)
    by_sms(dan)
    twilio.faults = [(400, sms.STOPPED)]
    sweep_notices(), sweep_notices()
    assert ([one.body for one in mail.outbox], twilio.sent) == (["Hello there"], [])
    assert (Reach.of(dan).takes_sms, Reach.of(dan).ways(Kind.URGENT)) == (False, ["mail"])


def test_a_text_that_will_never_arrive_is_not_mailed_twice(dan: User, twilio: Twilio) -> None:
    reached(dan, twilio)
    Notice.objects.create(key="both", user=dan, subject="Hello", body="Hello there", due_at=AT)
    by_sms(dan, "both#sms")
    twilio.faults = [(400, 21614)]
    sweep_notices(), sweep_notices()
    assert (len(mail.outbox), twilio.sent) == (1, [])
    assert list(Notice.objects.failed().values_list("key", "tries")) == [("both#sms", MOST_TRIES)]
    Notice.objects.get(key="both#sms").try_again(at=timezone.now())
    sweep_notices()
    assert twilio.texts() == [(PHONE, "Hello there")]


def test_somebody_without_an_address_but_with_a_number_need_not_be_called(twilio: Twilio) -> None:
    pia = User.objects.create_user("", "Pia Phone")
    post(pia, "before")
    reached(pia, twilio)
    post(pia, "after")
    assert list(Notice.objects.to_call(AT).values_list("key", flat=True)) == ["before"]
    assert Notice.objects.get(key="after").way == "sms"


def test_what_can_wait_is_gathered_once_a_day(dan: User, twilio: Twilio) -> None:
    Reach.of(dan).choose(urgent_by=["mail"], rest_by=["mail"], pace="evening", tomorrow=False)
    post(dan, "a")
    post(dan, "b")
    Notice.gather(dan, at=EVENING - timedelta(minutes=1))
    sweep_notices(), sweep_notices()
    assert [one.subject for one in mail.outbox] == ["Today from us: 2 things"]
    assert mail.outbox[0].body.count("- Sign in, Dan\n  http://127.0.0.1:8000\n") == 2
    assert list(Notice.objects.filter(way="digest").values_list("due_at", flat=True)) == [EVENING, EVENING]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_text(twilio: Twilio) -> None:
    person = make.user()
    reached(person, twilio)
    for turn in range(5):
        notice, start = by_sms(person, f"race:{turn}"), threading.Barrier(4)

        def send(notice: Notice = notice, start: threading.Barrier = start) -> None:
            start.wait()
            Notice.objects.get(pk=notice.pk).send(at=timezone.now())
            connections.close_all()

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(twilio.sent) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("miércoles, 12 de marzo, 9:00\u202fa.\u00a0m. — ¡mañana!", "miércoles, 12 de marzo, 9:00 a. m. - ¡mañana!"),
        ("王小明 · Łukasz 👩 €5 [x] a|b~c", "WangXiaoMing - Lukasz :woman: EUR5 (x) a/b-c"),
        ("Jesús dijo “sí” en Bogotá…", 'Jesus dijo "si" en Bogota...'),
    ],
)
def test_a_text_is_written_in_the_alphabet_of_phones(text: str, expected: str) -> None:
    assert sms.plain(text) == expected
    assert set(sms.plain(text)) <= sms.ALPHABET


def test_what_is_too_long_is_cut_before_the_link() -> None:
    text = sms.fit("word " * 100, "https://evenhand.example/x")
    assert (len(text) <= sms.MOST_LETTERS, text.endswith("... https://evenhand.example/x")) == (True, True)
