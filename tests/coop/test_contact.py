"""How people reach the co-op: said once by its office, and beside every text that asks anybody to call or write."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from coop.contact import ContactFacts, or_reach_us
from coop.models import Event
from members.models import Member, Notice
from tests import make
from tests.bookings import desk
from tests.reader import read

AT = datetime(2026, 3, 10, 15, tzinfo=UTC)
FACTS = {
    "phone": "+17185550100",
    "email": "hello@coop.example.org",
    "address": "48 4th Avenue",
    "hours_en": "Every day, 7 am to 8 pm",
    "hours_es": "Cada día, de 7 a 20 h",
}
NOTHING = dict.fromkeys(FACTS, "")
US, THE_OFFICE = (
    r"(?:call|write to|phone|text|contact) us",
    r"(?:please tell|call|write to|contact) the (?:office|co-op)",
)
ASKS = re.compile(rf"\b(?:{US}|{THE_OFFICE})\b", re.I)
ASKS_IN_SPANISH = re.compile(
    r"ll[aá]m[ae](?:nos|enos)|llám[ae]nos|escr[ií]b[ae]nos|contáct[ae]nos"
    r"|(?:avisa|díselo) a la oficina|escríbele a la cooperativa",
    re.I,
)
HOME = Path(settings.BASE_DIR)
ROOMS = ("coop", "members", "bookings", "payouts", "governance")
LINKS, GUARD = 'include "components/reach_us.html"', "{% if coop_contact."


WITH_A_FORM = {"application_withdrawn.txt", "sent.html", "work_with_us.html"}
"""They lead to our own form, in which one writes to us."""


def test_every_text_that_asks_to_call_or_write_has_a_link_beside_it_and_is_silent_while_there_is_none() -> None:
    pages = [page for page in (HOME / "templates").rglob("*.*") if ASKS.search(page.read_text())]
    assert {page.name for page in pages} >= {"reach_us.html", "incident_closed.txt"}
    bare = []
    for page in pages:
        text = page.read_text()
        for found in ASKS.finditer(text):
            before = text[: found.start()]
            guarded = before.rfind(GUARD) > before.rfind("{% endif %}")
            beside = (
                LINKS in text
                or "coop_contact.phone_link" in text
                or page.name == "reach_us.html"
                or page.parent.name == "mail"
            )
            if not (guarded and beside) and page.name not in WITH_A_FORM:
                bare.append(f"{page.name}: {found.group()}")
    assert bare == []


def test_no_other_text_of_the_program_asks_to_call_or_write() -> None:
    sources = [file for room in ROOMS for file in (HOME / room).rglob("*.py") if "sandbox" not in file.parts]
    asking = {file.relative_to(HOME).as_posix() for file in sources if ASKS.search(file.read_text())}
    assert asking == {"coop/contact.py"}


def test_the_spanish_texts_ask_where_the_english_ones_do() -> None:
    entries = (HOME / "coop/locale/es/LC_MESSAGES/django.po").read_text().split("\n\n")
    asking = [entry for entry in entries if ASKS_IN_SPANISH.search(entry.partition("msgstr")[2])]
    assert len(asking) >= 4
    assert [entry for entry in asking if not ASKS.search(entry)] == []


@pytest.mark.django_db
def test_the_office_says_it_on_the_first_day_and_who_said_what_is_kept(sol: Member) -> None:
    browser = desk.signed_in(sol)
    assert "Nobody can reach the co-op" in desk.text(browser.get("/"))
    for phone in ("(718) 555-0100", "(718) 555-0101"):
        browser.get(reverse("contact_facts"))
        answer = browser.post(reverse("contact_facts"), FACTS | {"phone": phone})
        assert answer["Location"] == "/"
    cache.clear()  # what is missing is said again for a minute
    assert "Nobody can reach the co-op" not in desk.text(browser.get("/"))
    assert [event.actor for event in Event.objects.about(ContactFacts.known())] == [sol.user] * 2
    page = desk.text(browser.get(reverse("contact_facts")))
    assert "+17185550100" in page.partition("Who changed it")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [NOTHING, {"phone": "12"}, {"email": "nobody"}, {"hours_en": "x" * 121}])
def test_what_cannot_be_kept_is_said_and_stays(wrong: dict[str, str], sol: Member) -> None:
    answer = desk.signed_in(sol).post(reverse("contact_facts"), {**FACTS, **wrong})
    assert ('class="errorlist' in desk.text(answer) or "Please give a phone" in desk.text(answer)) is True
    assert not ContactFacts.objects.exists()


@pytest.mark.django_db
def test_saying_the_same_again_is_no_change(sol: Member) -> None:
    for _time in range(2):
        ContactFacts.say(at=AT, by=sol.user, **FACTS)
    assert Event.objects.filter(kind="coop.contactfacts").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"pk": 2, "phone": "+17185550100"}, {"pk": 1}])
def test_there_is_one_row_and_it_says_something(facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactFacts(**facts).save()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "hours"), [("en", FACTS["hours_en"]), ("es", FACTS["hours_es"])])
def test_every_page_and_each_visit_show_how_to_reach_the_co_op(
    language: str, hours: str, ana: Member, sol: Member, client: Any
) -> None:
    silent = desk.text(client.get("/"))
    assert "tel:" not in silent
    ContactFacts.say(at=AT, by=sol.user, **FACTS)
    page = read(client.get("/how-it-works", headers={"accept-language": language}).content.decode())
    foot = page.every("footer")[0]
    assert [link.attrs["href"] for link in foot.every("a")][:2] == ["tel:+1-718-555-0100", f"mailto:{FACTS['email']}"]
    assert hours in foot.text
    shift = make.accepted(starts_at=AT.replace(day=12), at=AT)
    household = shift.visit.booking.client.user
    for address in (shift.visit.get_absolute_url(), shift.visit.booking.get_absolute_url()):
        main = read(desk.signed_in(household).get(address).content.decode()).every("main")[0]
        assert "tel:+1-718-555-0100" in [link.attrs.get("href") for link in main.every("a")]


@pytest.mark.django_db
def test_mails_end_with_it_in_the_language_of_the_reader(sol: Member) -> None:
    reader = make.user("Rosa Prado", language="es")
    for number in range(2):
        notice = Notice.objects.create(key=f"x{number}", user=reader, subject="Hola", body="Hola.", due_at=AT)
        notice.send(at=AT)
        ContactFacts.say(at=AT, by=sol.user, **FACTS)
    silent, telling = (one.body for one in mail.outbox)
    assert silent == "Hola."
    assert telling.startswith("Hola.\n")
    assert all(word in telling for word in ("(718) 555-0100", FACTS["email"], FACTS["hours_es"], FACTS["address"]))


@pytest.mark.django_db
def test_a_no_says_how_to_talk_about_it_only_when_one_can(sol: Member) -> None:
    assert or_reach_us() == ""
    ContactFacts.say(at=AT, by=sol.user, **NOTHING | {"email": FACTS["email"]})
    assert FACTS["email"] in or_reach_us()
    ContactFacts.say(at=AT, by=sol.user, **FACTS)
    with translation.override("es"):
        assert "(718) 555-0100" in or_reach_us()
