"""The first people of a fresh co-op."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Member, Notice, Role, User
from tests import make

pytestmark = pytest.mark.django_db


def appoint(email: str = "sol@example.org", role: str = "coordinator", zip_code: str = "11215") -> None:
    call_command("appoint", email, "--name", "Sol Vega", "--role", role, "--zip", zip_code)


def roles_of(email: str) -> frozenset[str]:
    return User.objects.get(email=email).roles


def test_somebody_has_to_be_the_first() -> None:
    make.zip_code()
    appoint()
    sol = Member.objects.get()
    assert (sol.user.email, sol.user.name, sol.state, sol.user.roles) == (
        "sol@example.org",
        "Sol Vega",
        "member",
        frozenset({"coordinator"}),
    )


def test_appointing_twice_is_appointing_once() -> None:
    make.zip_code()
    for _ in range(2):
        appoint()
    assert (Role.objects.count(), Member.objects.count()) == (1, 1)


def test_one_person_can_hold_two_offices(ana: Member) -> None:
    for role in ("board", "mentor"):
        appoint(ana.user.email, role)
    assert roles_of(ana.user.email) == frozenset({"board", "mentor"})


def test_a_candidate_in_office_is_a_member(cara: Member) -> None:
    appoint(cara.user.email)
    cara.refresh_from_db()
    assert cara.state == "member"


def test_an_area_that_is_not_served_is_told() -> None:
    with pytest.raises(CommandError):
        appoint(zip_code="99999")


def test_a_co_op_of_three_gives_its_offices_by_itself_unless_it_has_to_be_rescued(
    ana: Member, bo: Member, tess: Member
) -> None:
    with pytest.raises(CommandError, match="Offices"):
        appoint(bo.user.email, "membership")
    call_command(
        "appoint", bo.user.email, "--name", "Bo", "--role", "membership", "--zip", "11215", "--rescue", "All keys lost"
    )
    assert Role.objects.get(member=bo).decision == "All keys lost"
    told = Notice.objects.filter(key__startswith="office_rescued:")
    assert {notice.user for notice in told} == {ana.user, bo.user, tess.user}
    assert all("All keys lost" in notice.body for notice in told)


def test_whoever_is_about_to_leave_is_appointed_until_their_day(ana: Member, bo: Member, sol: Member) -> None:
    gone_on = timezone.localdate() + timedelta(days=14)
    ana.give_notice(gone_on=gone_on, at=timezone.now(), by=ana.user)
    call_command(
        "appoint", ana.user.email, "--name", "Ana", "--role", "treasurer", "--zip", "11215", "--rescue", "Keys"
    )
    assert ana.terms.get(kind="treasurer").leaves_on == gone_on
