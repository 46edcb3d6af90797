"""The register of members: who is found, what a file tells whom, and what the office writes in it."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coop.events import Event
from members.models import Member, Notice, Skill
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, signed_in, words

pytestmark = pytest.mark.django_db
NAMES = ("Ana Reyes", "Bo Lindgren", "Cara Okafor", "Mia Falk")


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mia(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mia Falk", hours=None, roles=["membership"])


def test_members_are_found_by_name_phone_standing_and_skill(mia: Member, ana: Member, bo: Member, cara: Member) -> None:
    Member.objects.filter(pk=bo.pk).update(phone="+12125550177", skills=["care"])
    browser = signed_in(mia)
    for asked, found in {
        "": ("Ana Reyes", "Bo Lindgren", "Cara Okafor", "Mia Falk"),
        "?q=rey": ("Ana Reyes",),
        "?q=555 0177": ("Bo Lindgren",),
        "?state=candidate": ("Cara Okafor",),
        "?skill=care": ("Bo Lindgren",),
        "?q=nobody": (),
    }.items():
        page = words(browser.get(f"/members{asked}"))
        assert {
            name for name in ("Ana Reyes", "Bo Lindgren", "Cara Okafor", "Mia Falk") if f"<b>{name}" in page
        } == set(found)


def test_only_an_office_reads_it(mia: Member, ana: Member, bo: Member) -> None:
    assert signed_in(ana).get("/members").status_code == 403
    assert signed_in(ana).get(f"/members/{bo.pk}").status_code == 403


def test_the_membership_office_says_what_somebody_can_do(mia: Member, ana: Member) -> None:
    browser, url = signed_in(mia), f"/members/{ana.pk}/skills"
    answers = {"skills": ["cleaning", "care"], "note": "Saw her certificate"}
    browser.post(url, answers)
    ana.refresh_from_db()
    assert ana.skills == ["care", "cleaning"]
    assert Notice.objects.filter(user=ana.user, key__startswith="record_changed:").count() == 1
    assert "Cleaning → Care at home, Cleaning" in words(browser.get(f"/members/{ana.pk}"))
    browser.post(url, answers)
    assert Event.objects.about(ana).filter(verb="give_skills").count() == 1


@pytest.mark.parametrize("who", ["ana", "sol", "mia"])
def test_nobody_else_and_not_oneself(who: str, mia: Member, sol: Member, ana: Member) -> None:
    about = mia if who == "mia" else ana
    answers = {"skills": ["cleaning"], "note": "Because"}
    by = {"ana": ana, "sol": sol, "mia": mia}[who]
    assert signed_in(by).post(f"/members/{about.pk}/skills", answers).status_code == 403


def test_what_a_member_said_is_written_down_and_told(sol: Member, ana: Member) -> None:
    make.zip_code("11217")
    answers = {"phone": "718 555 0142", "zip": "11217", "areas": "112", "hours": "30", "note": "She called"}
    signed_in(sol).post(f"/members/{ana.pk}/change", answers)
    ana.refresh_from_db()
    assert (str(ana.phone), ana.zip_id, ana.areas, ana.minutes_wanted) == ("+17185550142", "11217", ["112"], 1800)
    note = Event.objects.about(ana).get(verb="change").note
    assert "h: 24 → 30" in note
    assert "She called" in note
    assert "She called" in Notice.objects.get(user=ana.user, key__startswith="record_changed:").body


def test_nothing_typed_is_lost(sol: Member, ana: Member) -> None:
    page = words(
        signed_in(sol).post(f"/members/{ana.pk}/change", {"phone": "12", "zip": "11215", "note": "She called"})
    )
    assert "She called" in page
    assert "aria-invalid" in page


def test_accepted_shifts_that_no_longer_fit_stand_in_the_file(mia: Member, sol: Member, ana: Member) -> None:
    shift = stage.accepted(starts_in=stage.TOMORROW)
    said = "Accepted, and does not fit any more"
    assert said not in words(signed_in(sol).get(f"/members/{shift.member_id}"))
    Skill.objects.get_or_create(code="care", defaults={"name_en": "Care", "name_es": "Cuidado"})
    signed_in(mia).post(f"/members/{shift.member_id}/skills", {"skills": ["care"], "note": "A slip"})
    assert said in words(signed_in(sol).get(f"/members/{shift.member_id}"))
    assert said not in words(signed_in(mia).get(f"/members/{shift.member_id}"))


def test_the_list_asks_as_much_for_many_as_for_few(mia: Member, ana: Member) -> None:
    browser = signed_in(mia)
    browser.get("/members")
    with CaptureQueriesContext(connection) as few:
        browser.get("/members")
    for _ in range(5):
        make.member(hours=None, roles=["mentor"])
    with CaptureQueriesContext(connection) as many:
        browser.get("/members")
    assert len(many) == len(few)
