"""Members from a table while a co-op is founded: each says yes for themselves, with what was written down of them."""

from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coop.errors import Refusal
from coop.models import Event
from members.imports.members import MemberTable, import_members
from members.models import FounderInvitation, Member, Notice, User
from members.people.spans import Span
from members.personal_data import erase
from members.standing import founded
from tests import make
from tests.bookings.desk import signed_in, text
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
HEADER = "name;e-mail;phone;home ZIP code;language;hours a week;skills;languages at work;Monday;martes"
BO = "Bo Lindgren;bo@example.org;718 555 0134;11215;es;22.5;Limpieza, care;español, en;8:00-12:00, 1 pm to 5 pm;"
CY = "Cy Doe;cy@example.org;;;;;;;;"


@pytest.fixture
def ana(db: None) -> Member:
    """Looks after membership in a co-op that has not opened yet."""
    make.zip_code()
    return make.member("Ana Reyes", hours=None, roles=["coordinator", "membership"])


@pytest.fixture(autouse=True)
def founding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founded, "ends", [])


def table(*lines: str) -> str:
    return "\n".join((HEADER, *lines))


def brought(*lines: str, by: Member) -> tuple[int, int]:
    return import_members(table(*lines), at=timezone.now(), by=by.user)


def post(office: Any, *lines: str) -> Any:
    return office.post(reverse("import_members"), {"kept": table(*lines), "import": "1"})


def test_whoever_is_imported_is_invited_and_a_member_once_they_say_yes(ana: Member) -> None:
    office = signed_in(ana)
    page = text(office.post(reverse("import_members"), {"kept": table(BO, CY)}))
    assert ("To be invited: <b>2</b>" in page, FounderInvitation.objects.exists()) == (True, False)
    assert post(office, BO, CY)["Location"] == reverse("import_members")
    assert (Member.objects.count(), Notice.objects.filter(user__claimed_email="bo@example.org").count()) == (1, 1)
    invited = FounderInvitation.objects.get(user__claimed_email="bo@example.org")
    bo = signed_in(make.user("Bo", email="bo@example.org"))
    address = reverse("accept_founding", args=[invited.pk])
    page = text(bo.get(address))
    assert [words in page for words in ('value="11215"', "Hours wanted a week: 22.5", "Can do: Cleaning, Care")] == [
        True,
        True,
        True,
    ]
    bo.post(address, {"name": "Bo Lindgren", "zip": "11215"})
    member = Member.objects.get(user__email="bo@example.org")
    assert (member.is_owner, member.minutes_wanted, str(member.phone)) == (True, 1350, "+17185550134")
    assert (member.skills, member.languages) == (["care", "cleaning"], ["en", "es"])
    assert member.week()[0] == [Span(0, time(8), time(12)), Span(0, time(13), time(17))]
    invited.refresh_from_db()
    assert invited.told == {}


def test_the_same_file_again_invites_nobody_and_says_so(ana: Member) -> None:
    assert brought(BO, CY, by=ana) == (2, 0)
    mails = Notice.objects.count()
    assert brought(BO, CY, by=ana) == (0, 2)
    office = signed_in(ana)
    post(office, BO)
    page = text(office.get(reverse("import_members")))
    assert ("Nobody was invited once more" in page, "Invited: 2." in page) == (True, True)
    assert Notice.objects.count() == mails
    assert Event.objects.filter(kind="members.member", verb="import").get().actor == ana.user


def test_somebody_known_is_asked_as_that_person_and_a_member_not_at_all(ana: Member, lee: User) -> None:
    assert brought(BO.replace("bo@example.org", lee.email), CY.replace("cy@example.org", ana.user.email), by=ana) == (
        1,
        1,
    )
    assert FounderInvitation.objects.get().user == lee
    assert User.objects.count() == 2


def test_somebody_who_left_is_named(ana: Member) -> None:
    bo = make.member("Bo Lindgren")
    bo.leave_coop(at=timezone.now(), by=None)
    (problem,) = MemberTable(table(CY, BO.replace("bo@example.org", bo.user.email))).problems
    assert (problem.line, "They left the co-op" in problem.why) == (3, True)


