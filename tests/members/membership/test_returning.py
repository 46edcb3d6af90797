"""Somebody who left and comes back: who decides it, and what of before still holds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from members.models import Admission, Candidate, Confirmation, Member
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
TODAY, A_DAY = NOW.date(), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mara() -> Member:
    return make.member("Mara Lund", hours=None, roles=["membership"])


@pytest.fixture
def ben() -> Member:
    return make.member("Ben Board", hours=None, roles=["board"])


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def anew(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def asks_back(by: Member, member: Member) -> tuple[int, bool]:
    """What the office is answered that asks for somebody as a member, and whether its page offers that."""
    browser, address = signed_in(by), reverse("return_as_member", args=[member.pk])
    offered = address in browser.get(reverse("read_standing", args=[member.pk])).content.decode()
    return browser.post(address, {"reason": "They asked to"}).status_code, offered


def test_an_owner_who_left_is_a_member_again_once_a_second_person_says_so(
    ana: Member, mara: Member, ben: Member
) -> None:
    ana.leave_coop(at=NOW, by=ana.user)
    assert (asks_back(mara, ana), anew(ana).state) == ((302, True), "former")
    asked = Confirmation.objects.get()
    assert (asked.said, asked.seconds(NOW)) == ("Ana R. is a member again", [ben.user])
    page = signed_in(mara).get(reverse("read_standing", args=[ana.pk])).content.decode()
    assert asked.get_absolute_url() in page, "whoever reads where they stand reads that it waits"
    assert asks_back(mara, ana)[0] == 422, "once is enough"
    signed_in(ben).post(reverse("confirm_confirmation", args=[asked.pk]))
    assert (anew(ana).state, anew(ana).standings.latest("pk").by) == ("member", ben.user)


def test_a_candidate_who_left_comes_back_as_a_candidate_only(cara: Member, mara: Member, ben: Member) -> None:
    cara.leave_coop(at=NOW, by=cara.user)
    assert (asks_back(mara, cara), Confirmation.objects.count()) == ((422, False), 0)
    assert signed_in(mara).post(reverse("return_as_candidate", args=[cara.pk]), {"reason": "Again"}).status_code == 302
    assert anew(cara).state == "candidate"


def test_whoever_was_told_no_comes_back_as_a_candidate_only(
    cara: Member, mara: Member, ben: Member, clock: time_machine.Traveller
) -> None:
    Candidate.objects.get(pk=cara.pk).turn_down("Not yet", at=NOW, by=mara.user)
    asked = Confirmation.objects.get()
    clock.move_to(asked.ready_at)
    asked.confirm(at=asked.ready_at, by=ben.user)
    asked.refresh_from_db()
    assert (asked.state, Admission.objects.get().state, anew(cara).state) == ("confirmed", "done", "former")
    assert asks_back(mara, cara)[0] == 422
