"""The time as a candidate: a mentor, what is learned, months and hours, and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from coop.errors import Refusal
from members.joining import worked
from members.joining.progress import progress_of
from members.models import Admission, Candidate, Confirmation, Lesson, Member, Notice
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW, A_DAY = make.SPRING, timedelta(days=1)
LATER = datetime(2026, 9, 2, 16, tzinfo=NOW.tzinfo)
"""Six months after the cast began."""


@pytest.fixture
def mel(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mel Ortega", hours=None, roles=["membership"])


@pytest.fixture
def mo(db: None) -> Member:
    """A mentor."""
    return make.member("Mo Reyes", hours=None, roles=["mentor"])


@pytest.fixture
def candidate(cara: Member) -> Candidate:
    return Candidate.objects.get(pk=cara.pk)


def has_worked(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """As if the books said so of everybody."""
    monkeypatch.setattr(worked, "_minutes", [lambda members: {one.pk: hours * 60 for one in members}])


def learn_everything(candidate: Candidate, by: Member) -> None:
    candidate.learn(Lesson.objects.standing(), at=NOW, by=by.user)


def sees(who: Member, candidate: Candidate) -> bool:
    return Candidate.objects.visible_to(who.user).filter(pk=candidate.pk).exists()


def test_they_their_mentor_and_the_office_see_the_page(
    candidate: Candidate, mel: Member, mo: Member, ana: Member
) -> None:
    before = sees(mo, candidate)
    candidate.choose_mentor(mo, at=NOW, by=mel.user)
    cara = Member.objects.get(pk=candidate.pk)
    assert (before, sees(mo, candidate), sees(mel, candidate), sees(cara, candidate), sees(ana, candidate)) == (
        False,
        True,
        True,
        True,
        False,
    )


def test_another_mentor_takes_the_place_of_the_first(candidate: Candidate, mel: Member, mo: Member) -> None:
    other = make.member("Flor Paz", hours=None, roles=["mentor"])
    candidate.choose_mentor(mo, at=NOW, by=mel.user)
    candidate.choose_mentor(other, at=NOW + A_DAY, by=mel.user)
    assert Candidate.objects.get(pk=candidate.pk).mentor == other
    assert candidate.mentorings.count() == 2


def test_the_day_on_which_it_is_long_enough_is_counted_in_months(candidate: Candidate) -> None:
    far = [progress_of([candidate], on=day)[candidate.pk] for day in (date(2026, 9, 1), date(2026, 9, 2))]
    assert [one.months for one in far] == [5, 6]
    assert far[0].enough_on == date(2026, 9, 2)


def test_only_the_mentor_and_the_office_tick(candidate: Candidate, mel: Member, mo: Member) -> None:
    candidate.choose_mentor(mo, at=NOW, by=mel.user)
    one = Lesson.objects.standing()[0]
    address = reverse("learn", args=[candidate.pk])
    answers = []
    for who in (candidate.user, mo.user, mel.user):
        browser = Browser()
        browser.force_login(who)
        answers.append(browser.post(address, {"lessons": [one.pk]}).status_code)
    assert answers == [403, 302, 302]
    assert candidate.progress(NOW).learned == 1
    candidate.learn([], at=NOW, by=mo.user)
    assert candidate.progress(NOW).learned == 0


def test_with_all_that_is_asked_for_a_second_owner_admits(
    candidate: Candidate, mel: Member, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_worked(monkeypatch, 650)
    learn_everything(candidate, mel)
    with time_machine.travel(LATER, tick=False):
        candidate.put_forward("", at=LATER, by=mel.user)
        asked = Confirmation.objects.get(kind="admission")
        assert asked.seconds(LATER) == [ana.user], "nobody else holds the office, so an owner"
        asked.confirm(at=LATER, by=ana.user)
    member = Member.objects.get(pk=candidate.pk)
    assert (member.state, Admission.objects.get().state) == ("member", "done")
    assert Notice.objects.filter(user=member.user, key__startswith="admitted:").count() == 1


def test_with_less_it_needs_a_reason(candidate: Candidate, mel: Member, ana: Member) -> None:
    with pytest.raises(Refusal, match="Say why"):
        candidate.put_forward(" ", at=NOW, by=mel.user)
    made = candidate.put_forward("She ran a co-op before.", at=NOW, by=mel.user)
    assert made.words == "She ran a co-op before. (0 of 6 months, 0 of 650 hours, 0 of 5 things learned)"


def test_whoever_asked_does_not_confirm_nor_does_the_candidate(candidate: Candidate, mel: Member, ana: Member) -> None:
    candidate.put_forward("She ran a co-op before.", at=NOW, by=mel.user)
    asked = Confirmation.objects.get(kind="admission")
    for who in (mel.user, candidate.user):
        with pytest.raises(Refusal):
            asked.confirm(at=NOW, by=who)


def test_only_whoever_may_look_at_what_waits_is_led_there(candidate: Candidate, mel: Member, ana: Member) -> None:
    candidate.put_forward("She ran a co-op before.", at=NOW, by=mel.user)
    asked = Confirmation.objects.get(kind="admission")
    led = {}
    for who in (mel.user, candidate.user):
        browser = Browser()
        browser.force_login(who)
        page = browser.get(candidate.get_absolute_url()).content.decode()
        assert "This waits for a second person" in page
        led[who] = (asked.get_absolute_url() in page, browser.get(asked.get_absolute_url()).status_code)
    assert led == {mel.user: (True, 200), candidate.user: (False, 404)}


def test_one_thing_is_decided_at_a_time(candidate: Candidate, mel: Member, ana: Member) -> None:
    candidate.put_forward("She ran a co-op before.", at=NOW, by=mel.user)
    with pytest.raises(Refusal, match="waits for a second person already"):
        candidate.turn_down("We have no work.", at=NOW, by=mel.user)
    Confirmation.objects.get(kind="admission").decline("Too early.", at=NOW, by=ana.user)
    candidate.turn_down("We have no work.", at=NOW + A_DAY, by=mel.user)
    assert [one.state for one in Admission.objects.order_by("pk")] == ["dropped", "asked"]


def test_who_is_told_no_reads_why_and_answers_first(candidate: Candidate, mel: Member, ana: Member) -> None:
    candidate.turn_down("We have no work.", at=NOW, by=mel.user)
    asked = Confirmation.objects.get(kind="admission")
    assert [one.member_id for one in asked.answers] == [candidate.pk]
    with pytest.raises(Refusal, match="can still answer"):
        asked.confirm(at=NOW, by=ana.user)
    later = NOW + 3 * A_DAY
    with time_machine.travel(later, tick=False):
        asked.confirm(at=later, by=ana.user)
    assert Member.objects.get(pk=candidate.pk).state == "former"
    told = Notice.objects.get(user=candidate.user, key__startswith="left:")
    assert "We have no work." in told.body
    assert not Notice.objects.filter(user=candidate.user, subject="You have left the co-op").exists()


def test_the_office_keeps_the_list_of_what_is_learned(mel: Member) -> None:
    browser = Browser()
    browser.force_login(mel.user)
    browser.post(reverse("add_lesson"), {"text_en": "Fold a fitted sheet", "text_es": "Doblar una sábana ajustable"})
    made = Lesson.objects.latest("pk")
    browser.post(reverse("change_lesson", args=[made.pk]), {"text_en": "Fold", "text_es": "Doblar"})
    assert "Fold" in browser.get(reverse("lessons")).content.decode()
    browser.post(reverse("end_lesson", args=[made.pk]))
    assert made not in Lesson.objects.standing()
    assert browser.get(reverse("change_lesson", args=[made.pk])).status_code == 404
