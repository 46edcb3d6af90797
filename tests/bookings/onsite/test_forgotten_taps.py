"""A tap that was forgotten freezes nothing: the clock asks, and the worker and the office both have a way out."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.care.tasks import sweep_care
from bookings.models import CareRecord, Shift, Tap, Visit
from bookings.onsite.personal_data import _taps
from bookings.onsite.tasks import sweep_late
from members.models import Member, Notice
from members.personal_data import erase
from payouts.models import Entry
from tests import make
from tests.bookings import stage
from tests.bookings.clock import NINE
from tests.bookings.clock import NOW as THEN
from tests.bookings.stage import NOW, TODAY, signed_in, words

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TIMES = {"starts": "10:05", "ends": "12:40", "reason": "Her battery was flat; the client says so, too."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(params=["accepted", "started"])
def shift(request, ana: Member, sol: Member) -> Shift:
    """Ana's, from ten to a quarter to one; never started, or started and never finished."""
    shift = stage.accepted()
    if request.param == "started":
        Tap.here(shift, "start", at=shift.starts_at, by=ana.user)
    return Shift.objects.with_related().get(pk=shift.pk)


def asked() -> list[str]:
    rows = Notice.objects.filter(key__startswith="not_finished").select_related("user")
    return [notice.user.first_name for notice in rows]


def told() -> set[str]:
    rows = Notice.objects.filter(key__startswith="times_written").select_related("user")
    return {notice.user.first_name for notice in rows}


def earned() -> int:
    return Entry.objects.filter(kind="visit").count()


class TestTheClock:
    def test_half_an_hour_after_the_end_its_worker_is_asked_once(self, shift: Shift, clock) -> None:
        clock.move_to(shift.ends_at + 29 * MINUTE)
        sweep_late()
        assert asked() == []
        for _minute in range(2):
            clock.shift(MINUTE)
            sweep_late()
        assert asked() == ["Ana"]

    def test_who_is_done_is_not_asked(self, shift: Shift, ana: Member, clock) -> None:
        if shift.state == "accepted":
            shift.start(at=shift.starts_at, by=ana.user)
        shift.finish(at=shift.ends_at, by=ana.user)
        clock.move_to(shift.ends_at + 31 * MINUTE)
        sweep_late()
        assert asked() == []

    def test_what_lies_days_ago_rings_no_phone(self, shift: Shift, clock) -> None:
        clock.move_to(shift.ends_at + DAY)
        sweep_late()
        assert asked() == []


class TestTheWorker:
    def test_it_stays_on_the_page_of_today_until_it_is_closed(self, shift: Shift, ana: Member, clock) -> None:
        browser, way = signed_in(ana), reverse("write_times", args=[shift.pk])
        for later in (30 * MINUTE, DAY, 9 * DAY):
            clock.move_to(shift.ends_at + later)
            assert way in words(browser.get("/today"))
        browser.post(way, {**TIMES, "reason": ""})
        assert way not in words(browser.get("/today"))

    def test_the_next_visit_has_its_button(self, shift: Shift, ana: Member, clock) -> None:
        following = stage.accepted(starts_in=TODAY + 4 * HOUR)
        clock.move_to(following.starts_at)
        page = words(signed_in(ana).get("/today"))
        assert page.index("Not closed yet") > page.index(f'action="/shifts/{following.pk}/start" data-tap="start">')

    def test_they_say_from_when_until_when_and_the_client_is_told(self, shift: Shift, ana: Member, sol, clock) -> None:
        clock.move_to(shift.ends_at + DAY)
        signed_in(ana).post(reverse("write_times", args=[shift.pk]), {**TIMES, "reason": ""})
        row = Shift.objects.select_related("visit").get()
        assert (row.state, row.visit.state, earned()) == ("done", "completed", 1)
        assert (row.started_at, row.done_at) == (shift.starts_at + 5 * MINUTE, shift.ends_at - 5 * MINUTE)
        assert told() == {shift.home.client.user.first_name}
        assert "Written by hand" in words(signed_in(sol).get("/office/taps"))

    @pytest.mark.parametrize(
        ("times", "why"),
        [
            ({"starts": "9:29"}, "30 minutes before"),
            ({"starts": "12:50", "ends": "12:50"}, "must come after the start"),
            ({"ends": "13:20"}, "not be still to come"),
            ({"ends": "9:00"}, "not be still to come"),
            ({"ends": ""}, "This is still missing."),
        ],
    )
    def test_times_that_cannot_be_get_a_sentence(self, times, why, ana: Member, clock) -> None:
        shift = stage.accepted()
        clock.move_to(shift.ends_at + 31 * MINUTE)
        answer = signed_in(ana).post(reverse("write_times", args=[shift.pk]), {**TIMES, **times})
        assert why in words(answer)
        assert (Shift.objects.get().state, Tap.objects.count()) == ("accepted", 0)


