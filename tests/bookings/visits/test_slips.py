"""A slip of the thumb costs nobody anything: a start and a finish can be undone, and money moves only after that."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.care.tasks import sweep_care
from bookings.models import Booking, CareRecord, Shift, Tap, Visit
from bookings.onsite.tasks import sweep_late
from bookings.visits.tasks import sweep_visits
from coop.errors import Refusal
from coop.models import Amendment, Event
from members.models import Member, Notice
from payouts.models import Entry
from tests import make
from tests.bookings import stage
from tests.bookings.clock import NINE
from tests.bookings.clock import NOW as THEN
from tests.bookings.stage import NOW, said, signed_in, words
from tests.races import at_once

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def started(ana: Member, sol: Member, clock) -> Shift:
    """Ana's two and three quarter hours, begun a second ago."""
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    Tap.here(shift, "start", at=shift.starts_at, by=ana.user)
    clock.shift(SECOND)
    return Shift.objects.with_related().get(pk=shift.pk)


def states() -> tuple[str, str, str]:
    return Booking.objects.get().state, Visit.objects.get().state, Shift.objects.get().state


def money() -> tuple[int, int]:
    return Entry.objects.filter(kind="visit").count(), Event.objects.filter(kind="payouts.charge", verb="earn").count()


def finish(shift: Shift, **sent: str) -> str:
    """Press the button of the page; where that leads, else the page that answers."""
    answer = signed_in(shift.member).post(f"/shifts/{shift.pk}/completion", sent)
    return answer.get("Location") or words(answer)


class TestTwoTapsASecondApart:
    def test_it_is_asked_in_words_and_nothing_has_happened(self, started: Shift) -> None:
        page = finish(started)
        assert "Is the visit finished already?" in page
        assert "it was planned for 2.75 hours" in page
        assert (states(), Tap.objects.count()) == (("confirmed", "started", "started"), 1)

    def test_the_answer_sends_the_same_tap(self, started: Shift, clock) -> None:
        tapped = re.search(r'name="tapped" value="([^"]+)"', finish(started))
        assert tapped
        before = timezone.now()
        clock.shift(2 * MINUTE)
        assert finish(started, sure="on", tapped=tapped[1]).endswith("/completion")
        assert Shift.objects.get().done_at == before
        assert Tap.objects.get(kind="finish").flags == ["early"]

    @pytest.mark.parametrize("tapped", ["", "x", "WzEsICIyMDI2Il0:x:y"])
    def test_an_answer_that_was_tampered_with_is_of_now(self, tapped: str, started: Shift) -> None:
        finish(started, sure="on", tapped=tapped)
        assert Shift.objects.get().done_at == timezone.now()

    def test_half_of_the_planned_time_is_not_asked_about(self, started: Shift, clock) -> None:
        clock.move_to(started.starts_at + timedelta(minutes=82))
        assert "Is the visit finished already?" in finish(started)
        clock.move_to(started.starts_at + timedelta(minutes=83))
        assert finish(started).endswith("/completion")
        assert Tap.objects.get(kind="finish").flags == []

    @pytest.mark.parametrize(("minutes", "flags"), [(247, []), (248, ["long"])])
    def test_far_too_long_is_for_the_office_to_look_at(self, minutes, flags, started: Shift, sol, clock) -> None:
        clock.move_to(started.starts_at + minutes * MINUTE)
        finish(started)
        assert Tap.objects.get(kind="finish").flags == flags
        assert ("Far longer than planned" in words(signed_in(sol).get("/office/taps"))) == bool(flags)

    def test_what_was_undone_is_not_for_the_office(self, started: Shift, sol: Member) -> None:
        finish(started, sure="on")
        assert "Far shorter than planned" in words(signed_in(sol).get("/office/taps"))
        signed_in(started.member).post(f"/shifts/{started.pk}/undoing")
        assert "Nothing to look at." in words(signed_in(sol).get("/office/taps"))


