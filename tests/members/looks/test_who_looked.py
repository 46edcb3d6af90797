"""Everybody reads who looked at what is kept about them and what was done to it: once an hour, nothing of oneself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction

from bookings.models import DoNotSend, Incident
from members.appointing.office_changes import OfficeChange
from members.credentials.credential_types import CredentialType
from members.credentials.evidence import Evidence
from members.looks.looks import AN_HOUR
from members.looks.personal_data import facts
from members.looks.tasks import sweep_looks
from members.looks.told import done_to
from members.models import Look, Member, User
from payouts.pay_kinds.pay_kinds import PayKind
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, signed_in, words

pytestmark = pytest.mark.django_db
FILE, PAGE = "your file in the register of members", "/me/who-looked"


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def lists(person: Member | User) -> str:
    """What the page tells somebody."""
    page = words(signed_in(person).get(PAGE))
    return page[page.index("Who looked at what is kept about you") : page.index("</main>")]


def test_a_look_at_a_file_is_told_once_an_hour_to_whom_it_is_about(sol: Member, ana: Member) -> None:
    browser = signed_in(sol)
    for minutes in (0, 30, 59, 61):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            browser.get(f"/members/{ana.pk}")
            browser.get(f"/members/{sol.pk}")
    page = words(signed_in(ana).get(PAGE))
    assert (page.count(FILE), "Sol V." in page) == (2, True)
    assert FILE not in words(browser.get(PAGE))


def test_a_household_reads_who_opened_its_page_and_how_to_get_in(sol: Member, ana: Member) -> None:
    shift = stage.accepted(starts_in=stage.TODAY, note="Under the mat")
    client = shift.home.client
    signed_in(sol).get(f"/office/clients/{client.pk}")
    shift.show_access_note(at=NOW, by=shift.member.user)
    shift.home.show_note(at=NOW, by=client.user)
    shift.visit.move(shift.visit.starts_at + timedelta(days=1), at=NOW, by=sol.user)
    page = words(signed_in(client.user).get(PAGE))
    told = [words_ in page for words_ in ("the page of your household", "a visit was moved")]
    assert (told, page.count("how to get into your home")) == ([True, True], 1)


def test_what_the_office_wrote_in_a_file_is_told(sol: Member, ana: Member) -> None:
    make.zip_code("11217")
    answers = {"phone": "718 555 0142", "zip": "11217", "areas": "", "hours": "30", "note": "She called"}
    signed_in(sol).post(f"/members/{ana.pk}/change", answers)
    page = words(signed_in(ana).get(PAGE))
    assert ("what you said to be changed was written down" in page, "She called" in page) == (True, False)


def test_nothing_is_told_of_reports_and_of_who_is_kept_away(sol: Member, ana: Member) -> None:
    shift = stage.accepted(starts_in=stage.TODAY)
    member, client = shift.member, shift.home.client
    before = [lists(person) for person in (member, client.user)]
    shift.start(at=shift.starts_at, by=member.user)
    report: dict[str, Any] = {"kind": "broken", "words": "A vase.", "left": False}
    Incident.report(shift, **report, at=shift.starts_at, by=member.user)
    DoNotSend.place(client=client, member=member, placer="client", reason="conduct", at=NOW, by=client.user)
    assert [lists(person) for person in (member, client.user)] == before


def test_looks_are_kept_for_as_long_as_was_voted_and_never_changed(sol: Member, ana: Member) -> None:
    for days in (366, 364):
        Look.write(Look.Page.FILE, about=ana.user, by=sol.user, at=NOW - timedelta(days=days))
    sweep_looks()
    look = Look.objects.get()
    assert look.at == NOW - timedelta(days=364)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Look.objects.update(page=Look.Page.CARE)
    with pytest.raises(IntegrityError, match="a_look_is_written_once_an_hour"), transaction.atomic():
        Look.objects.create(about=ana.user, by=sol.user, page=look.page, at=look.at, again_at=look.at + AN_HOUR)


def test_a_look_late_in_the_evening_is_told_of_that_day(sol: Member, ana: Member) -> None:
    Look.write(Look.Page.FILE, about=ana.user, by=sol.user, at=datetime(2026, 3, 10, 2, 30, tzinfo=UTC))
    (look,) = facts(ana.user, NOW)["who looked at what is kept about you"]
    assert look["on"] == date(2026, 3, 9)


def test_what_others_did_to_pay_certificates_and_offices_is_told_and_nothing_of_oneself(
    sol: Member, ana: Member, django_assert_max_num_queries: Any
) -> None:
    kind = CredentialType.objects.get_or_create(code="hha", defaults={"name_en": "Home health aide"})[0]
    facts: dict[str, Any] = {"number": "", "issued_on": NOW.date(), "expires_on": None, "photo": None, "at": NOW}
    CredentialType.objects.filter(pk=kind.pk).update(needs_evidence=False)
    kind.refresh_from_db()
    shown = Evidence.show(ana, type=kind, **facts, by=ana.user)
    assert "certificate" not in lists(ana)
    shown.refuse("Too dark.", at=NOW, by=sol.user)
    make.credential(ana, "hha").end(words="It was withdrawn.", at=NOW, by=sol.user)
    Evidence.show(ana, type=kind, **facts, by=sol.user)
    PayKind.say(ana, "wages", starts_on=NOW.date(), at=NOW, by=sol.user)
    OfficeChange.seat(ana, "mentor", starts_on=NOW.date(), ends_on=None, decision="The meeting", at=NOW, by=sol.user)
    told = lists(ana)
    for words_ in (
        "a certificate that you showed was not accepted",
        "a certificate of yours was ended",
        "a certificate was written down for you",
        "wages, form W-2",
        "becomes mentor",
    ):
        assert words_ in told, words_
    assert "Too dark" not in told
    assert "becomes mentor" not in lists(sol)
    with django_assert_max_num_queries(12):
        done_to(ana.user, most=100)
