"""Two people have one form open: nothing that the first saved is taken back by what the second did not touch."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.forms import BaseForm
from django.urls import reverse

from bookings.models import Service
from coop.contact import ContactFacts
from members.joining.learning import Learned, Lesson
from members.models import Duty, Member, Skill
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def officers() -> tuple[Browser, Browser]:
    browsers = (Browser(), Browser())
    for name, browser in zip(("Una One", "Otto Other"), browsers, strict=True):
        browser.force_login(make.member(name, hours=None, roles=["membership", "coordinator", "board"]).user)
    return browsers


Opened = Callable[..., Any]


def open_page(browser: Browser, page: str, sent_to: str = "") -> Opened:
    """Open it; what is sent later is what it shows now, and what is typed over it."""
    form: BaseForm = browser.get(page).context["form"]
    found: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        found[bound.html_name] = [str(one) for one in value] if isinstance(value, (list, tuple)) else value
    return lambda **typed: browser.post(sent_to or page, found | typed)


def test_each_keeps_what_the_other_wrote_in_a_members_record(ana: Member, officers: tuple[Browser, Browser]) -> None:
    ana.move(phone="+12125550111", zip=ana.zip, areas=[])
    first, second = (open_page(one, reverse("change_member", args=[ana.pk])) for one in officers)
    first(phone="(212) 555-0199", note="said so")
    second(hours="30", note="said so")
    ana.refresh_from_db()
    assert (str(ana.phone), ana.minutes_wanted) == ("+12125550199", 1800)


def test_what_the_office_wrote_stays_when_somebody_saves_their_own_page(
    ana: Member, officers: tuple[Browser, Browser]
) -> None:
    mine = Browser()
    mine.force_login(ana.user)
    said = open_page(mine, reverse("me"))
    open_page(officers[0], reverse("change_member", args=[ana.pk]))(hours="20", note="said so")
    said(areas="112")
    ana.refresh_from_db()
    assert (ana.minutes_wanted, ana.areas) == (1200, ["112"])


def test_what_both_changed_is_asked_once_more_and_says_what_stands_now(
    ana: Member, officers: tuple[Browser, Browser]
) -> None:
    address = reverse("change_member", args=[ana.pk])
    first, second = (open_page(one, address) for one in officers)
    first(hours="20", note="said so")
    asked = second(hours="30", note="said so")
    form = asked.context["form"]
    assert (asked.status_code, "20" in str(form.errors["hours"]), list(form.errors)) == (200, True, ["hours"])
    ana.refresh_from_db()
    assert ana.minutes_wanted == 1200
    again = {bound.html_name: bound.value() for bound in form}
    assert officers[1].post(address, again).status_code == 302
    ana.refresh_from_db()
    assert ana.minutes_wanted == 1800


@pytest.mark.parametrize("shown", ["", "x", "5", "[" * 9999, '{"hours": [1], "zip": 4, "phone": ["x"], "no": "n"}'])
def test_whatever_is_sent_as_shown_breaks_nothing(ana: Member, officers: tuple[Browser, Browser], shown: str) -> None:
    send = open_page(officers[0], reverse("change_member", args=[ana.pk]))
    assert send(hours="20", note="said so", shown=shown).status_code == 302
    ana.refresh_from_db()
    assert ana.minutes_wanted == 1200


def test_skills_that_one_gives_and_the_other_takes_away(ana: Member, officers: tuple[Browser, Browser]) -> None:
    for name in ("Windows", "Garden"):
        Skill.add(name_en=name, name_es=name, at=NOW, by=ana.user)
    windows, garden = Skill.objects.order_by("-pk").values_list("code", flat=True)[:2]
    had = ana.skills[0]
    first, second = (open_page(one, reverse("give_skills", args=[ana.pk])) for one in officers)
    first(skills=[*ana.skills[1:], windows], note="seen")
    second(skills=[*ana.skills, garden], note="seen")
    was = set(ana.skills)
    ana.refresh_from_db()
    assert set(ana.skills) == was - {had} | {windows, garden}


def test_a_service(ana: Member, officers: tuple[Browser, Browser]) -> None:
    first, second = (open_page(one, reverse("change_service", args=["cleaning"])) for one in officers)
    first(summary_en="New words")
    second(name_es="Otro nombre")
    service = Service.objects.get(code="cleaning")
    assert (service.summary_en, service.name_es) == ("New words", "Otro nombre")


def test_how_people_reach_us(ana: Member, officers: tuple[Browser, Browser]) -> None:
    ContactFacts.say(phone="+12125550111", email="a@example.org", at=NOW, by=ana.user)
    first, second = (open_page(one, reverse("contact_facts")) for one in officers)
    first(phone="(212) 555-0199")
    second(address="1 Main Street")
    assert (str(ContactFacts.known().phone), ContactFacts.known().address) == ("+12125550199", "1 Main Street")


def test_what_the_mentor_ticks_and_what_the_office_ticks(cara: Member, officers: tuple[Browser, Browser]) -> None:
    lessons = [Lesson.objects.create(text_en=word, text_es=word, position=90 + n) for n, word in enumerate("ab")]
    page, learn = reverse("candidate", args=[cara.pk]), reverse("learn", args=[cara.pk])
    first, second = (open_page(one, page, learn) for one in officers)
    first(lessons=[lessons[0].pk])
    second(lessons=[lessons[1].pk])
    assert set(Learned.objects.filter(candidate=cara).values_list("lesson", flat=True)) == {one.pk for one in lessons}


def test_a_duty(ana: Member, bo: Member, officers: tuple[Browser, Browser]) -> None:
    due_on = NOW.date() + timedelta(days=90)
    duty = Duty.add(title_en="Tax", title_es="Impuesto", due_on=due_on, owner=ana, at=NOW, by=ana.user)
    first, second = (open_page(one, reverse("change_duty", args=[duty.pk])) for one in officers)
    first(deputy=str(bo.pk))
    second(about_en="Form 1065")
    duty.refresh_from_db()
    assert (duty.deputy, duty.about_en) == (bo, "Form 1065")