class TestMoneyWaitsForTheUndo:
    def test_until_then_the_shift_is_done_and_the_visit_is_not(self, started: Shift, clock) -> None:
        clock.move_to(started.ends_at)
        finish(started)
        clock.shift(5 * MINUTE - SECOND)
        sweep_visits()
        assert (states(), money()) == (("confirmed", "started", "done"), (0, 0))
        clock.shift(SECOND)
        sweep_visits()
        assert (states(), money()) == (("ended", "completed", "done"), (1, 1))
        assert Visit.objects.get().completed_at == started.ends_at

    def test_twice_is_once(self, started: Shift, clock) -> None:
        clock.move_to(started.ends_at)
        finish(started)
        stage.settle(clock)
        sweep_visits()
        assert (money(), Event.objects.filter(kind="bookings.visit", verb="complete").count()) == ((1, 1), 1)

    @pytest.mark.django_db(transaction=True)
    def test_two_sweeps_at_once_complete_it_once(self, ana: Member, clock) -> None:
        visit = done_then(clock)
        rows = [Visit.objects.with_related().get(pk=visit.pk) for _number in range(4)]
        at_once(*(lambda row=row: row.settle(at=timezone.now(), by=None) for row in rows))
        assert (Visit.objects.get().state, money()) == ("completed", (1, 1))

    @pytest.mark.django_db(transaction=True)
    def test_a_sweep_that_is_killed_leaves_nothing_half_done(self, ana: Member, clock, monkeypatch) -> None:
        visit = done_then(clock)
        with monkeypatch.context() as broken:
            broken.setattr(Visit, "record_event", killed)
            with pytest.raises(KeyboardInterrupt):
                visit.settle(at=timezone.now(), by=None)
        assert (Visit.objects.get().state, money()) == ("started", (0, 0))
        sweep_visits()
        assert (Visit.objects.get().state, money()) == ("completed", (1, 1))

    @pytest.mark.django_db(transaction=True)
    def test_undone_or_completed_and_never_both(self, ana: Member, clock) -> None:
        visit = done_then(clock)
        shift, at = Shift.objects.with_related().get(), timezone.now() - SECOND
        at_once(
            lambda: shift.undo(at=at, by=ana.user),
            lambda: Visit.objects.with_related().get(pk=visit.pk).settle(at=timezone.now(), by=None),
        )
        found = (Visit.objects.get().state, Shift.objects.get().state, money()[0])
        assert found in [("completed", "done", 1), ("started", "started", 0)]

    def test_one_of_a_crew_who_can_still_undo_keeps_the_visit_open(self, ana: Member, bo: Member, clock) -> None:
        first, second = crew(clock)
        first.finish(at=NINE + HOUR, by=first.member.user)
        second.finish(at=NINE + HOUR + 4 * MINUTE, by=second.member.user)
        clock.move_to(NINE + HOUR + 8 * MINUTE)
        sweep_visits()
        assert Visit.objects.get().state == "started"
        clock.shift(MINUTE)
        sweep_visits()
        assert Visit.objects.get().completed_at == NINE + HOUR + 4 * MINUTE