@pytest.mark.parametrize(
    ("cell", "typed", "words"),
    [
        ("bo@example.org", "bo@", "e-mail address"),
        ("11215", "9021", "9021 is not a ZIP code"),
        ("22.5", "80", "60"),
        ("Limpieza, care", "Limpieza, opera", "We know no “opera”. These are known: care, cleaning"),
        ("español, en", "klingon", "We write in these languages: en, es"),
        ("8:00-12:00", "12-Aug", "A spreadsheet may have made a date"),
        ("8:00-12:00", "8:10-12:00", "full quarters"),
        ("8:00-12:00", "12:00-8:00", "later than the start"),
        ("8:00-12:00", "8:00-14:00", "overlap"),
        ("718 555 0134", "7.18556E+09", "area code"),
    ],
)
def test_a_wrong_cell_is_named_with_why(ana: Member, cell: str, typed: str, words: str) -> None:
    (problem,) = MemberTable(table(CY, BO.replace(cell, typed, 1))).problems
    assert (problem.line, words in problem.why) == (3, True)
    with pytest.raises(Refusal):
        brought(CY, BO.replace(cell, typed, 1), by=ana)
    assert not FounderInvitation.objects.exists()


def test_two_lines_of_one_address_are_a_mistake(ana: Member) -> None:
    (problem,) = MemberTable(table(CY, BO, CY.replace("Cy Doe", "Cyd Doe"))).problems
    assert (problem.line, problem.column, "Line 2" in problem.why) == (4, "e-mail", True)


def test_a_look_asks_the_database_as_often_for_many_as_for_few(ana: Member) -> None:
    asked = []
    for count in (2, 200):
        with CaptureQueriesContext(connection) as queries:
            MemberTable(table(*(CY.replace("cy@", f"cy{n}@") for n in range(count))))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 6


def test_once_the_co_op_is_founded_members_come_by_admission(ana: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Bo", "Eva"):
        make.member(name)
    monkeypatch.setattr(founded, "ends", [lambda: True])
    with pytest.raises(Refusal, match="New members come by admission"):
        brought(BO, by=ana)
    office = signed_in(ana)
    for answer in (office.get(reverse("import_members")), post(office, BO)):
        page = text(answer)
        assert ("New members come by admission" in page, 'type="file"' in page) == (True, False)
    assert not FounderInvitation.objects.exists()


def test_an_invitation_that_is_taken_back_or_forgotten_keeps_nothing_of_what_was_told(ana: Member, lee: User) -> None:
    brought(BO, BO.replace("bo@example.org", lee.email), by=ana)
    theirs, typed = FounderInvitation.objects.order_by("user__claimed_email")
    typed.withdraw(at=timezone.now(), by=ana.user)
    erase(lee, at=timezone.now())
    theirs.refresh_from_db()
    assert (typed.told, theirs.told, typed.user.claimed_email) == ({}, {}, "")


def test_founders_find_the_page_and_a_table_to_fill_in(ana: Member) -> None:
    office = signed_in(ana)
    assert reverse("import_members") in text(office.get(reverse("invite_founder")))
    empty = office.get(reverse("member_sheet")).content.decode()
    assert text(
        office.post(reverse("import_members"), {"kept": empty.removeprefix("\ufeff") + CY.replace(";", ",")})
    ).count("<b>1</b>")


def test_only_the_membership_office_imports_members(ana: Member, sol: Member) -> None:
    assert signed_in(sol).get(reverse("import_members")).status_code == 403
    assert Browser().get(reverse("import_members")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_at_once_invite_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = make.member("Ana Reyes", roles=["membership"])
    told = at_once(lambda: brought(BO, CY, by=ana), lambda: brought(BO, CY, by=ana))
    assert sorted(told) == [(0, 2), (2, 0)]
    assert FounderInvitation.objects.count() == 2
