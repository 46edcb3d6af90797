"""Leaving the co-op: one page, said beforehand, told in time, undone until the day, and forgotten in the end."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from coop.models import Amendment
from members.membership.reasons import LeavingReason
from members.membership.tasks import sweep_leaving
from members.models import Member, Notice
from members.personal_data import erase, erasure_blockers
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
TODAY, A_DAY = NOW.date(), timedelta(days=1)
SOONEST = TODAY + 14 * A_DAY
WORDS = "Canary: I go to sea."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mara() -> Member:
    return make.member("Mara Lund", hours=None, roles=["membership"])


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def leaves(member: Member, by: Member, day: date = SOONEST, /, **said: str) -> tuple[int, str]:
    sent = {"gone_on": day.isoformat(), "why": "hours", "words": WORDS} | said
    answer = signed_in(by).post(reverse("give_notice", args=[member.pk]), sent, follow=True)
    return answer.status_code, answer.content.decode()


def state(member: Member, day: date | None = None) -> str:
    return Member.objects.get(pk=member.pk).state_on(day or timezone.localdate()).value


def mails(member: Member) -> list[str]:
    found = Notice.objects.filter(user=member.user).order_by("pk")
    return [one.key.partition(":")[0] for one in found]


def test_a_member_reads_what_follows_before_they_leave(ana: Member) -> None:
    make.role(ana, "treasurer")
    page = signed_in(ana).get(reverse("give_notice", args=[ana.pk]), {"gone_on": SOONEST.isoformat()})
    words = page.content.decode()
    assert "Your office (treasurer) ends on the day before April 15, 2026." in words
    assert "Nobody else holds that office (treasurer)." in words
    assert "no shares or capital of single members" in words


def test_who_leaves_is_leaving_until_the_day_and_told_at_once(ana: Member, mara: Member) -> None:
    assert leaves(ana, ana)[0] == 200
    assert [state(ana, day) for day in (TODAY, SOONEST - A_DAY, SOONEST)] == ["leaving", "leaving", "former"]
    assert (mails(ana), mails(mara)) == (["leaving_begun"], ["member_leaves"])


def test_a_day_that_is_too_soon_is_refused_with_the_soonest_and_nothing_typed_is_lost(ana: Member) -> None:
    status, page = leaves(ana, ana, TODAY + A_DAY)
    assert (status, "is April 15, 2026" in page, WORDS in page, state(ana)) == (422, True, True, "member")


@pytest.mark.parametrize("said", [{"why": ""}, {"why": "x"}, {"gone_on": ""}, {"gone_on": "soon"}])
def test_what_is_missing_is_said(ana: Member, said: dict[str, str]) -> None:
    assert (leaves(ana, ana, **said)[0], state(ana)) == (422, "member")


@pytest.mark.parametrize(("notice", "days"), [(14, 14), (0, 1)])
def test_the_office_alone_ends_nobody_before_they_can_take_it_back(
    notice: int, days: int, ana: Member, mara: Member
) -> None:
    soonest = TODAY + days * A_DAY
    Amendment.objects.create(
        policy="members.leaving_days", numerator=notice, effective_on=TODAY, enacted_at=NOW, source="test"
    )
    status, page = leaves(ana, mara, soonest - A_DAY)
    assert (status, "until the day they can take it back" in page, state(ana)) == (422, True, "member")
    assert leaves(ana, mara, soonest)[0] == 200
    assert (state(ana), state(ana, soonest), mails(ana)) == ("leaving", "former", ["leaving_begun"])
    signed_in(ana).post(reverse("take_back", args=[ana.standings.get(state="former").pk]))
    assert state(ana, soonest) == "member"


def test_a_day_more_than_a_year_away_is_a_sentence(ana: Member) -> None:
    status, page = leaves(ana, ana, TODAY + 367 * A_DAY)
    assert (status, "Choose a day within a year from today." in page, state(ana)) == (422, True, "member")


def test_nobody_else_does(ana: Member, bo: Member, sol: Member) -> None:
    assert [leaves(ana, by)[0] for by in (bo, sol)] == [403, 403]


def test_leaving_twice_is_a_sentence(ana: Member) -> None:
    leaves(ana, ana)
    status, page = leaves(ana, ana)
    assert (status, "They leave already, on April 15, 2026." in page) == (422, True)


def test_until_the_day_it_is_taken_back_and_why_is_forgotten(ana: Member) -> None:
    leaves(ana, ana)
    leaving = ana.standings.get(state="former")
    signed_in(ana).post(reverse("take_back", args=[leaving.pk]))
    assert (state(ana), state(ana, SOONEST), LeavingReason.objects.count()) == ("member", "member", 0)


def test_on_the_day_it_is_over_without_any_job(ana: Member, clock: time_machine.Traveller) -> None:
    leaves(ana, ana)
    found = []
    for day in (13, 14):
        clock.move_to(NOW + day * A_DAY)
        found.append(signed_in(Member.objects.get(pk=ana.pk)).get(reverse("spotlight")).status_code)
    assert found == [200, 403]
    assert (
        "That day has come"
        in signed_in(ana)
        .post(reverse("take_back", args=[ana.standings.get(state="former").pk]), follow=True)
        .content.decode()
    )


def test_a_week_before_and_on_the_day_they_are_written_to_once(ana: Member, clock: time_machine.Traveller) -> None:
    browser = signed_in(ana)
    leaves(ana, ana)
    for day in (6, 7, 7, 13, 14, 14, 15):
        clock.move_to(NOW + day * A_DAY)
        sweep_leaving()
    assert mails(ana) == ["leaving_begun", "leaving_soon", "left"]
    assert browser.get(reverse("me")).status_code == 302, "and are signed out"


def test_why_people_leave_is_told_by_year_without_names(ana: Member, bo: Member, mara: Member) -> None:
    leaves(ana, ana)
    leaves(bo, mara, why="hours", words="")
    page = signed_in(mara).get(reverse("leaving_reasons")).content.decode()
    assert ("2 people left, or will." in page, WORDS in page, "Ana" in page) == (True, True, False)
    assert signed_in(make.member(hours=None)).get(reverse("leaving_reasons")).status_code == 403


def test_whoever_left_is_forgotten_to_the_end(ana: Member, mara: Member, clock: time_machine.Traveller) -> None:
    leaves(ana, ana)
    assert erasure_blockers(ana.user, at=NOW)[0].startswith("You work here.")
    clock.move_to(NOW + 20 * A_DAY)
    user = Member.objects.get(pk=ana.pk).user
    assert erasure_blockers(user, at=timezone.now()) == []
    erase(user, at=timezone.now())
    assert list(LeavingReason.objects.values_list("why", "words")) == [("hours", "")]
    assert "Canary" not in "".join(ana.standings.values_list("decision", flat=True))
    with pytest.raises(Exception, match="asked to be forgotten"):
        Member.objects.get(pk=ana.pk).return_as_member(at=timezone.now(), by=mara.user)


def test_a_reason_belongs_to_one_leaving(ana: Member) -> None:
    leaves(ana, ana)
    with pytest.raises(IntegrityError):
        LeavingReason.say(ana.standings.get(state="former"), why="pay", words="", at=NOW)


def test_the_office_reads_about_them_and_not_about_itself(ana: Member, mara: Member) -> None:
    browser = signed_in(mara)
    leave = browser.get(reverse("go_on_leave", args=[ana.pk])).content.decode()
    leaving = browser.get(reverse("give_notice", args=[ana.pk]), {"gone_on": SOONEST.isoformat()}).content.decode()
    assert ("Their vote stays" in leave, "Your vote stays" in leave) == (True, False)
    said = ("leaves the co-op", "Why do they leave?", "What Ana R. reads about what follows")
    assert [words in leaving for words in said] == [True] * 3
    assert "Why do you leave?" not in leaving
