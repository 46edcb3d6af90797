"""The page of a standing: who reads it, what can be done there, and who is asked as a second person."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from members.models import Confirmation, Member, Notice, Standing, User
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
TODAY, A_DAY = NOW.date(), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mara() -> Member:
    return make.member("Mara Lund", hours=None, roles=["membership"])


def sent(by: Member, name: str, about: Member | Confirmation, **said: str) -> tuple[int, str]:
    browser = Browser()
    browser.force_login(Member.objects.get(pk=by.pk).user)
    answer = browser.post(reverse(name, args=[about.pk]), said, follow=True)
    return answer.status_code, answer.content.decode()


def read(by: Member, member: Member) -> tuple[int, str]:
    browser = Browser()
    browser.force_login(by.user)
    answer = browser.get(reverse("read_standing", args=[member.pk]))
    return answer.status_code, answer.content.decode()


def state(member: Member, day: date | None = None) -> str:
    return Member.objects.get(pk=member.pk).state_on(day or timezone.localdate()).value


def test_one_reads_ones_own_and_the_offices_read_all(ana: Member, bo: Member, sol: Member, mara: Member) -> None:
    assert [read(by, ana)[0] for by in (ana, mara, sol, bo)] == [200, 200, 200, 403]


def test_leave_is_taken_and_ended_by_oneself(ana: Member) -> None:
    day = TODAY + 3 * A_DAY
    assert sent(ana, "go_on_leave", ana, on=day.isoformat(), until=(day + A_DAY).isoformat())[0] == 200
    assert [state(ana, TODAY + number * A_DAY) for number in (2, 3, 4, 5)] == [
        "member",
        "on_leave",
        "on_leave",
        "member",
    ]
    assert Notice.objects.get(key__startswith=f"standing:{ana.pk}:go_on_leave").user == ana.user


def test_whoever_is_put_on_leave_hears_at_once_even_at_night_and_ends_it_by_one_press(
    ana: Member, mara: Member, clock: time_machine.Traveller
) -> None:
    make.role(ana, "coordinator")
    clock.move_to(at_night := NOW.replace(hour=5))
    sent(mara, "go_on_leave", ana, on=TODAY.isoformat(), until=(TODAY + 90 * A_DAY).isoformat())
    assert (state(ana), User.objects.get(pk=ana.user_id).rests) == ("on_leave", True)
    told = Notice.objects.get(user=ana.user)
    assert (told.due_at, "Mara L. wrote down that you are on leave" in told.body) == (at_night, True)
    page = read(ana, ana)[1]
    assert told.link.endswith(reverse("read_standing", args=[ana.pk]))
    form = next(part for part in page.split("<form") if reverse("come_back_from_leave", args=[ana.pk]) in part)
    assert f'value="{TODAY.isoformat()}"' in form
    sent(ana, "come_back_from_leave", ana, on=TODAY.isoformat())
    assert [state(ana, TODAY + number * A_DAY) for number in (0, 91)] == ["member", "member"]
    assert not User.objects.get(pk=ana.user_id).rests


def test_whoever_is_put_on_leave_for_later_takes_it_back_before(ana: Member, mara: Member) -> None:
    sent(mara, "go_on_leave", ana, on=(TODAY + A_DAY).isoformat())
    browser = Browser()
    browser.force_login(ana.user)
    browser.post(reverse("take_back", args=[Standing.objects.get(state="on_leave").pk]))
    assert state(ana, TODAY + A_DAY) == "member"


def test_a_day_at_the_end_of_the_calendar_is_too_far(ana: Member) -> None:
    status, page = sent(ana, "go_on_leave", ana, on="2026-04-10", until="9999-12-31")
    assert (status, "This day lies too far away." in page, state(ana, TODAY + 9 * A_DAY)) == (200, True, "member")


def test_a_leave_that_cannot_be_says_why_and_loses_nothing(ana: Member) -> None:
    status, page = sent(ana, "go_on_leave", ana, on="2026-04-10", until="2026-04-01")
    assert (status, "The last day lies before the first." in page, "2026-04-10" in page) == (200, True, True)
    assert "That day is over" in sent(ana, "go_on_leave", ana, on="2026-03-01")[1]


def test_whoever_is_on_leave_says_when_they_are_back(ana: Member) -> None:
    sent(ana, "go_on_leave", ana, on=TODAY.isoformat())
    sent(ana, "come_back_from_leave", ana, on=(TODAY + 5 * A_DAY).isoformat())
    assert [state(ana, TODAY + number * A_DAY) for number in (0, 4, 5)] == ["on_leave", "on_leave", "member"]


def test_a_suspension_waits_for_a_second_person_after_they_could_answer(
    ana: Member, sol: Member, mara: Member, clock: time_machine.Traveller
) -> None:
    assert sent(mara, "suspend", ana, reason="")[0] == 422
    sent(mara, "suspend", ana, reason="A report is looked into.")
    asked = Confirmation.objects.get()
    assert (state(ana), asked.seconds(NOW), asked.said) == ("member", [sol.user], "Ana R. is suspended")
    assert "A report is looked into." in Notice.objects.get(user=ana.user).body
    assert "was asked already" in sent(mara, "suspend", ana, reason="Again.")[1]
    clock.move_to(asked.ready_at)
    sent(sol, "confirm_confirmation", asked)
    assert (state(ana), read(sol, ana)[0]) == ("suspended", 200)
    sent(mara, "reinstate_suspended", ana, reason="It was nothing.")
    assert state(ana) == "member"


def test_nobody_decides_about_themselves(mara: Member) -> None:
    assert [sent(mara, name, mara, reason="Why not")[0] for name in ("suspend", "reinstate_suspended")] == [403, 403]


def test_whoever_left_comes_back_with_a_reason(ana: Member, mara: Member) -> None:
    ana.leave_coop(at=NOW, by=ana.user)
    assert sent(mara, "return_as_candidate", ana, reason="She asked to.")[0] == 200
    assert state(ana) == "candidate"


@pytest.mark.parametrize("name", ["reinstate_suspended", "return_as_candidate", "return_as_member"])
def test_what_does_not_fit_is_refused_in_a_sentence(ana: Member, mara: Member, sol: Member, name: str) -> None:
    status, page = sent(mara, name, ana, reason="Because")
    assert (status, "the member is now “member”" in page) == (422, True)
