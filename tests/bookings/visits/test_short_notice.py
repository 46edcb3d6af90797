"""Sick at 11:53 for noon: what is said of a shift that nobody has is what happens, to whoever reads it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Booking, Delay, Offer, Override, Shift, Visit
from bookings.onsite.late_alerts import tell_of_late
from bookings.turns.tasks import sweep_offers
from bookings.visits.shifts.vacancies import Vacancy
from coop.errors import Refusal
from coop.models import Event
from members.models import Leave, Member, Notice
from tests import make
from tests.bookings.clock import NOW, WEDNESDAY, local
from tests.bookings.stage import said, signed_in, words
from tests.races import at_once

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOON = local(11, 12)
SICK = NOON - 7 * MINUTE
REASON = {"why": "cannot", "words": "a fever"}
YES = "She picked up the phone."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def accepted(**wish: Any) -> Shift:
    shift = make.accepted(starts_at=NOON, at=NOW, service=make.service(minutes=165), **wish)
    return Shift.objects.with_related().get(pk=shift.pk)


def sick(shift: Shift, clock: time_machine.Traveller, at: datetime = SICK) -> Shift:
    """Whoever has it gives it back over HTTP, and the sweep comes by."""
    clock.move_to(at, tick=False)
    answer = signed_in(shift.member).post(reverse("release_shift", args=[shift.pk]), REASON)
    assert answer.status_code == 302, words(answer)
    sweep_offers()
    return Shift.objects.with_related().get(pk=shift.pk)


def told(kind: str) -> list[str]:
    return sorted(row.user.name for row in Notice.objects.filter(key__startswith=f"{kind}:"))


def visit_page(shift: Shift, person: Any) -> str:
    return words(signed_in(person).get(reverse("visit", args=[shift.visit_id])))


class TestSickSevenMinutesBefore:
    def test_everybody_who_is_free_is_asked_at_once_but_not_who_is_sick(self, ana, sol, clock):
        shift = accepted()
        bo, cy = make.member("Bo Lindgren"), make.member("Cy Free")
        away = make.member("Dee Off")
        Leave.objects.create(member=away, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
        shift = sick(shift, clock)
        assert (shift.state, told("shift_call")) == ("open", ["Bo Lindgren", "Cy Free"])
        sweep_offers()
        assert len(told("shift_call")) == 2
        for one in (bo, cy):
            page = words(signed_in(one).get("/offers"))
            assert reverse("take_shift", args=[shift.pk]) in page
            assert "Wanted at short notice: whoever takes it first has it." in page
        assert "everybody who was free was asked at once" in words(signed_in(sol).get(f"/shifts/{shift.pk}/turn"))

    def test_the_client_hears_at_once_and_every_choice_works(self, ana, clock):
        shift = sick(accepted(), clock)
        client = shift.home.client.user
        assert told("visit_short") == [client.name]
        page = visit_page(shift, client)
        assert "Nobody has said yes yet; we are asking everybody who is free right now" in page
        assert "Cancel for nothing" in page
        assert "Nobody has said yes yet; we go on asking" not in page
        assert signed_in(client).get(reverse("move_own_visit", args=[shift.visit_id])).status_code == 200
        answer = signed_in(client).post(reverse("cancel_own_visit", args=[shift.visit_id]), {"cents": "0"})
        assert said(answer) == ["Your visit is cancelled. You owe nothing for it."]
        assert (Visit.objects.get().fee_cents, Shift.objects.get().state) == (0, "cancelled")

    def test_moving_costs_nothing_and_is_not_counted(self, ana, clock):
        shift = sick(accepted(), clock)
        visit, client = shift.visit, shift.home.client.user
        tomorrow = NOON + 26 * HOUR
        visit.move_for_client(tomorrow, expected_cents=visit.price_on(tomorrow.date()).cents, at=SICK, by=client)
        visit = Visit.objects.get()
        assert (visit.starts_at, visit.moves, visit.clock_at) == (tomorrow, 0, None)

    def test_somebody_takes_it_late_and_the_client_hears_who_and_may_still_say_no(self, ana, clock):
        shift = sick(accepted(), clock)
        bo, client = make.member("Bo Lindgren"), shift.home.client.user
        late = NOON + 25 * MINUTE
        clock.move_to(late, tick=False)
        assert "we are asking everybody" in visit_page(shift, client)
        answer = signed_in(bo).post(reverse("take_shift", args=[shift.pk]))
        assert said(answer) == ["It is yours. You find it under Today."]
        notice = Notice.objects.get(key__startswith="somebody_comes")
        assert (notice.user, "later than planned" in notice.body) == (client, True)
        visit = Visit.objects.get()
        fees = [visit.cancellation(late + minutes * MINUTE).cents for minutes in (14, 16)]
        assert (fees[0], fees[1] > 0) == (0, True)
        tell_of_late(at=late + 9 * MINUTE)
        assert (told("late_worker"), told("late_client")) == ([], [])
        assert reverse("start_shift", args=[shift.pk]) in words(signed_in(bo).get("/today"))
        Shift.objects.get().start(at=late + 15 * MINUTE, by=bo.user)

    def test_after_an_hour_nobody_takes_it_any_more_and_all_pages_say_so(self, ana, sol, clock):
        shift = sick(accepted(), clock)
        bo, client = make.member("Bo Lindgren"), shift.home.client.user
        over = NOON + HOUR
        clock.move_to(over - MINUTE, tick=False)
        assert reverse("take_shift", args=[shift.pk]) in words(signed_in(bo).get("/offers"))
        clock.move_to(over, tick=False)
        assert reverse("take_shift", args=[shift.pk]) not in words(signed_in(bo).get("/offers"))
        answer = signed_in(bo).post(reverse("take_shift", args=[shift.pk]), follow=True)
        assert "it is not open any more, or it does not fit your day." in words(answer)
        office = words(signed_in(sol).get("/office/shifts"))
        assert "It is too late for anybody to take it." in office
        assert "open board" not in office
        assert "Nobody could come. You owe nothing" in visit_page(shift, client)
        tell_of_late(at=over)
        notice = Notice.objects.get(key__startswith="late_client")
        assert notice.subject == "Nobody could come to your visit of 12:00 PM"
        assert Visit.objects.get().cancellation(over + 10 * HOUR).cents == 0

    def test_what_was_open_for_days_is_put_to_all_when_it_comes_near(self, ana, clock):
        booking = make.confirmed(starts_at=NOON, at=NOW, service=make.service(minutes=120))
        Offer.objects.get().pass_on(at=NOW, by=ana.user, why="time")
        shift = Shift.objects.get(visit__booking=booking)
        assert shift.vacancy(NOW) == Vacancy.BOARD
        clock.move_to(NOON - 2 * HOUR, tick=False)
        sweep_offers()
        assert (told("shift_call"), len(told("visit_short"))) == (["Ana Reyes"], 1)
        assert Offer.objects.waiting().count() == 0


class TestSaidYesOnThePhone:
    def note(self, sol: Member, shift: Shift, to: Member, reason: str = YES):
        address = reverse("note_yes", args=[shift.pk])
        return signed_in(sol).post(address, {"member": to.pk, "reason": reason})

    def test_it_is_theirs_at_once_also_outside_their_hours_and_late(self, ana, sol, clock):
        shift = sick(accepted(), clock)
        off = make.member("Dee Off", hours=(18, 20))
        clock.move_to(NOON + 10 * MINUTE, tick=False)
        office = words(signed_in(sol).get("/office/shifts"))
        assert reverse("note_yes", args=[shift.pk]) in office
        assert reverse("give_shift", args=[shift.pk]) not in office
        assert said(self.note(sol, shift, off)) == ["It is with Dee O. now, who is told. All members can read why."]
        shift = Shift.objects.with_related().get()
        assert (shift.state, shift.member, Override.objects.get().reason) == ("accepted", off, YES)
        assert told("yes_noted") == ["Dee Off"]
        assert told("somebody_comes") == [shift.home.client.user.name]
        assert Event.objects.get(verb="say_yes_for").actor == sol.user
        assert YES in words(signed_in(ana).get(reverse("overrides")))

    def test_what_nobody_may_waive_reads_the_same_whatever_it_is(self, ana, sol, clock):
        shift = sick(accepted(), clock)
        kept_away, busy = make.member("Kit Away"), make.member("Bea Busy")
        unskilled = make.member("Una", skills=["care"])
        _keep_away(shift, kept_away)
        _keep_busy(busy)
        pages = []
        for one in (kept_away, busy, unskilled):
            page = words(self.note(sol, shift, one))
            assert f"{one.short_name} cannot have this shift: something else stands against it." in page
            pages.append(page.replace(one.short_name, "").replace(" selected", ""))
        assert Shift.objects.get(pk=shift.pk).state == "open"

    def test_nobody_writes_down_their_own_yes(self, ana, clock):
        shift = sick(accepted(), clock)
        own = make.member("Cora Both", roles=["coordinator"])
        with pytest.raises(Refusal, match="open board"):
            Override.note_yes(shift, to=own, reason=YES, at=SICK, by=own.user)
        assert f'value="{own.pk}"' not in words(signed_in(own).get(reverse("note_yes", args=[shift.pk])))

    def test_giving_in_turn_is_over_and_the_page_says_what_to_do_instead(self, ana, bo, sol, clock):
        shift = sick(accepted(), clock)
        page = words(signed_in(sol).get(reverse("give_shift", args=[shift.pk])))
        assert "<textarea" not in page
        assert reverse("note_yes", args=[shift.pk]) in page


class TestTheClientOfALateWorker:
    def test_cancelling_costs_nothing_once_we_are_late_and_nobody_said_so(self, ana, clock):
        shift = accepted()
        visit = shift.visit
        assert visit.cancellation(NOON + 19 * MINUTE).cents > 0
        assert visit.cancellation(NOON + 20 * MINUTE).cents == 0
        Delay.say(shift, minutes=15, at=NOON, by=shift.member.user)
        assert Visit.objects.get().cancellation(NOON + 34 * MINUTE).cents > 0
        assert Visit.objects.get().cancellation(NOON + 35 * MINUTE).cents == 0


class TestOneReading:
    def test_pages_and_lists_read_the_same_of_every_kind_at_every_moment(self, ana, clock):
        for number in range(2):
            make.member(f"Extra {number}")
        made = make.series(starts_at=NOON, at=NOW, take=False)
        make.confirmed(starts_at=NOON, at=NOW, service=make.service(minutes=60))
        board = make.confirmed(starts_at=NOON + 24 * HOUR, at=NOW, service=make.service(minutes=120))
        while offer := Offer.objects.waiting().filter(shift__visit__booking=board).first():
            offer.pass_on(at=NOW, by=offer.member.user, why="time")
        seen = set()
        near, late = NOON - 2 * HOUR, NOON + HOUR
        hours = (0, 47, 48, 49, 70, 73, 75)
        for at in (*(NOW + hour * HOUR for hour in hours), near - MINUTE, near, NOON, late - MINUTE, late):
            rows = Shift.objects.vacant(at).with_related()
            read = {shift.pk: (shift.vacancy(at), vars(shift)["vacancy_now"]) for shift in rows}
            assert all(python == sql for python, sql in read.values())
            seen |= {python for python, _sql in read.values()}
        assert made.pk
        assert seen == set(Vacancy)

    def test_the_office_says_of_a_new_series_that_it_waits_for_its_regular_person(self, ana, sol, clock):
        make.series(starts_at=NOON, at=NOW, take=False)
        page = words(signed_in(sol).get("/office/shifts"))
        assert "It waits for whoever takes the first visit of these" in page
        assert "On the open board." not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
class TestRaces:
    def test_two_who_take_it_late_at_once_are_one(self, ana, bo, clock):
        shift = make.accepted(starts_at=NOON, at=NOW, service=make.service(minutes=165))
        shift.release(at=SICK, by=shift.member.user, note="other", for_good=False)
        late = NOON + 5 * MINUTE
        results = at_once(*(lambda one=one: Shift.objects.get().take(one, at=late, by=one.user) for one in (ana, bo)))
        assert sorted(type(result).__name__ for result in results)[0] == "NoneType"
        assert sum(isinstance(result, Refusal) for result in results) == 1
        assert Notice.objects.filter(key__startswith="somebody_comes").count() == 1

    def test_taking_it_while_the_client_cancels_leaves_nobody_on_the_way_in_vain(self, ana, bo, clock):
        shift = make.accepted(starts_at=NOON, at=NOW, service=make.service(minutes=165))
        shift.release(at=SICK, by=shift.member.user, note="other", for_good=False)
        visit = Visit.objects.get()
        client = visit.booking.client.user
        at_once(
            lambda: Shift.objects.get().take(bo, at=NOON, by=bo.user),
            lambda: visit.cancel_for_client(expected_cents=0, at=NOON, by=client),
        )
        shift = Shift.objects.get()
        assert (Visit.objects.get().state, shift.state) == ("cancelled", "cancelled")
        assert Booking.objects.get().state == "cancelled"
        assert (shift.member == bo) == Notice.objects.filter(key__startswith="shift_cancelled").exists()


def _keep_away(shift: Shift, member: Member) -> None:
    from bookings.models import DoNotSend

    client = shift.home.client
    DoNotSend.place(member=member, client=client, placer="client", reason="other", at=NOW, by=client.user)


def _keep_busy(member: Member) -> None:
    """They are at another home at that time."""
    hidden = list(Member.objects.exclude(pk=member.pk).values_list("pk", flat=True))
    Leave.objects.bulk_create(Leave(member_id=pk, starts_on=WEDNESDAY, ends_on=WEDNESDAY) for pk in hidden)
    make.accepted(starts_at=NOON, at=NOW, service=make.service(minutes=165))
    Leave.objects.filter(member__in=hidden).delete()