class TestUndo:
    def test_a_finish_is_undone_and_the_work_goes_on(self, started: Shift, clock) -> None:
        browser = signed_in(started.member)
        finish(started, sure="on")
        assert f"/shifts/{started.pk}/undoing" in words(browser.get(f"/shifts/{started.pk}/completion"))
        assert said(browser.post(f"/shifts/{started.pk}/undoing")) == ["Undone."]
        assert states() == ("confirmed", "started", "started")
        clock.move_to(started.ends_at)
        finish(started)
        stage.settle(clock)
        assert (money(), Shift.objects.get().done_at) == ((1, 1), started.ends_at)

    def test_a_start_is_undone_and_nothing_has_begun(self, started: Shift, clock) -> None:
        browser = signed_in(started.member)
        assert f"/shifts/{started.pk}/undoing" in words(browser.get("/today"))
        browser.post(f"/shifts/{started.pk}/undoing")
        assert (states(), Visit.objects.get().started_at) == (("confirmed", "scheduled", "accepted"), None)
        clock.shift(20 * MINUTE)
        sweep_late()
        assert Notice.objects.filter(key__startswith="late_").count() == 3  # worker, office and client hear of it again

    def test_five_minutes_and_not_a_second_more(self, started: Shift, clock) -> None:
        browser = signed_in(started.member)
        clock.move_to(started.starts_at + 5 * MINUTE)
        assert f"/shifts/{started.pk}/undoing" not in words(browser.get("/today"))
        answer = browser.post(f"/shifts/{started.pk}/undoing")
        assert (said(answer), states()[2]) == (["That cannot be undone any more."], "started")

    def test_the_number_of_minutes_is_the_members_to_vote_on(self, ana: Member, clock) -> None:
        Amendment.objects.create(
            policy="bookings.undo_minutes", numerator=10, effective_on=NOW.date(), enacted_at=NOW, source="test:1"
        )
        shift = stage.accepted()
        shift.start(at=shift.starts_at, by=ana.user)
        shift.undo(at=shift.starts_at + 9 * MINUTE, by=ana.user)
        assert shift.state == "accepted"

    def test_a_finish_is_not_undone_into_other_work(self, started: Shift, ana: Member) -> None:
        finish(started, sure="on")
        other = stage.accepted(starts_in=timedelta(days=1))
        Shift.objects.filter(pk=other.pk).update(span=started.span)
        with pytest.raises(Refusal, match="cannot be undone"):
            Shift.objects.get(pk=started.pk).undo(at=timezone.now(), by=ana.user)

    def test_of_a_crew_the_visit_began_with_whoever_is_still_there(self, ana: Member, bo: Member, clock) -> None:
        first, second = crew(clock)
        first.undo(at=NINE + 3 * MINUTE, by=first.member.user)
        visit = Visit.objects.get()
        assert (visit.state, visit.started_at) == ("started", NINE + MINUTE)
        second.undo(at=NINE + 3 * MINUTE, by=second.member.user)
        assert Visit.objects.get().state == "scheduled"

    def test_after_somebody_was_written_off_a_start_stays(self, ana: Member, bo: Member, clock) -> None:
        make.accepted(starts_at=NINE, at=THEN, quote=make.quote(at=THEN, service=make.service(minutes=240, crew=2)))
        here, away = Shift.objects.order_by("pk")
        here.start(at=NINE + 9 * MINUTE, by=here.member.user)
        away.write_off(at=NINE + 10 * MINUTE, by=here.member.user, note="no answer")
        with pytest.raises(Refusal, match="cannot be undone"):
            here.undo(at=NINE + 11 * MINUTE, by=here.member.user)

    def test_a_record_of_care_tells_of_the_taps_that_count(self, clock) -> None:
        aide = make.member("Ana Reyes", skills=["cleaning", "care"])
        make.credential(aide)
        shift = make.accepted(starts_at=NINE, at=THEN, service=make.service(credential="hha"))
        for minutes in (0, 2):
            Tap.here(shift, "start", at=NINE + minutes * MINUTE, by=aide.user)
            if not minutes:
                shift.undo(at=NINE + MINUTE, by=aide.user)
        Tap.here(shift, "finish", at=shift.ends_at, by=aide.user)
        clock.move_to(shift.ends_at + 5 * MINUTE)
        sweep_care()
        record = CareRecord.objects.get()
        assert (record.starts_at, record.start_how, record.ends_at) == (NINE + 2 * MINUTE, "tap", shift.ends_at)


def killed(*_facts: object, **_more: object) -> None:
    raise KeyboardInterrupt


def crew(clock) -> list[Shift]:
    """Two who began at nine and a minute later."""
    make.accepted(starts_at=NINE, at=THEN, quote=make.quote(at=THEN, service=make.service(minutes=240, crew=2)))
    both = list(Shift.objects.order_by("pk"))
    for number, one in enumerate(both):
        one.start(at=NINE + number * MINUTE, by=one.member.user)
    return both


def done_then(clock) -> Visit:
    """Done, and beyond undoing since this very moment."""
    quote = make.quote(at=THEN, service=make.service(minutes=120))
    shift = make.accepted(starts_at=NINE, at=THEN, quote=quote)
    shift.start(at=NINE, by=shift.member.user)
    shift.finish(at=NINE + HOUR, by=shift.member.user)
    clock.move_to(NINE + HOUR + 5 * MINUTE)
    return Visit.objects.with_related().get()
