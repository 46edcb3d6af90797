"""Running late: a worker says so with one tap, the client hears it, and nobody is looked for before then."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.urls import reverse

from bookings.models import Delay, Shift, Visit
from bookings.onsite.late_alerts import tell_of_late
from coop.errors import Refusal
from members.models import Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import said, signed_in, words

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def accepted(*, crew: int = 1, **wish) -> Shift:
    return make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=120 * crew, crew=crew), **wish)


def told(kind: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(key__startswith=f"{kind}:").order_by("pk")
    return [(row.user.first_name, row.subject) for row in rows]


def page(shift: Shift) -> str:
    return reverse("run_late", args=[shift.pk])


class TestSayingSo:
    def test_the_client_hears_it_in_their_language_with_the_time_and_nothing_else(self, ana):
        shift = accepted(access_note="the code is kiwi-4711")
        client = shift.home.client.user
        client.language = "es"
        client.save()
        Delay.say(shift, minutes=15, at=NINE - 10 * MINUTE, by=ana.user)
        notice = Notice.objects.get(key__startswith="running_late:")
        assert (notice.user, notice.subject) == (client, "Ana llegará unos 15 minutos tarde")
        assert "9:15" in notice.body
        assert not any(word in notice.body for word in ("kiwi", shift.home.street, shift.zip_id))

    def test_the_office_hears_of_a_long_delay_only(self, ana, sol):
        shift = accepted()
        Delay.say(shift, minutes=15, at=NINE - HOUR, by=ana.user)
        assert told("running_late_office") == []
        Delay.say(shift, minutes=30, at=NINE - HOUR / 2, by=ana.user)
        assert told("running_late_office") == [("Sol", "Ana R. will be about 30 minutes late")]

    def test_the_same_minutes_are_told_once_and_others_again(self, ana):
        shift = accepted()
        for number, minutes in enumerate((10, 10, 20)):
            Delay.say(shift, minutes=minutes, at=NINE - HOUR + number * MINUTE, by=ana.user)
        assert [subject for _name, subject in told("running_late")] == [
            "Ana will be about 10 minutes late",
            "Ana will be about 20 minutes late",
        ]

    def test_the_planned_time_stays_and_the_last_word_counts(self, ana):
        shift = accepted()
        Delay.say(shift, minutes=30, at=NINE - HOUR, by=ana.user)
        Delay.say(shift, minutes=10, at=NINE - MINUTE, by=ana.user)
        shift = Shift.objects.get()
        assert (shift.starts_at, shift.expected_at) == (NINE, NINE + 10 * MINUTE)

    def test_it_is_too_early_the_day_before_and_too_late_after_the_start(self, ana):
        shift = accepted()
        with pytest.raises(Refusal, match="two hours before"):
            Delay.say(shift, minutes=15, at=NINE - 2 * HOUR - MINUTE, by=ana.user)
        shift.start(at=NINE, by=ana.user)
        with pytest.raises(Refusal, match="begun"):
            Delay.say(shift, minutes=15, at=NINE + MINUTE, by=ana.user)
        assert not Delay.objects.exists()

    def test_nobody_says_that_they_come_in_the_past(self, ana):
        with pytest.raises(Refusal, match="more minutes"):
            Delay.say(accepted(), minutes=10, at=NINE + 10 * MINUTE, by=ana.user)

    def test_what_was_said_is_never_rewritten_and_never_more_than_an_hour(self, ana):
        shift = accepted()
        Delay.say(shift, minutes=45, at=NINE - HOUR, by=ana.user)
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Delay.objects.update(minutes=5)
        with pytest.raises(IntegrityError, match="a_delay_is_an_hour_at_most"), transaction.atomic():
            Delay.objects.create(shift=shift, starts_at=NINE, minutes=61, said_at=NINE, said_by=ana.user)

    def test_it_is_forgotten_with_the_person_or_the_time_that_it_was_about(self, ana, bo):
        shift = accepted()
        giver = shift.member
        Delay.say(shift, minutes=30, at=NINE - HOUR, by=giver.user)
        shift.release(at=NINE - HOUR / 2, by=giver.user, note="ill")
        assert Shift.objects.get().expected_at == NINE
        shift.take(bo if giver == ana else ana, at=NINE - HOUR / 2, by=bo.user)
        assert Shift.objects.get().expected_at == NINE


class TestNobodyIsLookedForBeforeThen:
    def alerts(self, minutes: int) -> list[str]:
        tell_of_late(at=NINE + minutes * MINUTE)
        return [row.key.partition(":")[0] for row in Notice.objects.filter(key__startswith="late_").order_by("pk")]

    def test_a_start_of_three_hours_ago_is_nobodys_news_any_more(self, ana, sol):
        accepted()
        assert self.alerts(180) == []
        assert self.alerts(179) == ["late_worker", "late_office", "late_client"]

    def test_the_alerts_count_from_when_they_said_that_they_come(self, ana, sol):
        Delay.say(accepted(), minutes=30, at=NINE, by=ana.user)
        assert [self.alerts(minutes) for minutes in (39, 40, 45, 50)] == [
            [],
            ["late_worker"],
            ["late_worker", "late_office"],
            ["late_worker", "late_office", "late_client"],
        ]

    def test_of_a_crew_the_others_wait_until_then_too(self, ana, bo):
        shift = accepted(crew=2)
        here, away = shift.visit.shifts.with_related().order_by("pk")
        here.start(at=NINE, by=here.member.user)
        Delay.say(away, minutes=30, at=NINE, by=away.member.user)
        with pytest.raises(Refusal, match="little more time"):
            away.write_off(at=NINE + 39 * MINUTE, by=here.member.user)
        away.write_off(at=NINE + 40 * MINUTE, by=here.member.user)
        assert away.state == "missed"


class TestOnThePhone:
    def test_one_tap_under_the_big_button(self, ana: Member, time_machine) -> None:
        shift, browser = accepted(), signed_in(ana)
        time_machine.move_to(NINE - 3 * HOUR, tick=False)
        assert page(shift) not in words(browser.get("/today"))
        time_machine.move_to(NINE - HOUR, tick=False)
        today = words(browser.get("/today"))
        assert today.index(f"/shifts/{shift.pk}/start") < today.index(page(shift)) < today.index("Getting in")
        answer = browser.post(page(shift), {"minutes": "20"})
        assert (answer["Location"], said(answer)) == ("/today", ["Thank you for saying so. The client is told."])
        assert "The client knows that you come at about 9:20 AM." in words(browser.get("/today"))

    def test_whatever_else_is_sent_gets_a_sentence(self, ana: Member, time_machine) -> None:
        shift, browser = accepted(), signed_in(ana)
        time_machine.move_to(NINE - HOUR, tick=False)
        answers = [words(browser.post(page(shift), sent)) for sent in ({}, {"minutes": "7"}, {"minutes": "many"})]
        assert ["Please choose how many minutes." in answer for answer in answers] == [True] * 3
        time_machine.move_to(NINE + 6 * MINUTE, tick=False)
        assert "Please choose more minutes." in words(browser.post(page(shift), {"minutes": "5"}))
        assert not Delay.objects.exists()

    def test_client_and_office_see_it_where_they_look(self, ana: Member, sol: Member, time_machine) -> None:
        shift = accepted()
        Delay.say(shift, minutes=45, at=NINE, by=ana.user)
        time_machine.move_to(NINE + 20 * MINUTE, tick=False)
        visit = reverse("visit", args=[shift.visit_id])
        for person in (shift.home.client.user, sol):
            assert "Ana R. is there at about 9:45 AM" in words(signed_in(person).get(visit))
        assert "there at about 9:45 AM." in words(signed_in(sol).get(reverse("unfilled_shifts")))
        shift.start(at=NINE + 20 * MINUTE, by=ana.user)
        assert "is there at about" not in words(signed_in(sol).get(visit))
        assert Visit.objects.get().state == "started"
