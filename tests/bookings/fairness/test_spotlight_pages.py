"""The spotlight as members see it: the page, the file, and an answer to a question."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.urls import reverse

from bookings.models import FlagAnswer, Offer, Shift
from members.models import Member, User
from tests import make
from tests.bookings.balance import AT, asked_why, decide, five, work
from tests.bookings.stage import said, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def page(person: Member, days: str = "") -> str:
    return words(signed_in(person).get(reverse("spotlight"), {"days": days} if days else {}))


def test_every_member_reads_everybodys_numbers(ana: Member, cara: Member) -> None:
    work(days_ago=3)
    for reader in (ana, cara):
        shown = page(reader)
        assert "From April 7, 2026 to May 4, 2026." in shown
        assert "5 of 96 h" in shown
        assert shown.count("Cara O.") >= 2


def test_nobody_else_does(lee: User, ana: Member) -> None:
    assert signed_in(lee).get(reverse("spotlight")).status_code == 403
    assert signed_in(lee).get(reverse("spotlight_sheet")).status_code == 403
    assert signed_in(lee).get(reverse("answer_flag", args=["hours"])).status_code == 403


@pytest.mark.parametrize(
    ("days", "first"), [("90", "February 4"), ("28", "April 7"), ("7", "April 7"), ("x", "April 7")]
)
def test_the_days_are_28_or_90(days: str, first: str, ana: Member) -> None:
    assert f"From {first}, 2026" in page(ana, days)


def test_a_question_has_a_place_for_the_answer_of_whom_it_asks(ana: Member) -> None:
    ana, bo = asked_why()
    there = reverse("answer_flag", args=["hours"])
    assert there in page(ana)
    assert there not in page(bo)
    assert "No answer yet." in page(bo)
    assert signed_in(bo).get(there).status_code == 404
    assert signed_in(bo).post(there, {"words": "Me, too."}).status_code == 404
    answered = signed_in(ana).post(there, {"words": "I was <ill>."})
    assert said(answered) == ["Thank you. Your answer stands beside the numbers."]
    assert "I was &lt;ill&gt;." in page(bo)
    assert FlagAnswer.objects.get().member == ana


def test_earlier_answers_stay_readable(ana: Member) -> None:
    asked_why()
    browser, there = signed_in(ana), reverse("answer_flag", args=["hours"])
    for said_then in ("I was ill.", "I was ill for three weeks."):
        browser.post(there, {"words": said_then})
    shown = page(ana)
    assert "Earlier answers" in shown
    assert shown.index("three weeks") < shown.index("Earlier answers") < shown.index("I was ill.")


@pytest.mark.parametrize("typed", ["", " ", "x" * 501])
def test_an_answer_that_does_not_fit_is_asked_for_again(typed: str, ana: Member) -> None:
    asked_why()
    answer = signed_in(ana).post(reverse("answer_flag", args=["hours"]), {"words": typed})
    assert (answer.status_code, FlagAnswer.objects.count()) == (422, 0) or answer.status_code == 200
    assert typed.strip() in words(answer)


def test_who_decides_for_the_same_person_is_asked_too(sol: Member) -> None:
    office = five()
    for _ in range(4):
        decide(sol, office[4], *office)
    there = reverse("answer_flag", args=[f"overrides-{office[4].pk}"])
    shown = page(sol)
    assert "<b>Sol V. → Eva H.</b><br>4 of 4; by chance it would be 1.0." in shown
    assert there in shown
    signed_in(sol).post(there, {"words": "Eva has the keys of that home."})
    assert "Eva has the keys of that home." in page(office[0])


def test_the_file_has_a_line_a_member_and_runs_nothing(ana: Member) -> None:
    work(days_ago=3)
    make.member("=cmd Reyes")
    answer = signed_in(ana).get(reverse("spotlight_sheet"), {"days": "90"})
    assert answer["Content-Disposition"] == 'attachment; filename="spotlight-2026-05-04-90.csv"'
    header, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert header[:4] == ["Member", "Hours had", "Hours asked for", "Share"]
    assert [row[0] for row in rows] == ["'=cmd R.", "Ana R."]
    assert rows[1][1] == "5.0"


def test_it_is_spoken_in_spanish_too(ana: Member) -> None:
    User.objects.filter(pk=ana.user_id).update(language="es")
    ana.user.refresh_from_db()
    assert "¿Se reparte el trabajo de forma justa?" in page(ana)


def test_leave_is_said_beside_the_name(ana: Member) -> None:
    ana.go_on_leave(at=AT - timedelta(days=3), by=None)
    make.member("Bo Lindgren", minutes_wanted=0)
    shown = page(ana)
    assert "<small>on leave</small>" in shown
    assert "<small>asks for no hours</small>" in shown


def explained(shift: Shift, reader: Member) -> str:
    return words(signed_in(reader).get(reverse("turn", args=[shift.pk])))


def test_a_shift_from_the_open_board_says_who_took_it(ana: Member, bo: Member) -> None:
    booking = make.confirmed(starts_at=AT + timedelta(days=2), at=AT)
    for _ in range(2):
        offer = Offer.objects.waiting().get(shift__visit__booking=booking)
        offer.pass_on(at=AT, by=offer.member.user, why="time")
    shift = Shift.objects.with_related().get(visit__booking=booking)
    shift.take(ana, at=AT, by=ana.user)
    assert "Ana R. took it from the open board." in explained(shift, ana)


def test_a_shift_for_which_nobody_was_asked_says_why(ana: Member, sol: Member) -> None:
    series = make.series(starts_at=AT + timedelta(days=2), at=AT, take=False)
    later = Shift.objects.filter(visit__booking__series=series).latest("starts_at")
    assert "It waits for whoever takes the first visit of these" in explained(later, sol)
    assert later.visit is not None
    later.visit.call_off(at=AT, by=sol.user, note="Water damage.")
    assert "This visit does not take place, and nobody had been asked." in explained(later, sol)


def test_a_shift_that_was_moved_says_so(ana: Member, sol: Member) -> None:
    shift = make.accepted(starts_at=AT + timedelta(days=2), at=AT)
    visit = shift.visit
    assert visit is not None
    visit.move(AT + timedelta(days=3), at=AT, by=sol.user, note="They asked for it.")
    assert "It was moved to another time." in explained(shift, ana)
