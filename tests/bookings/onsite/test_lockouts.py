"""Nobody opens, somebody does not come, nothing begins: what is written down, who is paid, and who hears of it."""

from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from bookings.catalog.sharing import FeeShares
from bookings.models import Booking, Shift, Visit
from bookings.onsite.late_alerts import tell_of_late
from bookings.onsite.tasks import sweep_late
from coop.errors import Refusal, WrongState
from coop.models import Heartbeat
from members.models import Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import said, signed_in, words

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def accepted(*, crew: int = 1, minutes: int = 120) -> Visit:
    shift = make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=minutes * crew, crew=crew))
    return Visit.objects.get(pk=shift.visit_id)


def try_everything(visit: Visit, by: Member, *, first: datetime = NINE) -> None:
    for number, how in enumerate(("call", "text", "door")):
        visit.try_contact(how, note="", at=first + number * MINUTE, by=by.user)


class TestNobodyOpens:
    def test_after_three_tries_and_twenty_minutes_the_visit_is_lost_and_paid(self, ana):
        visit = accepted()
        visit.shifts.get().start(at=NINE - MINUTE, by=ana.user)
        try_everything(visit, ana)
        visit.lock_out(at=NINE + 20 * MINUTE, by=ana.user)
        shift = Shift.objects.get()
        assert (visit.state, visit.fee_cents, visit.responsible) == ("turned_away", 8000, "client")
        assert (shift.state, shift.member, Booking.objects.get().state) == ("cancelled", ana, "ended")
        assert visit.fee_shares(8000) == FeeShares({ana.pk: 7600}, {"operations": 320, "reserve": 40, "upkeep": 40})

    def test_the_fee_has_a_limit(self, ana):
        visit = accepted(minutes=330)
        try_everything(visit, ana)
        visit.lock_out(at=NINE + HOUR, by=ana.user)
        assert (visit.cents, visit.fee_cents) == (22000, 20000)

    def test_two_tries_are_too_few(self, ana):
        visit = accepted()
        for how in ("call", "door"):
            visit.try_contact(how, note="", at=NINE, by=ana.user)
        with pytest.raises(Refusal, match="try a little more"):
            visit.lock_out(at=NINE + HOUR, by=ana.user)

    @pytest.mark.parametrize("first", [NINE - 10 * MINUTE, NINE + 5 * MINUTE], ids=["came early", "came late"])
    def test_the_wait_begins_with_the_first_try_but_not_before_the_visit(self, ana, first):
        visit = accepted()
        try_everything(visit, ana, first=first)
        over = max(NINE, first) + 20 * MINUTE
        with pytest.raises(Refusal, match="Please wait until 9:2"):
            visit.lock_out(at=over - timedelta(seconds=1), by=ana.user)
        visit.lock_out(at=over, by=ana.user)
        assert visit.state == "turned_away"

    def test_tries_are_for_the_time_of_the_visit(self, ana):
        visit = accepted()
        with pytest.raises(Refusal, match="too early"):
            visit.try_contact("call", note="", at=NINE - HOUR, by=ana.user)
        try_everything(visit, ana)
        visit.lock_out(at=NINE + HOUR, by=ana.user)
        with pytest.raises(Refusal, match="over"):
            visit.try_contact("call", note="", at=NINE + 2 * HOUR, by=ana.user)

    def test_a_visit_that_was_done_was_not_lost(self, ana):
        visit = accepted()
        try_everything(visit, ana)
        shift = visit.shifts.get()
        shift.start(at=NINE, by=ana.user)
        shift.complete(at=NINE + HOUR, by=ana.user)
        with pytest.raises(WrongState):
            visit.lock_out(at=NINE + HOUR, by=ana.user)

    def test_the_client_hears_what_was_tried_and_what_it_costs(self, ana):
        visit = accepted()
        try_everything(visit, ana)
        visit.lock_out(at=NINE + HOUR, by=ana.user)
        told = Notice.objects.get(key=f"visit_locked_out:{visit.pk}")
        assert told.user == visit.booking.client.user
        assert "tried 3 times to reach you" in told.body
        assert "it costs $80.00" in told.body


class TestSomebodyDidNotCome:
    def begun(self) -> tuple[Visit, Shift, Shift]:
        """A crew of two; the first has begun, the other is not there."""
        visit = accepted(crew=2)
        here, away = visit.shifts.order_by("pk")
        here.start(at=NINE, by=here.member.user)
        return visit, here, away

    def test_the_others_end_the_visit_and_share_its_pay(self, ana, bo):
        visit, here, away = self.begun()
        away.write_off(at=NINE + 10 * MINUTE, by=here.member.user, note="no answer")
        here.complete(at=NINE + 2 * HOUR, by=here.member.user)
        visit.refresh_from_db()
        assert (visit.state, away.state, [one.pk for one in visit.people()]) == (
            "completed",
            "missed",
            [here.member.pk],
        )
        assert Notice.objects.filter(key=f"shift_missed:{away.pk}", user=away.member.user).count() == 1

    def test_who_is_done_already_ends_it_by_saying_so(self, ana, bo):
        _visit, here, away = self.begun()
        here.complete(at=NINE + 2 * HOUR, by=here.member.user)
        assert Visit.objects.get().state == "started"
        away.write_off(at=NINE + 2 * HOUR, by=here.member.user)
        assert Visit.objects.get().state == "completed"

    def test_somebody_late_gets_a_little_time(self, ana, bo):
        _visit, here, away = self.begun()
        with pytest.raises(Refusal, match="little more time"):
            away.write_off(at=NINE + 9 * MINUTE, by=here.member.user)

    def test_when_nobody_came_it_is_the_whole_visit_that_is_missed(self, ana, bo, sol):
        visit = accepted(crew=2)
        with pytest.raises(Refusal, match="say so of the whole visit"):
            visit.shifts.first().write_off(at=NINE + HOUR, by=sol.user)

    def test_a_part_that_nobody_had_taken_is_left_out_too(self, ana, bo, sol):
        _visit, here, away = self.begun()
        away.release(at=NINE, by=away.member.user, note="ill")
        away.write_off(at=NINE + HOUR, by=sol.user)
        here.complete(at=NINE + 2 * HOUR, by=here.member.user)
        assert (Visit.objects.get().state, away.member) == ("completed", None)


