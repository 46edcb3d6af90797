"""When hours change, accepted shifts stay: the member is told which lie outside, and decides."""

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Shift
from coop.models import Event
from members.models import Member
from tests import make
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TOMORROW, said, signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/today/outside-hours"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def state(shift: Shift) -> tuple[str, int | None]:
    shift.refresh_from_db()
    return shift.state, shift.member_id


def test_a_new_week_asks_about_the_accepted_shifts_outside_it_and_keeps_them(ana: Member) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    browser = signed_in(ana)
    answer = browser.post(reverse("change_availability"), {"from_0_0": "08:00", "to_0_0": "12:00"})
    page = words(browser.get(answer["Location"]))
    assert (answer["Location"], f'value="{shift.pk}"' in page, "checked" in page) == (PAGE, True, False)
    assert (state(shift), said(browser.post(PAGE))[-1]) == (("accepted", ana.pk), "All of them stay yours.")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("work_otherwise", {"day": "2026-03-11"}),
        ("work_otherwise", {"day": "2026-03-11", "from_day_0": "08:00", "to_day_0": "10:15"}),
        ("take_leave", {"starts_on": "2026-03-11", "ends_on": "2026-03-12"}),
    ],
)
def test_a_single_day_and_days_off_ask_as_well(ana: Member, name: str, sent: dict[str, str]) -> None:
    stage.accepted(starts_in=TOMORROW)
    assert signed_in(ana).post(reverse(name), sent)["Location"] == PAGE


def test_a_change_that_leaves_every_shift_inside_asks_nothing(ana: Member) -> None:
    stage.accepted(starts_in=TOMORROW)
    answer = signed_in(ana).post(reverse("work_otherwise"), {"day": "2026-03-12"})
    assert answer["Location"] == reverse("me")


def test_only_ticked_shifts_go_on_to_the_next_turn(ana: Member) -> None:
    given, kept = stage.accepted(starts_in=LATER), stage.accepted(starts_in=TOMORROW)
    bo = make.member("Bo Lindgren")
    ana.open_week([], holidays=False)
    answer = signed_in(ana).post(PAGE, {"shifts": [given.pk], "why": "plans", "words": "A course"})
    assert said(answer) == ["1 shift goes on to the next turn."]
    given.offer_next(at=NOW)
    assert (state(given), state(kept)) == (("offered", bo.pk), ("accepted", ana.pk))
    assert Event.objects.about(given).get(verb="release").note == "plans"


@pytest.mark.parametrize("why", ["", "ill"])
def test_giving_a_shift_back_needs_a_word_why(ana: Member, why: str) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    ana.open_week([], holidays=False)
    page = signed_in(ana).post(PAGE, {"shifts": [shift.pk], "why": why})
    assert (page.status_code, b"checked" in page.content, state(shift)) == (200, True, ("accepted", ana.pk))


def test_the_shifts_of_others_are_not_to_be_given_back(ana: Member, bo: Member) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    other = bo if shift.member == ana else ana
    signed_in(other).post(PAGE, {"shifts": [shift.pk], "why": "other"})
    assert state(shift) == ("accepted", shift.member_id)


def say(member: Member, **said: object) -> str:
    """What follows when the form about oneself is sent with these answers."""
    known = {"name": "Ana Reyes", "language": "en", "zip": "11215", "hours": 24, "languages": ["en", "es"]}
    return signed_in(member).post("/me", known | said)["Location"]


def test_other_areas_ask_about_the_accepted_shifts_outside_them(ana: Member) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    assert say(ana, areas="104 11201") == PAGE
    assert f'value="{shift.pk}"' in words(signed_in(ana).get(PAGE))
    assert (say(ana, areas="112"), state(shift)) == ("/me", ("accepted", ana.pk))


def test_other_languages_and_animals_ask_as_well(ana: Member) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    home = shift.home
    home.spoken, home.pets = "es", ["dog"]
    home.save()
    assert [say(ana, languages=["en"]), say(ana), say(ana, avoids=["dog"])] == [PAGE, "/me", PAGE]
    assert say(ana, avoids=["dog"], name="Ana R.") == "/me"
    page = words(signed_in(ana).get(PAGE))
    assert (f'value="{shift.pk}"' in page, "Cleaning · 11215" in page) == (True, True)
