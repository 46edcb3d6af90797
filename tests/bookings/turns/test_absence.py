"""Who calls in sick: one shift or several days go on to others, somebody may be back sooner, and nobody reads why."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from bookings.models import GivenBack, HandOver, Shift
from bookings.visits.tasks import sweep_notes
from coop.models import Event
from members.models import Leave, Member, Notice
from members.personal_data import told as file_of
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY
from tests.bookings.stage import said, signed_in, words

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
FEVER = "canary: a fever"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def accepted(days: int = 0, **wish) -> Shift:
    made = make.accepted(starts_at=NINE + days * A_DAY, at=NOW, service=make.service(minutes=120), **wish)
    return Shift.objects.with_related().get(pk=made.pk)


def state(shift: Shift) -> tuple[str, Member | None]:
    found = Shift.objects.get(pk=shift.pk)
    return found.state, found.member


class TestGivingBack:
    def give_back(self, shift: Shift, **sent: str):
        return signed_in(shift.member).post(reverse("release_shift", args=[shift.pk]), sent)

    def test_what_one_writes_of_ones_health_is_for_the_office_only(self, ana, bo, sol):
        shift = accepted()
        giver, mate = shift.member, bo if shift.member == ana else ana
        self.give_back(shift, why="cannot", words=FEVER)
        assert Event.objects.about(shift).get(verb="release").note == "cannot"
        assert FEVER in words(signed_in(sol).get("/office/shifts"))
        pages = [reverse("turn", args=[shift.pk]), "/offers", "/today", reverse("overrides")]
        readers = [(mate, page) for page in pages] + [(shift.home.client.user, reverse("visit", args=[shift.visit_id]))]
        assert not any("canary" in words(signed_in(who).get(page)) for who, page in readers)
        assert not any("canary" in f"{one.subject} {one.body}" for one in Notice.objects.all())
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(row::text, '') FROM bookings_givenback AS row")
            assert "canary" not in cursor.fetchone()[0]
        assert FEVER in str(file_of(giver.user, at=NOW))
        assert FEVER not in str(file_of(mate.user, at=NOW))

    def test_one_of_four_words_is_enough_and_needed(self, ana, bo):
        shift = accepted()
        assert "Please choose one of the four." in words(self.give_back(shift, words=FEVER))
        assert said(self.give_back(shift, why="way"))[-1].startswith("Thank you for saying so.")
        assert GivenBack.objects.get().why == "way"

    def test_it_is_forgotten_a_week_after_the_visit(self, ana, bo, clock):
        shift = accepted()
        self.give_back(shift, why="cannot", words=FEVER)
        clock.move_to(shift.ends_at + 7 * A_DAY, tick=False)
        sweep_notes()
        assert GivenBack.objects.exists()
        clock.move_to(shift.ends_at + 7 * A_DAY + timedelta(minutes=1), tick=False)
        sweep_notes()
        assert not GivenBack.objects.exists()


class TestOneShift:
    def test_it_goes_on_at_once_and_all_are_told(self, ana, bo, sol):
        shift, other = accepted(), accepted(days=1)
        sick = shift.member
        answer = signed_in(sol).post(reverse("relieve_shift", args=[shift.pk]))
        assert answer["Location"] == "/office/shifts"
        assert state(shift) == ("offered", bo if sick == ana else ana)
        assert state(other) == ("accepted", other.member)
        kinds = {one.key.partition(":")[0]: one.user for one in Notice.objects.all()}
        assert (kinds["shift_relieved"], kinds["person_changes"]) == (sick.user, shift.home.client.user)
        assert not Leave.objects.exists()

    def test_a_slip_is_mended_by_taking_it_again(self, ana, sol):
        shift = accepted()
        shift.relieve(at=NOW, by=sol.user)
        signed_in(ana).post(reverse("take_shift", args=[shift.pk]))
        assert state(shift) == ("accepted", ana)

    def test_nobody_takes_their_own_from_themselves_and_only_the_office_does(self, ana, bo):
        shift = accepted()
        make.role(shift.member, "coordinator")
        assert signed_in(shift.member).post(reverse("relieve_shift", args=[shift.pk])).status_code == 403
        mate = bo if shift.member == ana else ana
        assert signed_in(mate).post(reverse("relieve_shift", args=[shift.pk])).status_code == 403


class TestSeveralDays:
    def absence(self, sol: Member, member: Member, **sent: str):
        first = {"member": member.pk, "day": WEDNESDAY.isoformat()}
        return signed_in(sol).post(reverse("hand_over_day"), first | sent)

    def test_every_shift_of_them_goes_on_and_not_the_day_after(self, ana, sol):
        shifts = [accepted(days=day) for day in range(4)]
        bo = make.member("Bo Lindgren")
        self.absence(sol, ana, last=(WEDNESDAY + 2 * A_DAY).isoformat())
        assert [state(one) for one in shifts] == [("offered", bo)] * 3 + [("accepted", ana)]
        leave = Leave.objects.get()
        assert (leave.starts_on, leave.ends_on) == (WEDNESDAY, WEDNESDAY + 2 * A_DAY)

    def test_back_sooner_means_the_rest_is_theirs_as_far_as_nobody_has_it(self, ana, sol):
        shifts = [accepted(days=day) for day in range(3)]
        self.absence(sol, ana, last=(WEDNESDAY + 2 * A_DAY).isoformat())
        found = HandOver.objects.get()
        bo = make.member("Bo Lindgren")
        shifts[1].take(bo, at=NOW, by=bo.user)
        back = reverse("come_back", args=[found.pk])
        answer = signed_in(sol).post(back, {"on": (WEDNESDAY + A_DAY).isoformat()})
        assert said(answer) == ["Written down. What nobody had taken yet is theirs again."]
        assert [state(one) for one in shifts] == [("open", None), ("accepted", bo), ("accepted", ana)]
        assert Leave.objects.get().ends_on == WEDNESDAY
        page = words(signed_in(sol).get(reverse("hand_over", args=[found.pk])))
        assert "Ana R. is off on Wednesday, March 11" in page

    def test_a_slip_is_undone_whole(self, ana, sol):
        shift = accepted()
        self.absence(sol, ana)
        signed_in(sol).post(reverse("come_back", args=[HandOver.objects.get().pk]), {"on": WEDNESDAY.isoformat()})
        assert (state(shift), Leave.objects.count(), HandOver.objects.get().is_over) == (("accepted", ana), 0, True)
        self.absence(sol, ana)
        assert (state(shift), Leave.objects.count()) == (("open", None), 1)

    @pytest.mark.parametrize("on", ["", "2026-03-10", "2026-03-12", "never"])
    def test_any_other_day_gets_a_sentence(self, ana, sol, on):
        self.absence(sol, ana)
        answer = signed_in(sol).post(reverse("come_back", args=[HandOver.objects.get().pk]), {"on": on})
        assert said(answer) == ["Choose one of the days that are off."]
        assert Leave.objects.count() == 1

    def test_the_last_day_is_not_before_the_first_and_not_far_away(self, ana, sol):
        answers = [words(self.absence(sol, ana, last=last)) for last in ("2026-03-10", "2026-09-01")]
        assert "The last day is before the first one." in answers[0]
        assert "That is more than three months ahead." in answers[1]
        assert not HandOver.objects.exists()
        assert date(2026, 3, 11) == WEDNESDAY
