"""A member reads what the office wrote down about them; reports from their visits are for safety alone."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from members.models import Role
from members.register.changes import changes_of
from payouts.pay_kinds.pay_kinds import PayKind
from tests.house import NOW, House

pytestmark = pytest.mark.django_db


def test_one_reads_ones_own_file_and_gets_there_from_me(home: House) -> None:
    with time_machine.travel(NOW, tick=False):
        tess = home.people["tess"].membership
        tess.record_event("give_skills", at=NOW, by=home.people["ben"], note="Canary: she learned ladders")
        Role.objects.filter(member=tess).update(decision="Canary: by the meeting")
        browser = home.browser("tess")
        assert reverse("my_file") in browser.get(reverse("me")).content.decode()
        page = browser.get(reverse("my_file")).content.decode()
        assert all(words in page for words in ("Canary: she learned ladders", "Canary: by the meeting", "Treasurer"))


def test_how_many_reports_came_from_somebodys_visits_is_read_by_safety_alone(home: House) -> None:
    with time_machine.travel(NOW, tick=False):
        ana = reverse("member", args=[home.people["ana"].membership.pk])
        pages = {who: home.browser(who).get(ana).content.decode() for who in ("eli", "sol", "ben")}
        assert {who: "2 reports in a year, not closed: 1" in page for who, page in pages.items()} == {
            "eli": True,
            "sol": False,
            "ben": False,
        }


def test_what_was_written_down_is_read_in_ones_own_language(home: House) -> None:
    ana, ben = home.people["ana"].membership, home.people["ben"]
    day = NOW.date() + timedelta(days=400)
    with time_machine.travel(NOW, tick=False):
        PayKind.say(ana, "wages", starts_on=day, at=NOW, by=ben)
        ana.record_event("admit", at=NOW, by=ben, note="founding member")
        ana.record_event("say_pay_kind", at=NOW, by=ben, note="2020-01-01: owner's draw → wages")
        with override("es"):
            shown = [words for _event, words in changes_of(ana)]
            assert shown[0] == "2020-01-01: owner's draw → wages"
            assert shown[1] == "integrante desde la fundación"
            assert shown[2].startswith(date_format(day))
            assert "salario" in shown[2]