class TestTheOffice:
    def test_it_is_on_the_list_until_it_is_closed(self, shift: Shift, sol: Member, clock) -> None:
        browser = signed_in(sol)
        clock.move_to(shift.ends_at + 29 * MINUTE)
        assert "Should have ended" not in words(browser.get("/office/shifts"))
        for later in (30 * MINUTE, 9 * DAY):
            clock.move_to(shift.ends_at + later)
            page = words(browser.get("/office/shifts"))
            assert ("Should have ended" in page, "Should have begun" in page) == (True, False)
        browser.post(reverse("write_times", args=[shift.pk]), TIMES)
        assert "Should have ended" not in words(browser.get("/office/shifts"))

    def test_they_were_there_with_a_reason_that_both_read(self, shift: Shift, ana: Member, sol, clock) -> None:
        way, before = reverse("write_times", args=[shift.pk]), list(Tap.objects.values_list("pk", "at", "flags"))
        clock.move_to(shift.ends_at + DAY)
        assert "This is still missing." in words(signed_in(sol).post(way, {**TIMES, "reason": " "}))
        signed_in(sol).post(way, TIMES)
        assert (Visit.objects.get().state, earned()) == ("completed", 1)
        assert told() == {"Ana", shift.home.client.user.first_name}
        assert all(TIMES["reason"] in notice.body for notice in Notice.objects.filter(key__startswith="times_w"))
        assert [row for row in Tap.objects.values_list("pk", "at", "flags") if row in before] == before
        by_hand = Tap.objects.filter(flags=["hand"]).order_by("pk").values_list("kind", "by", "reason")
        assert list(by_hand) == [("start", sol.user.pk, TIMES["reason"]), ("finish", sol.user.pk, TIMES["reason"])]
        assert list(Tap.objects.unseen()) == []
        assert TIMES["reason"] in [tap["reason"] for tap in _taps(ana.user)]

    def test_a_start_that_was_tapped_and_is_not_touched_stays_the_tap(self, ana: Member, sol: Member, clock) -> None:
        shift = stage.accepted()
        start = shift.starts_at + timedelta(minutes=5, seconds=7)
        Tap.here(shift, "start", at=start, by=ana.user)
        clock.move_to(shift.ends_at + DAY)
        signed_in(sol).post(reverse("write_times", args=[shift.pk]), TIMES)
        assert Shift.objects.get().started_at == start
        assert list(Tap.objects.filter(flags=["hand"]).values_list("kind", flat=True)) == ["finish"]

    def test_they_were_not_there_and_the_visit_is_missed(self, shift: Shift, sol: Member, clock) -> None:
        clock.move_to(shift.ends_at + DAY)
        signed_in(sol).post(reverse("not_there", args=[shift.pk]), {"note": "She was ill."})
        assert (Visit.objects.get().state, Shift.objects.get().state, earned()) == ("missed", "cancelled", 0)

    @pytest.mark.parametrize("leaves", ["leaves", "is erased"])
    def test_whoever_has_left_keeps_nobody_waiting(self, leaves: str, shift: Shift, ana: Member, sol, clock) -> None:
        later = shift.ends_at + DAY
        clock.move_to(later)
        ana.leave_coop(at=later, by=None)
        if leaves == "is erased":
            erase(ana.user, at=later)
        sweep_late()
        signed_in(sol).post(reverse("write_times", args=[shift.pk]), TIMES)
        assert (Visit.objects.get().state, earned()) == ("completed", 1)
        assert ("Ana" in told()) == (leaves == "leaves")


class TestACrewOfWhichOneForgot:
    @pytest.fixture
    def both(self, ana: Member, bo: Member, sol: Member, clock) -> list[Shift]:
        quote = make.quote(at=THEN, service=make.service(minutes=240, crew=2))
        make.accepted(starts_at=NINE, at=THEN, quote=quote)
        first, second = Shift.objects.with_related().order_by("pk")
        for one in (first, second):
            one.start(at=NINE, by=one.member.user)
        first.complete(at=first.ends_at, by=first.member.user)
        clock.move_to(first.ends_at + HOUR)
        return [first, second]

    def test_the_office_closes_the_other_part(self, both: list[Shift], sol: Member) -> None:
        assert Visit.objects.get().state == "started"
        page = words(signed_in(sol).get("/office/shifts"))
        assert [reverse("write_times", args=[one.pk]) in page for one in both] == [False, True]
        times = {"starts": "9:00", "ends": "11:00", "reason": "Bo forgot."}
        signed_in(sol).post(reverse("write_times", args=[both[1].pk]), times)
        assert (Visit.objects.get().state, earned()) == ("completed", 1)

    def test_who_was_not_there_leaves_the_pay_to_the_other(self, both: list[Shift], sol: Member) -> None:
        signed_in(sol).post(reverse("not_there", args=[both[1].pk]), {"note": "Only one came."})
        assert [one.state for one in Shift.objects.order_by("pk")] == ["done", "missed"]
        assert (Visit.objects.get().state, earned()) == ("completed", 1)


def test_a_record_of_care_says_what_was_written_by_hand(sol: Member, clock) -> None:
    aide = make.member("Ana Reyes", skills=["cleaning", "care"])
    make.credential(aide)
    shift = make.accepted(starts_at=NINE, at=THEN, service=make.service(credential="hha"))
    Tap.here(shift, "start", at=NINE, by=aide.user)
    clock.move_to(NINE + DAY)
    Tap.by_hand(shift, started_at=NINE, done_at=NINE + HOUR, reason="No network.", at=NINE + DAY, by=sol.user)
    sweep_care()
    record = CareRecord.objects.get()
    assert (record.start_how, record.end_how, record.ends_at) == ("tap", "hand", NINE + HOUR)
