"""The page on which people say how they want to be told, and the log, which must not say more than it has to."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings as given

from coop.logs import masked
from members.models import Member, Reach, User
from tests.browsers import Browser
from tests.members.notices.test_contact_preferences import PHONE, code_in
from tests.twilio import Twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def twilio(settings: Any) -> Iterator[Twilio]:
    with Twilio.running() as running:
        settings.SMS_URL = running.url
        yield running


def browser_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def test_a_number_is_given_confirmed_used_and_taken_back(dan: User, twilio: Twilio) -> None:
    browser = browser_of(dan)
    browser.post("/me/messages/number", {"phone": "212-555-0142"})
    page = browser.get("/me/messages").content.decode()
    assert ("We sent a code to" in page, "(212) 555-0142" in page) == (True, True)
    assert "not the code" in browser.post("/me/messages/number/confirmation", {"code": "1"}).content.decode()
    browser.post("/me/messages/number/confirmation", {"code": f" {code_in(twilio.sent[0]['body'])} "})
    assert (Reach.of(dan).takes_sms, str(Reach.of(dan).phone)) == (True, PHONE)
    assert 'name="urgent_by" value="sms"' in browser.get("/me/messages").content.decode()
    browser.post("/me/messages/number/removal")
    assert (Reach.of(dan).takes_sms, str(Reach.of(dan).phone)) == (False, "")


@pytest.mark.parametrize(
    ("phone", "said"),
    [("+44 20 7946 0958", "United States only"), ("12", "Please give a phone number"), ("", "still missing")],
)
def test_a_number_that_is_none_of_ours_is_said_so_and_stays_typed(
    dan: User, twilio: Twilio, phone: str, said: str
) -> None:
    answer = browser_of(dan).post("/me/messages/number", {"phone": phone})
    page = answer.content.decode()
    assert (answer.status_code, said in page, f'value="{phone}"' in page or not phone) == (422, True, True)
    assert twilio.sent == []


def test_choices_are_kept_and_only_open_ways_can_be_chosen(ana: Member, twilio: Twilio) -> None:
    browser, wish = browser_of(ana.user), {"urgent_by": ["mail"], "rest_by": ["mail"], "pace": "morning"}
    assert browser.post("/me/messages", {**wish, "tomorrow": "on"}).status_code == 302
    found = Reach.of(ana.user)
    assert (found.pace, found.tomorrow, found.rest_by) == ("morning", True, ["mail"])
    assert browser.post("/me/messages", {**wish, "urgent_by": ["sms"]}).status_code == 422


def test_where_nobody_carries_text_messages_none_are_offered(dan: User, settings: Any) -> None:
    settings.SMS_URL = ""
    assert "Text messages" not in browser_of(dan).get("/me/messages").content.decode()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET /o/12-AbCdEfGhIjKlMnOp", "GET /o/12-A…"),
        ("GET /calendar/5b2c0000-0000-4000-8000-000000000000.ics", "GET /calendar/5b2c…"),
        ("GET /bookings/5b2c0000-0000-4000-8000-000000000000/series", "GET /bookings/5b2c…/series"),
        ("GET /office/search?words=212-555-0142", "GET /office/search?…"),
        ("GET /me/other-hours/12/removal", "GET /me/other-hours/12/removal"),
        ("Is this a question? No.", "Is this a question? No."),
    ],
)
def test_a_line_of_the_log_tells_no_secret_address_and_nothing_that_was_searched_for(line: str, expected: str) -> None:
    assert masked(line) == expected


def test_every_line_goes_through_that_whoever_writes_it() -> None:
    """Ours by structlog, and those of Django and others, which go through the formatter."""
    secret = "5b2c0000-0000-4000-8000-000000000000"
    lines: Any = given.LOGGING["formatters"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(),
        foreign_pre_chain=lines["lines"]["foreign_pre_chain"],
    )
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/calendar/{secret}",), None
    )
    assert secret not in formatter.format(record)


def test_what_the_site_writes_about_a_request_tells_no_secret_address(
    ana: Member, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "5b2c0000-0000-4000-8000-000000000000"
    caplog.set_level(logging.INFO)
    Browser().get(f"/calendar/{secret}.ics?words=canary")
    written = [record.getMessage() for record in caplog.records if record.name.startswith("django_structlog")]
    assert (len(written), [line for line in written if secret in line or "canary" in line]) == (2, [])
