"""Somebody who left and comes back: who decides it, and what of before still holds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from members.membership.tasks import sweep_leaving
from members.models import Admission, Body, BodyTerm, Candidate, Confirmation, Member, Notice, Role
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


@pytest.mark.parametrize("worker_came_by", [True, False])
def test_whoever_left_after_notice_is_not_on_the_board_again_when_they_return(
    ana: Member, bo: Member, mara: Member, clock: time_machine.Traveller, worker_came_by: bool
) -> None:
    told = {"name_en": "Board", "name_es": "Consejo", "may_en": "It signs.", "may_es": "Firma.", "quorum": 2}
    board = Body.found(at=NOW, by=mara.user, note="Founding", **told)
    BodyTerm.objects.create(body=board, member=ana, starts_on=TODAY, decision="Meeting")
    ana.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=ana.user)
    clock.move_to(NOW + 14 * A_DAY)
    if worker_came_by:
        sweep_leaving()
        assert BodyTerm.objects.get().ended_on == TODAY + 14 * A_DAY
    clock.move_to(NOW + 400 * A_DAY)
    anew(ana).return_as_member(at=timezone.now(), by=mara.user)
    assert (BodyTerm.objects.get().ended_on, list(board.members_on(timezone.localdate()))) == (TODAY + 14 * A_DAY, [])


def test_who_is_back_before_the_worker_came_by_stays(
    ana: Member, mara: Member, bo: Member, clock: time_machine.Traveller
) -> None:
    ana.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=ana.user)
    clock.move_to(NOW + 15 * A_DAY)
    anew(ana).return_as_member(at=timezone.now(), by=mara.user, note="Meeting")
    make.key(ana.user)
    Role.objects.create(member=ana, kind="treasurer", starts_on=timezone.localdate())
    browser = signed_in(anew(ana))
    sweep_leaving()
    assert (
        Role.objects.held(timezone.now()).filter(member=ana).count(),
        browser.get(reverse("me")).status_code,
        Notice.objects.filter(user=ana.user, key__startswith="left:").count(),
    ) == (1, 200, 0)


def test_whoever_returned_after_the_worker_was_away_for_long_can_give_notice_again(
    ana: Member, mara: Member, bo: Member, clock: time_machine.Traveller
) -> None:
    """The office of before lies there still, and ended with the membership of before."""
    make.role(ana, "treasurer")
    ana.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=ana.user)
    clock.move_to(NOW + 25 * A_DAY)
    sweep_leaving()
    anew(ana).return_as_member(at=timezone.now(), by=mara.user, note="Meeting")
    anew(ana).give_notice(gone_on=timezone.localdate() + 20 * A_DAY, at=timezone.now(), by=ana.user)
    assert (anew(ana).state, ana.terms.get().leaves_on) == ("leaving", TODAY + 14 * A_DAY)
    assert not Role.objects.held(timezone.now()).filter(member=ana).exists()


@pytest.mark.parametrize("asked_for", ["office", "suspension", "admission"])
@pytest.mark.parametrize("way", ["at once", "by notice"])
def test_what_was_asked_about_somebody_falls_when_they_leave(
    ana: Member, cara: Member, mara: Member, ben: Member, clock: time_machine.Traveller, asked_for: str, way: str
) -> None:
    about = cara if asked_for == "admission" else ana
    office = {"office": "treasurer", "member": ana.pk, "starts_on": TODAY.isoformat(), "decision": "Meeting"}
    if asked_for == "office":
        signed_in(mara).post(reverse("seat_member"), office)
    elif asked_for == "suspension":
        signed_in(mara).post(reverse("suspend", args=[ana.pk]), {"reason": "She shouted"})
    else:
        Candidate.objects.get(pk=cara.pk).put_forward("She is good", at=NOW, by=mara.user)
    if way == "at once":
        anew(about).leave_coop(at=NOW, by=about.user)
    else:
        anew(about).give_notice(gone_on=TODAY + A_DAY, at=NOW, by=about.user)
        assert Confirmation.objects.get().state == "asked"
        clock.move_to(NOW + A_DAY)
        sweep_leaving()
    asked = Confirmation.objects.get()
    assert (asked.state, asked.decided_by) == ("withdrawn", about.user)
    assert Notice.objects.filter(user=mara.user, key__startswith="act_decided:").count() == 1, "whoever asked is told"
    clock.move_to(NOW + 200 * A_DAY)
    anew(about).return_as_candidate(at=timezone.now(), by=mara.user)
    signed_in(ben).post(reverse("confirm_confirmation", args=[asked.pk]))
    assert (anew(about).state, Role.objects.filter(member=about).count()) == ("candidate", 0)


@pytest.mark.parametrize("leaver", ["candidate", "mentor"])
def test_a_mentor_of_before_is_no_mentor_after(cara: Member, mara: Member, leaver: str) -> None:
    mo = make.member("Mo Mentor", roles=["mentor"])
    Candidate.objects.get(pk=cara.pk).choose_mentor(mo, at=NOW, by=mara.user)
    gone = cara if leaver == "candidate" else mo
    gone.leave_coop(at=NOW, by=None)
    assert Candidate.objects.get(pk=cara.pk).mentor is None
