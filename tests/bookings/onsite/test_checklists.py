"""What is included, room by room: for whoever books, for whoever comes, and for the office that looks after it."""

from collections import Counter

import pytest
import time_machine

from bookings.models import ChecklistTask, Service, Shift, TaskDone
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, TODAY, said, signed_in, words
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

WISH = {"zip": "11215", "bedrooms": "2", "bathrooms": "1", "hours": "180"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def begun(ana: Member, clock) -> Shift:
    """Ana is at a home that is cleaned."""
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    shift.start(at=shift.starts_at, by=ana.user)
    return shift


def tasks(code: str) -> list[ChecklistTask]:
    return list(ChecklistTask.objects.standing().of(Service.objects.get(code=code)))


def test_a_regular_visit_has_forty_tasks_and_a_deep_one_more() -> None:
    rooms = Counter(task.room for task in tasks("cleaning"))
    assert rooms == {"bathroom": 8, "kitchen": 6, "living": 9, "bedroom": 10, "hall": 7}
    assert [task.pk for task in tasks("deep") if task.level == "regular"] == [task.pk for task in tasks("cleaning")]
    assert (len(tasks("deep")) > 40, tasks("aide")) == (True, [])


def test_every_task_says_what_it_is_in_both_languages() -> None:
    assert [task.text_en for task in ChecklistTask.objects.all() if not (task.text_en and task.text_es)] == []


def test_whoever_books_reads_what_is_included_for_what_they_chose() -> None:
    found = {
        code: words(Browser().get("/book/price", WISH | {"service": code})) for code in ("cleaning", "deep", "aide")
    }
    assert {code: ("Toilet cleaned" in page, "Grout" in page) for code, page in found.items()} == {
        "cleaning": (True, False),
        "deep": (True, True),
        "aide": (False, False),
    }


def test_whoever_books_a_big_home_reads_that_two_come() -> None:
    wish = {"service": "cleaning", "zip": "11215", "bedrooms": "4", "bathrooms": "3"}
    assert "2 people come together, for about 3.25 hours." in words(Browser().get("/book/price", wish))


def test_a_worker_ticks_what_is_done_and_may_untick_it(begun: Shift, ana: Member) -> None:
    first, second, third = tasks("cleaning")[:3]
    browser = signed_in(ana)
    for done in ([first.pk, second.pk], [second.pk, third.pk]):
        assert browser.post(f"/shifts/{begun.pk}/tasks", {"tasks": done})["Location"] == "/today"
    assert set(TaskDone.objects.values_list("shift", "task")) == {(begun.pk, second.pk), (begun.pk, third.pk)}
    assert "2 of 40" in words(browser.get("/today"))


def test_a_tick_brings_only_the_count_where_the_page_stays(begun: Shift, ana: Member) -> None:
    answer = signed_in(ana).post(
        f"/shifts/{begun.pk}/tasks", {"tasks": [tasks("cleaning")[0].pk]}, headers={"HX-Request": "true"}
    )
    assert words(answer) == '<small id="ticked" class="num">1 of 40</small>'


def test_nothing_has_to_be_ticked_to_be_finished(begun: Shift, ana: Member) -> None:
    begun.complete(at=begun.ends_at, by=ana.user)
    assert Shift.objects.get(pk=begun.pk).state == "done"


def test_ticks_are_for_the_time_of_the_visit(ana: Member) -> None:
    shift = stage.accepted()
    page = words(signed_in(ana).get("/today"))
    assert ("Toilet cleaned" in page, 'type="checkbox"' in page) == (True, False)
    with pytest.raises(Refusal, match="while you are there"):
        TaskDone.tick(shift, tasks("cleaning")[:1], at=NOW)
    answer = signed_in(ana).post(f"/shifts/{shift.pk}/tasks", {"tasks": [tasks("cleaning")[0].pk]})
    assert said(answer) == ["You can tick what is done while you are there."]


def test_only_whoever_has_the_shift_ticks(begun: Shift, bo: Member, dan: User) -> None:
    answers = [signed_in(who).post(f"/shifts/{begun.pk}/tasks", {}).status_code for who in (bo, dan)]
    assert answers == [403, 404]


def test_what_is_no_task_of_the_visit_is_not_ticked(begun: Shift, ana: Member) -> None:
    deep = ChecklistTask.objects.filter(level="deep")[0]
    for wrong in (deep.pk, "x", 10**20):
        assert signed_in(ana).post(f"/shifts/{begun.pk}/tasks", {"tasks": [wrong]}).status_code == 302
    assert TaskDone.objects.count() == 0


def test_one_of_a_crew_sees_what_the_other_did(ana: Member, bo: Member, clock) -> None:
    service = make.service(minutes=240, crew=2)
    Service.objects.filter(pk=service.pk).update(level="regular")
    shift = make.accepted(
        starts_at=NOW + TODAY, at=NOW - TODAY * 48, quote=make.quote(at=NOW - TODAY * 48, service=service)
    )
    clock.move_to(shift.starts_at)
    mine, theirs = shift.visit.shifts.order_by("pk")
    for one in (mine, theirs):
        one.start(at=one.starts_at, by=one.member.user)
    TaskDone.tick(theirs, tasks("cleaning")[:1], at=shift.starts_at)
    page = words(signed_in(mine.member).get("/today"))
    assert (f"{theirs.member.short_name} did it" in page, "1 of 40" in page) == (True, True)


def test_the_office_keeps_the_lists_and_everybody_can_read_who_did(sol: Member, begun: Shift, ana: Member) -> None:
    browser, first = signed_in(sol), tasks("cleaning")[0]
    TaskDone.tick(begun, [first], at=begun.starts_at)
    wish = {"text_en": "Plants watered", "text_es": "Plantas regadas", "room": "living", "level": "regular"}
    browser.post("/checklists/new", wish)
    added = ChecklistTask.objects.get(text_en="Plants watered")
    browser.post(f"/checklists/{added.pk}", wish | {"text_en": "Plants watered, if asked", "level": "deep"})
    browser.post(f"/checklists/{first.pk}/ending")
    assert added.pk not in {task.pk for task in tasks("cleaning")}
    assert added.pk in {task.pk for task in tasks("deep")}
    assert first.pk not in {task.pk for task in tasks("deep")}
    assert TaskDone.objects.get().task == first
    events = Event.objects.filter(kind="bookings.checklisttask").order_by("pk")
    assert list(events.values_list("verb", "note", "actor")) == [
        ("add", "living: Plants watered", sol.user.pk),
        ("change", "Plants watered → Plants watered, if asked", sol.user.pk),
        ("end", first.text_en, sol.user.pk),
    ]
    assert signed_in(ana).get("/checklists").status_code == 200


def test_nothing_typed_is_lost_when_a_task_lacks_its_spanish_words(sol: Member) -> None:
    answer = signed_in(sol).post("/checklists/new", {"text_en": "Plants watered", "room": "hall", "level": "regular"})
    assert (answer.status_code, 'value="Plants watered"' in words(answer)) == (200, True)