class TestNothingBegins:
    def told(self, minutes: int) -> list[tuple[str, str]]:
        tell_of_late(at=NINE + minutes * MINUTE)
        rows = Notice.objects.filter(key__startswith="late_").order_by("pk")
        return [(row.key.partition(":")[0], row.user.first_name) for row in rows]

    def test_the_worker_hears_first_then_the_office_then_the_client(self, ana, sol):
        accepted()
        client = Booking.objects.get().client.user.first_name
        worker, office = ("late_worker", "Ana"), ("late_office", "Sol")
        assert [self.told(minutes) for minutes in (9, 10, 15, 20, 25)] == [
            [],
            [worker],
            [worker, office],
            [worker, office, ("late_client", client)],
            [worker, office, ("late_client", client)],
        ]

    def test_a_shift_that_nobody_took_is_told_to_the_office_and_the_client(self, ana, sol):
        visit = accepted()
        visit.shifts.get().release(at=NOW, by=ana.user, note="ill")
        assert [[kind for kind, _name in self.told(minutes)] for minutes in (14, 15, 59, 60)] == [
            [],
            ["late_office"],
            ["late_office"],  # somebody may take it late
            ["late_office", "late_client"],
        ]

    def test_somebody_who_waits_at_the_door_is_not_asked_where_they_are(self, ana, sol):
        visit = accepted()
        visit.shifts.get().start(at=NINE, by=ana.user)
        assert self.told(30) == []

    def test_of_a_crew_the_client_hears_only_while_nobody_is_there(self, ana, bo, sol):
        visit = accepted(crew=2)
        first = visit.shifts.order_by("pk")[0]
        first.start(at=NINE, by=first.member.user)
        assert [kind for kind, _name in self.told(30)] == ["late_worker", "late_office"]

    def test_what_lies_long_ago_wakes_nobody(self, ana, sol):
        accepted()
        assert self.told(4 * 60) == []

    def test_the_sweep_comes_by(self, ana, sol, time_machine):
        accepted()
        time_machine.move_to(NINE + 11 * MINUTE)
        sweep_late()
        assert (Notice.objects.filter(key__startswith="late_").count(), Heartbeat.objects.get().trouble) == (1, "")


def test_at_the_door_on_a_phone(ana):
    visit = accepted()
    page, browser = reverse("nobody_opens", args=[visit.pk]), signed_in(ana)
    with time_machine.travel(NINE + MINUTE, tick=False) as clock:
        assert "Nobody opens?" in words(browser.get(reverse("today")))
        assert "Please try 3 more times" in words(browser.get(page))
        for how in ("call", "text", "door"):
            browser.post(page, {"how": how, "note": "the bell is broken"})
        waiting = words(browser.get(page))
        assert "Please wait until 9:21 AM" in waiting
        assert waiting.count("the bell is broken") == 3
        assert said(browser.post(reverse("lock_out", args=[visit.pk])))[-1].startswith("Please wait until 9:21 AM")
        clock.move_to(NINE + 25 * MINUTE)
        assert "$76.00" in words(browser.get(page))
        answer = browser.post(reverse("lock_out", args=[visit.pk]), follow=True)
        assert "The client owes $80.00, and whoever came gets their part of it." in unescape(words(answer))
    assert Visit.objects.get().state == "turned_away"


def test_the_number_of_the_client_is_shown_when_it_is_needed_and_not_days_before(ana):
    visit = accepted()
    visit.booking.client.call_at("+17185550142")
    page, browser = reverse("nobody_opens", args=[visit.pk]), signed_in(ana)
    shown = []
    for moment in (NINE - 40 * HOUR, NINE - 30 * MINUTE):
        with time_machine.travel(moment, tick=False):
            shown.append("718-555-0142" in words(browser.get(page)))
    assert shown == [False, True]


def test_a_crew_says_on_a_phone_that_somebody_did_not_come(ana, bo):
    visit = accepted(crew=2)
    here, away = visit.shifts.order_by("pk")
    with time_machine.travel(NINE + 12 * MINUTE, tick=False):
        browser, page = signed_in(here.member), reverse("miss_shift", args=[away.pk])
        assert browser.get(page).status_code == 403
        here.start(at=NINE, by=here.member.user)
        assert page in words(browser.get(reverse("today")))
        assert f"Did {away.member.short_name} not come?" in words(browser.get(page))
        browser.post(page, {"note": "no answer"})
        assert page not in words(browser.get(reverse("today")))
    assert Shift.objects.get(pk=away.pk).state == "missed"
