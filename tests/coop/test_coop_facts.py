"""What the co-op is called, its time zone and its first language: said on a page, the settings being only the start."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from coop import jobs
from coop.contact import ContactFacts, coop_name
from coop.errors import Refusal
from coop.models import Event
from members.founding.readiness import _has_a_name
from members.models import Member, Notice, SetupKey
from tests import make
from tests.bookings import desk
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
"""Half past midnight in New York, and the evening before in Chicago."""
SENT = {"phone": "(718) 555-0100", "name": "Hands & Hearts", "zone": "America/Chicago", "language": "es"}


def language_of(page: Any) -> str:
    return page.content.decode().partition('<html lang="')[2][:2]


def test_the_name_that_is_said_stands_on_pages_phones_and_mails(sol: Member) -> None:
    assert not _has_a_name()
    assert f"· {settings.COOP_NAME}</title>" in desk.text(Browser().get("/"))
    assert desk.signed_in(sol).post(reverse("contact_facts"), SENT | {"language": "en"}).status_code == 302
    assert "· Hands &amp; Hearts</title>" in desk.text(Browser().get("/"))
    assert Browser().get(reverse("manifest")).json()["name"] == "Hands & Hearts"
    Notice.objects.create(key="x", user=sol.user, subject="Hi", body="Hi.", due_at=AT)
    Notice.objects.get(key="x").send(at=AT)
    assert mail.outbox[0].from_email == "Hands & Hearts <hello@localhost>"
    assert (_has_a_name(), Event.objects.about(ContactFacts.known()).get().actor) == (True, sol.user)


def test_what_is_left_out_stays_as_it_was_said(sol: Member) -> None:
    ContactFacts.say(at=AT, by=sol.user, name="Hands", zone="America/Denver", language="es")
    ContactFacts.say(at=AT, by=sol.user, phone="+17185550100")
    known = ContactFacts.known()
    assert (known.called, known.local_zone.key, known.first_language) == ("Hands", "America/Denver", "es")


def test_a_co_op_is_founded_in_the_zone_and_language_of_its_first_member(client: Browser) -> None:
    setup = SetupKey.make(at=timezone.now()).partition("8000")[2]
    told = {"name": "Ana", "email": "ana@example.org", "zip": "60601", "called": "Lake Hands", "offices": ["board"]}
    client.get(setup, headers={"Accept-Language": "es"})
    client.post(setup, told, headers={"Accept-Language": "es"})
    known = ContactFacts.known()
    assert (known.name, known.zone, known.language) == ("Lake Hands", "America/Chicago", "es")


def test_today_is_the_co_ops_today_on_pages_and_in_jobs(sol: Member) -> None:
    days = []
    with time_machine.travel(AT, tick=False):
        for zone in ("America/New_York", "America/Chicago"):
            ContactFacts.say(at=AT, by=sol.user, zone=zone)
            days.append(desk.signed_in(sol).get(reverse("closed_days")).context["today"])
            jobs.begin_in_the_coops_zone()
            days.append(timezone.localdate())
            jobs.end_in_no_zone()
    assert days == [date(2026, 3, 10)] * 2 + [date(2026, 3, 9)] * 2


def test_the_zone_stays_once_visits_count_their_days_in_it(ana: Member, sol: Member) -> None:
    make.booking(starts_at=AT.replace(day=12, hour=15), at=AT)
    with pytest.raises(Refusal, match="stays as it is"):
        ContactFacts.say(at=AT, by=sol.user, zone="America/Chicago")
    browser = desk.signed_in(sol)
    assert "so it stays as it is" in desk.text(browser.get(reverse("contact_facts")))
    assert browser.post(reverse("contact_facts"), SENT).status_code == 302
    assert (ContactFacts.known().local_zone.key, coop_name()) == ("America/New_York", "Hands & Hearts")


def test_a_zone_that_there_is_not_is_refused(sol: Member) -> None:
    answer = desk.signed_in(sol).post(reverse("contact_facts"), SENT | {"zone": "Mars/Olympus"})
    assert answer.context["form"].errors.keys() == {"zone"}


SPOKEN = [
    *(("", "", "es"), ("fr", "", "es"), ("*", "", "es")),
    *(("fr, en;q=0.5", "", "en"), ("", "en", "en"), ("en", "es", "es")),
]
"""What the browser asks for, what the cookie says, and what is spoken."""


@pytest.mark.parametrize(("asks", "cookie", "spoken"), SPOKEN)
def test_who_asks_for_no_language_of_ours_is_spoken_to_in_the_first_one(
    asks: str, cookie: str, spoken: str, sol: Member, client: Browser
) -> None:
    ContactFacts.say(at=AT, by=sol.user, language="es", zone="America/Chicago")
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    with translation.override("en"):
        page = client.get(reverse("how_it_works"), headers={"Accept-Language": asks} if asks else {})
    assert language_of(page) == spoken


def test_a_page_asks_for_all_of_it_once(sol: Member) -> None:
    ContactFacts.say(at=AT, by=sol.user, name="Hands", phone="+17185550100")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        Browser().get(reverse("how_it_works"))
    assert len([one for one in asked.captured_queries if "coop_contactfacts" in one["sql"]]) == 1
