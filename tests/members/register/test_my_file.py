"""A member reads what the office wrote down about them; reports from their visits are for safety alone."""

import pytest
import time_machine
from django.urls import reverse

from members.models import Role
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
