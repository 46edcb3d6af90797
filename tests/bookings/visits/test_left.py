"""Leaving a visit to be safe: the shift ends, it is paid, nobody is charged by itself, and the office decides."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings.models import Incident, Shift, Visit
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Notice
from payouts.ledger.work_week import Worked
from payouts.models import Account, Charge, Entry, Supplement
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY
from tests.bookings.stage import said, signed_in, words
from tests.races import at_once

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def accepted(*, minutes: int = 180, crew: int = 1) -> Shift:
    return make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=minutes * crew, crew=crew))


def leave(shift: Shift, *, at=NINE) -> Incident:
    return Incident.report(shift, kind="unsafe", words="He blocked the door.", left=True, at=at, by=shift.member.user)


def paid(member: Member) -> int:
    return Account.objects.filter(code=f"pay:{member.pk}").with_balance().get().balance


class TestTheShift:
    def test_it_ends_from_the_door_and_from_under_way_in_a_state_of_its_own(self, ana):
        shift = accepted()
        leave(shift)
        assert (Shift.objects.get().state, Visit.objects.get().state) == ("left", "broken_off")
        assert Event.objects.about(shift).last().verb == "leave"

    def test_who_has_left_is_free_again_and_nothing_of_it_counts_as_received(self, ana):
        leave(accepted())
        again = make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=60))
        assert again.member == ana
        assert [one.received for one in again.in_turn(at=NOW)] == [0]

    def test_a_report_without_leaving_changes_nothing(self, ana):
        shift = accepted()
        Incident.report(shift, kind="unsafe", words="A dog.", left=False, at=NINE, by=ana.user)
        assert (Shift.objects.get().state, Visit.objects.get().state) == ("accepted", "scheduled")

    def test_leaving_twice_is_one_and_finishing_at_the_same_moment_is_one_of_both(self, ana):
        shift = accepted()
        leave(shift)
        leave(Shift.objects.get(pk=shift.pk), at=NINE + MINUTE)
        assert (Incident.objects.count(), Entry.objects.filter(kind="left").count()) == (2, 1)


class TestPay:
    def test_the_planned_time_up_to_two_hours_from_running_the_co_op(self, ana):
        shift = accepted(minutes=180)
        whole = 180 * 4000 // 60 * 95 // 100
        leave(shift, at=NINE + 10 * MINUTE)
        supplement = Supplement.objects.get()
        assert (supplement.minutes, supplement.kind, paid(ana)) == (120, "left", whole * 2 // 3)
        assert Account.objects.filter(code="operations").with_balance().get().balance == -paid(ana)
        assert not Entry.objects.filter(kind="visit").exists()

    def test_never_less_than_what_was_worked(self, ana):
        shift = accepted(minutes=180)
        shift.start(at=NINE, by=ana.user)
        leave(shift, at=NINE + 150 * MINUTE)
        assert Supplement.objects.get().minutes == 150

    def test_a_short_visit_is_paid_in_whole_and_counts_as_working_time(self, ana):
        leave(accepted(minutes=120), at=NINE + 5 * MINUTE)
        assert Supplement.objects.get().minutes == 120
        assert Worked.of(ana.pk, WEDNESDAY - timedelta(days=2)).minutes == 120

    def test_it_stands_on_earnings(self, ana):
        leave(accepted())
        assert "A visit that was broken off" in words(signed_in(ana).get(reverse("earnings")))


class TestTheCrew:
    def test_the_others_are_warned_and_go_on(self, ana, bo):
        first = accepted(crew=2)
        second = first.visit.shifts.exclude(pk=first.pk).get()
        leave(first)
        assert Visit.objects.get().state == "scheduled"
        assert Notice.objects.get(key__startswith="mate_left").user == second.member.user
        second.start(at=NINE, by=second.member.user)
        second.complete(at=NINE + HOUR, by=second.member.user)
        assert Visit.objects.get().state == "completed"
        assert sum(entry.kind == "left" for entry in Entry.objects.all()) == 1

    def test_nobody_is_sent_there_alone_by_the_turn(self, ana, bo):
        first = accepted(crew=2)
        second = first.visit.shifts.exclude(pk=first.pk).get()
        second.release(at=NOW, by=second.member.user, note="other", for_good=False)
        leave(first)
        assert (Visit.objects.get().state, Shift.objects.get(pk=second.pk).state) == ("broken_off", "cancelled")

    def test_what_a_mate_has_done_is_counted_as_done_by_the_office(self, ana, bo, sol):
        first = accepted(crew=2)
        second = first.visit.shifts.exclude(pk=first.pk).get()
        for one in (first, second):
            one.start(at=NINE, by=one.member.user)
        second.complete(at=NINE + HOUR, by=second.member.user)
        leave(Shift.objects.get(pk=first.pk), at=NINE + HOUR)
        visit = Visit.objects.get()
        with pytest.raises(Refusal, match="done their part"):
            visit.wind_up(cents=0, at=NINE + HOUR, by=sol.user)
        visit.count_as_done(at=NINE + HOUR, by=sol.user)
        assert Visit.objects.get().state == "completed"


class TestTheOffice:
    def settle(self, sol: Member, visit: Visit, **sent: str):
        return signed_in(sol).post(reverse("wind_up_visit", args=[visit.pk]), {"note": "We talked.", **sent})

    def test_it_stands_on_its_list_until_somebody_says_how_it_goes_on(self, ana, sol, time_machine):
        visit = leave(accepted()).shift.visit
        time_machine.move_to(NINE, tick=False)
        address = reverse("wind_up_visit", args=[visit.pk])
        assert address in words(signed_in(sol).get("/office/shifts"))
        assert said(self.settle(sol, visit, how="nothing")) == ["Settled. The client is told."]
        assert address not in words(signed_in(sol).get("/office/shifts"))
        visit = Visit.objects.get()
        assert (visit.state, visit.fee_cents, visit.booking.state) == ("cancelled", 0, "ended")
        assert Charge.objects.get().state == "released"

    def test_a_part_is_charged_and_never_more_than_the_price(self, ana, sol, time_machine):
        visit = leave(accepted()).shift.visit
        time_machine.move_to(NINE, tick=False)
        assert "The whole visit costs" in words(self.settle(sol, visit, how="part", amount="999"))
        assert "Please say how much." in words(self.settle(sol, visit, how="part"))
        self.settle(sol, visit, how="part", amount="20")
        assert (Visit.objects.get().fee_cents, Charge.objects.get().cents) == (2000, 2000)
        notice = Notice.objects.get(key__startswith="visit_settled")
        assert "$20.00" in notice.body
        assert "safe" not in notice.body

    def test_nothing_is_charged_while_nobody_has_said_so(self, ana):
        leave(accepted())
        assert (Charge.objects.get().state, Entry.objects.exclude(kind="left").count()) == ("due", 0)

    def test_another_time_is_for_somebody_else(self, ana, bo, sol):
        shift = accepted()
        left = shift.member
        leave(shift)
        visit = Visit.objects.get()
        visit.move(NINE + 24 * HOUR, at=NINE, by=sol.user, note="They want to go on.")
        visit = Visit.objects.get()
        anew = visit.shifts.get(state="offered")
        assert (visit.state, visit.starts_at, anew.starts_at) == ("scheduled", NINE + 24 * HOUR, NINE + 24 * HOUR)
        assert anew.member != left
        assert visit.shifts.get(state="left").starts_at == NINE

    def test_the_client_reads_that_it_ended_and_not_why(self, ana):
        visit = leave(accepted()).shift.visit
        page = words(signed_in(visit.booking.client.user).get(reverse("visit", args=[visit.pk])))
        assert "This visit ended before it was done." in page
        assert "safe" not in page.lower().replace("safety", "").replace("safely", "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_leaving_and_finishing_at_once_is_one_of_both(ana: Member) -> None:
    shift = accepted()
    shift.start(at=NINE, by=ana.user)
    at_once(
        lambda: leave(Shift.objects.get(), at=NINE + HOUR),
        lambda: Shift.objects.get().complete(at=NINE + HOUR, by=ana.user),
    )
    state, visit = Shift.objects.get().state, Visit.objects.get().state
    assert (state, visit) in {("left", "broken_off"), ("done", "completed")}
    assert Entry.objects.filter(kind__in=["left", "visit"]).count() == 1
    assert Incident.objects.count() == 1
