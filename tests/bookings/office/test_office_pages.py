"""What whoever coordinates sees and can do about the shifts that nobody has."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Offer, Shift, Visit
from coop.models import Event
from members.models import Leave, Member, Notice, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TODAY, TOMORROW, said, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_unfilled_shifts_stand_soonest_first_with_whoever_is_asked(ana: Member, bo: Member, sol: Member) -> None:
    later = stage.offered(starts_in=LATER)
    sooner = stage.offered()
    Offer.objects.get(pk=sooner.pk).pass_on(at=NOW, by=sooner.member.user, why="time")
    asked = Offer.objects.waiting().get(shift=sooner.shift)
    page = words(signed_in(sol).get("/office/shifts"))
    assert page.index("Wednesday, March 11") < page.index("Monday, March 16")
    assert f"With {asked.member.short_name} until Tuesday, March 10, 9:30 AM. 1 person passed." in page
    assert f"With {later.member.short_name} until Tuesday, March 10, 11:00 AM." in page


def test_the_office_is_for_those_who_coordinate(ana: Member, sol: Member, tess: Member, lee: User) -> None:
    assert [signed_in(who).get("/office/shifts").status_code for who in (sol, ana, tess, lee)] == [200, 403, 403, 403]


@pytest.mark.parametrize("verb", ["shifts/{shift}/asking", "visits/{visit}/cancellation", "visits/{visit}/missing"])
def test_only_a_coordinator_asks_again_cancels_or_writes_off(verb: str, ana: Member, bo: Member, dan: User) -> None:
    shift = stage.accepted()
    address = "/" + verb.format(shift=shift.pk, visit=shift.visit_id)
    mate = bo if shift.member == ana else ana
    hidden = 403 if "asking" in verb else 404
    answers = [signed_in(who).post(address, {"note": "x"}).status_code for who in (shift.member, mate, dan)]
    assert answers == [403, hidden, 404]
    assert Visit.objects.get(pk=shift.visit_id).state == "scheduled"


def test_asking_again_puts_an_open_shift_to_whoever_is_free_by_now(ana: Member, sol: Member) -> None:
    shift = stage.on_board(starts_in=LATER)
    other = stage.on_board(starts_in=LATER + timedelta(days=1))
    Leave.objects.create(
        member=make.member("Bo Lindgren"), starts_on=other.starts_at.date(), ends_on=other.starts_at.date()
    )
    answer = signed_in(sol).post(f"/shifts/{shift.pk}/asking")
    assert said(answer) == ["Bo L. is asked now."]
    assert Shift.objects.get(pk=shift.pk).state == "offered"
    assert Event.objects.about(shift).filter(verb="ask_again").values_list("actor", flat=True)[0] == sol.user.pk
    again = signed_in(sol).post(f"/shifts/{shift.pk}/asking")
    assert said(again)[-1] == "Somebody has this shift by now."
    assert said(signed_in(sol).post(f"/shifts/{other.pk}/asking")) == [
        "Nobody else can be asked. It stays on the open board."
    ]


def test_cancelling_tells_the_client_and_frees_the_worker(ana: Member, sol: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    answer = signed_in(sol).post(f"/visits/{shift.visit_id}/cancellation", {"note": "a burst pipe"})
    assert answer["Location"] == "/office/shifts"
    booking = Booking.objects.get(visits=shift.visit)
    assert (Shift.objects.get(pk=shift.pk).state, booking.state) == ("cancelled", "cancelled")
    told = Notice.objects.filter(Q(key__startswith="visit_cancelled") | Q(key__startswith="shift_cancelled"))
    assert set(told.values_list("user", flat=True)) == {booking.client.user.pk, ana.user.pk}
    assert Event.objects.about(booking).get(verb="cancel").note == "a burst pipe"


def test_cancelling_without_a_word_asks_for_one(ana: Member, sol: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    answer = signed_in(sol).post(f"/visits/{shift.visit_id}/cancellation", {"note": ""})
    assert answer.status_code == 200
    assert "This is still missing." in words(answer)


def test_a_visit_that_is_under_way_is_not_cancelled(ana: Member, sol: Member, clock) -> None:
    shift = stage.accepted()
    shift.start(at=shift.starts_at, by=ana.user)
    clock.move_to(shift.starts_at)
    answer = signed_in(sol).post(f"/visits/{shift.visit_id}/cancellation", {"note": "no"})
    assert "That cannot be done any more: the visit is now “under way”." in words(answer)
    assert Shift.objects.get(pk=shift.pk).state == "started"


def test_a_visit_to_which_nobody_came_is_written_down_as_missed(ana: Member, sol: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(sol)
    early = browser.post(f"/visits/{shift.visit_id}/missing", {"note": "no answer"})
    assert "This visit has not begun yet." in words(early)
    clock.move_to(shift.starts_at + timedelta(minutes=20))
    page = words(browser.get("/office/shifts"))
    assert "Should have begun" in page
    assert "Ana R. accepted it and has not started." in page
    browser.post(f"/visits/{shift.visit_id}/missing", {"note": "no answer"})
    visit = Visit.objects.get(pk=shift.visit_id)
    assert (visit.state, visit.booking.state) == ("missed", "ended")
    assert "Every shift has its person." in words(browser.get("/office/shifts"))


def test_a_shift_whose_time_came_with_nobody_stands_on_top(ana: Member, sol: Member, clock) -> None:
    shift = stage.on_board()
    clock.move_to(shift.starts_at + timedelta(hours=5))
    page = words(signed_in(sol).get("/office/shifts"))
    assert "Should have begun" in page
    assert "It is too late for anybody to take it." in page


def test_twelve_unfilled_shifts_more_ask_no_more_than_two(ana: Member, bo: Member, sol: Member) -> None:
    browser = signed_in(sol)
    stage.accepted(starts_in=TODAY - timedelta(hours=2) + timedelta(days=1))
    stage.on_board()
    stage.offered(starts_in=LATER)
    with CaptureQueriesContext(connection) as one:
        browser.get("/office/shifts")
    for day in range(2, 8):
        stage.on_board(starts_in=TOMORROW + timedelta(days=day, hours=3.5))
        stage.offered(starts_in=TOMORROW + timedelta(days=day, hours=-1))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/office/shifts")
    assert words(page).count("<article") == 14
    assert len(many) == len(one)
