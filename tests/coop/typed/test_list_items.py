"""What an office keeps a list of: tasks of a visit, things to learn."""

from typing import Any

import pytest

from bookings.models import ChecklistTask
from coop.errors import Refusal
from coop.models import Event
from members.models import Lesson, Member
from tests.bookings.clock import NOW

pytestmark = pytest.mark.django_db
WORDS = {"text_en": "Fold the towels", "text_es": "Doblar las toallas"}


def test_what_is_off_the_list_is_not_changed_by_whoever_still_sees_it_there(sol: Member) -> None:
    lesson = Lesson.add(**WORDS, at=NOW, by=sol.user)
    seen = Lesson.objects.get(pk=lesson.pk)
    lesson.end(at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="not on the list any more"):
        seen.change(text_en="Fold all towels", text_es="Doblar todas", at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="not on the list any more"):
        seen.end(at=NOW, by=sol.user)
    assert Lesson.objects.get(pk=lesson.pk).text_en == "Fold the towels"
    assert list(Event.objects.about(lesson).values_list("verb", flat=True)) == ["add", "end"]


def test_each_room_has_an_order_of_its_own_and_its_name_in_the_log(sol: Member) -> None:
    said: dict[str, Any] = {"level": "regular", **WORDS, "at": NOW, "by": sol.user}
    last = {
        room: ChecklistTask.objects.filter(room=room).order_by("-position")[0].position for room in ("hall", "kitchen")
    }
    tasks = [ChecklistTask.add(room=room, **said) for room in ("hall", "kitchen", "hall")]
    assert [task.position for task in tasks] == [last["hall"] + 1, last["kitchen"] + 1, last["hall"] + 2]
    assert Event.objects.about(tasks[1]).get().note == "kitchen: Fold the towels"
