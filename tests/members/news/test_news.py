"""What is new since somebody last worked: told on Today, by every room, until they say that they have read it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import ChecklistTask, Service
from coop.models import Amendment
from members.announcements.audience import Audience
from members.models import Announcement, Member, User
from members.news.reading import NewsRead, unread
from tests.bookings.stage import NOW, signed_in, words

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def lines(member: Member) -> list[str]:
    return [item.words.partition(":")[0].partition(".")[0] for item in unread(member.user, at=NOW)]


def happen(sol: Member, *, number: int = 1) -> None:
    """Yesterday, something of each kind."""
    then = NOW - A_DAY
    for n in range(number):
        service = Service.add(
            name_en=f"Windows {Service.objects.count()}", name_es="Ventanas", skill="cleaning", at=then, by=sol.user
        )
        service.set_price(cents_per_hour=9000, fixed_cents=0, from_day=NOW.date() + 5 * A_DAY, at=then, by=sol.user)
        ChecklistTask.add(room="hall", level="deep", text_en="The lamp", text_es="La luz", at=then, by=sol.user)
        facts = {
            "effective_on": then.date() - n * A_DAY,
            "enacted_at": then - 2 * A_DAY,
            "source": f"vote {n} of {number}",
        }
        Amendment.objects.create(policy="members.answer_hours", numerator=24, **facts)
        told: dict[str, Any] = {"office": "coordinator", "subject_en": f"Gloves {n}", "body_en": "Here."}
        Announcement.send(uuid4(), audience=Audience(), at=then, by=sol.user, **told)
    coming = {"effective_on": NOW.date() + A_DAY, "enacted_at": then, "source": f"a later vote {number}"}
    Amendment.objects.create(policy="members.answer_hours", numerator=36, **coming)


def test_each_room_says_what_is_new_and_prices_are_for_the_office(sol: Member, ana: Member) -> None:
    happen(sol)
    whole = ["Announcement", "New", "The checklists changed in 1 task", "A rule changed"]
    assert sorted(lines(ana)) == sorted(whole)
    assert sorted(lines(sol)) == sorted([*whole[1:], "A price changes"])


def test_one_tap_marks_all_that_was_shown_and_nothing_that_came_since(sol: Member, ana: Member) -> None:
    happen(sol)
    browser = signed_in(ana)
    page = browser.get("/today")
    assert "New since you last looked" in words(page)
    shown = page.context["until"]
    with time_machine.travel(NOW + A_DAY, tick=False):
        later: dict[str, Any] = {"office": "coordinator", "subject_en": "Later", "body_en": "Here."}
        Announcement.send(uuid4(), audience=Audience(), at=NOW + A_DAY / 2, by=sol.user, **later)
        answer = browser.post("/today/news", {"until": shown})
        assert answer.status_code == 302, words(answer)
        found = [item.words for item in unread(ana.user, at=NOW + A_DAY)]
    rule = "A rule changed. How long a member can answer before an act against them takes effect: 36 hours"
    assert sorted(found) == [rule, "Announcement: Later"]
    NewsRead.mark(ana, until=NOW - 5 * A_DAY, at=NOW)
    assert NewsRead.objects.get(member=ana).until == NOW
    NewsRead.mark(ana, until=NOW + 90 * A_DAY, at=NOW)
    assert NewsRead.objects.get(member=ana).until == NOW


def test_what_was_opened_is_no_news_any_more(sol: Member, ana: Member) -> None:
    happen(sol)
    signed_in(ana).get(f"/announcements/{Announcement.objects.get().pk}")
    assert "Announcement" not in lines(ana)


def test_who_left_has_no_news(sol: Member, ana: Member) -> None:
    happen(sol)
    ana.leave_coop(at=NOW, by=None)
    assert unread(User.objects.get(pk=ana.user_id), at=NOW) == []


def test_it_asks_as_much_for_many_as_for_few(sol: Member, ana: Member) -> None:
    happen(sol)
    unread(ana.user, at=NOW)
    with CaptureQueriesContext(connection) as few:
        unread(ana.user, at=NOW)
    happen(sol, number=6)
    with CaptureQueriesContext(connection) as many:
        assert len(unread(ana.user, at=NOW)) > 15
    assert len(many) == len(few) <= 8
