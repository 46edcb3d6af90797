"""A duty of the year has a day, somebody who looks after it, and something that shows that it is done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from coop.errors import Refusal
from coop.models import Event
from members.duties.tasks import sweep_duties
from members.models import Duty, Member, Notice
from members.standing.leaving_facts import leaving_facts
from tests import make
from tests.browsers import Browser
from tests.paper import blank

pytestmark = pytest.mark.django_db
NOW = make.SPRING
A_DAY = timedelta(days=1)
DAY = NOW.date() + 100 * A_DAY


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def ben() -> Member:
    return make.member("Ben Board", hours=None, roles=["board"])


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def duty(by: Member, *, at: datetime = NOW, **facts: Any) -> Duty:
    said: dict[str, Any] = {"title_en": "Renew the insurance", "due_on": DAY}
    return Duty.add(**said | facts, at=at, by=by.user)


def told(kind: str) -> list[tuple[str, int]]:
    """To whom a kind of message went, and after how many days."""
    rows = Notice.objects.filter(key__startswith=f"{kind}:").select_related("user").order_by("due_at", "user__name")
    return [(row.user.name.split()[0], (row.due_at - NOW).days) for row in rows]


def live(clock: Any, *days: int) -> None:
    """The sweep comes by twice on each of these days."""
    for day in days:
        clock.move_to(NOW + day * A_DAY)
        sweep_duties()
        sweep_duties()


def test_owner_and_deputy_hear_of_it_four_times_and_once_late_everybody_does(
    ben: Member, ana: Member, bo: Member, cara: Member, clock: Any
) -> None:
    duty(ben, owner=ana, deputy=bo)
    live(clock, 0, 39, 40, 41, 70, 93, 99, 100, 101, 106, 107, 108)
    assert told("duty") == [(name, day) for day in (40, 70, 93, 99) for name in ("Ana", "Bo")]
    assert told("duty_late") == [(name, 107) for name in ("Ana", "Ben", "Bo", "Cara")]


def test_one_that_nobody_looks_after_is_put_before_those_who_keep_the_list(ben: Member, clock: Any) -> None:
    duty(ben)
    live(clock, 40)
    assert told("duty") == [("Ben", 40)]
    assert Duty.objects.to_look_at(NOW.date() + 40 * A_DAY).count() == 1


def test_done_with_what_shows_it_and_next_years_stands(ben: Member, ana: Member, clock: Any) -> None:
    made = duty(ben, owner=ana, title_es="Renovar el seguro")
    with pytest.raises(Refusal, match="what shows"):
        made.finish(words="", paper=None, at=NOW, by=ana.user)
    sent = SimpleUploadedFile("policy.exe", blank(title="Secret of Ana"), content_type="text/html")
    signed_in(ana).post(reverse("finish_duty", args=[made.pk]), {"note": "", "paper": sent})
    made.refresh_from_db()
    following = Duty.objects.get(follows=made)
    assert (made.state, made.done_by, made.paper_type) == ("done", ana, "application/pdf")
    assert (following.due_on, following.owner, following.title_es) == (
        date(DAY.year + 1, DAY.month, DAY.day),
        ana,
        "Renovar el seguro",
    )
    assert b"Secret of Ana" not in bytes(made.paper)
    made.reopen(at=NOW, by=ben.user)
    made.finish(words="Paid.", paper=None, at=NOW, by=ana.user)
    assert Duty.objects.count() == 2


def test_it_is_not_done_by_a_note_whose_paper_was_too_large(ben: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("coop.web.uploads.MOST_BYTES", "coop.web.images.MOST_BYTES"):
        monkeypatch.setattr(limit, 1_000)
    made, ben.user.language = duty(ben, owner=ben), "es"
    ben.user.save()
    address, browser = reverse("finish_duty", args=[made.pk]), signed_in(ben)
    said = {"paper": SimpleUploadedFile("a.pdf", b"x" * 200_000), "note": "Paid."}
    on_the_form = browser.post(address, said)
    monkeypatch.setattr("coop.web.uploads.FAR_TOO_MUCH", 100_000)
    unread = browser.post(address, said | {"paper": SimpleUploadedFile("a.pdf", b"x" * 200_000)})
    made.refresh_from_db()
    assert (on_the_form.status_code, unread.status_code, made.state) == (200, 413, "open")
    assert "pesa más de 8 MB" in on_the_form.content.decode()
    assert "más de 8 MB" in unread.content.decode()


def test_next_years_stands_once_its_day_has_passed_and_what_is_once_is_once(ben: Member, clock: Any) -> None:
    made, once = duty(ben), duty(ben, repeats="once")
    live(clock, 100, 101, 102)
    assert list(Duty.objects.exclude(follows=None).values_list("follows", "state")) == [(made.pk, "open")]
    made.drop(note="We have none.", at=NOW + 102 * A_DAY, by=ben.user)
    assert set(Duty.objects.standing()) == {once}
    following = Duty.objects.get(follows=made)
    assert list(Event.objects.about(following).values_list("verb", "note")) == [
        ("add", ""),
        ("drop", "We have none."),
    ]


def test_papers_are_read_by_the_offices_and_whoever_looks_after_it(ben: Member, ana: Member, bo: Member) -> None:
    tess = make.member("Tess Marin", hours=None, roles=["treasurer"])
    made = duty(ben, owner=ana)
    made.finish(words="Canary", paper=blank(), at=NOW, by=ana.user)
    read = {one: signed_in(one).get(reverse("duty_paper", args=[made.pk])) for one in (ben, tess, ana, bo)}
    assert [answer.status_code for answer in read.values()] == [200, 200, 200, 404]
    assert read[ana]["Content-Disposition"] == 'inline; filename="paper.pdf"'
    assert read[ana]["Cache-Control"].split(", ").count("private") == 1
    pages = ["Canary" in signed_in(one).get(made.get_absolute_url()).content.decode() for one in (ben, bo)]
    assert pages == [True, False]


def test_the_deputy_is_told_when_the_owner_is_away_or_gone(ben: Member, ana: Member, bo: Member, clock: Any) -> None:
    duty(ben, owner=ana, deputy=bo)
    assert "Bo L. looks after" in "".join(leaving_facts(ana, gone_on=DAY, at=NOW))
    live(clock, 1)
    ana.go_on_leave(at=NOW + A_DAY, by=None, on=NOW.date() + 2 * A_DAY, until=NOW.date() + 5 * A_DAY)
    live(clock, 1, 2, 3, 6)
    assert told("duty_deputy") == [("Bo", 2)]
    Member.objects.get(pk=ana.pk).leave_coop(at=NOW + 7 * A_DAY, by=None)
    live(clock, 7, 8)
    assert told("duty_deputy") == [("Bo", 2), ("Bo", 7)]
    assert not Duty.objects.without_anybody(NOW.date() + 8 * A_DAY).exists()
    live(clock, 40)
    assert told("duty") == [("Bo", 40)]


def test_one_whose_owner_left_is_put_before_the_office_until_somebody_is_named(
    ben: Member, ana: Member, bo: Member, clock: Any
) -> None:
    made = duty(ben, owner=ana, deputy=bo)
    assert not Duty.objects.to_look_at(NOW.date()).exists()
    ana.leave_coop(at=NOW, by=None)
    assert list(Duty.objects.to_look_at(NOW.date())) == [made]
    pages = [signed_in(ben).get(path).content.decode() for path in (made.get_absolute_url(), reverse("duties"))]
    assert ["only a deputy looks after it" in page for page in pages] == [True, True]
    assert "need somebody to look after them" in signed_in(ben).get(reverse("home")).content.decode()
    live(clock, 40)
    body = Notice.objects.get(key__startswith="duty:").body
    assert ("Bo L. looks after it." in body, "Ana" in body, "The deputy is" in body) == (True, False, False)
    Duty.objects.update(owner=None)
    assert list(Duty.objects.to_look_at(NOW.date())) == [made], "once forgotten"
    made.change({"owner": bo, "deputy": None}, at=NOW, by=ben.user)
    assert not Duty.objects.to_look_at(NOW.date() + 40 * A_DAY).exists()
    assert "Nobody looks after" in "".join(leaving_facts(bo, gone_on=DAY, at=NOW))


def test_nobody_is_told_that_a_deputy_who_has_left_takes_over(ben: Member, ana: Member, bo: Member) -> None:
    duty(ben, owner=ana, deputy=bo)
    bo.leave_coop(at=NOW, by=None)
    told_to_ana = "".join(leaving_facts(ana, gone_on=DAY, at=NOW))
    assert ("Bo L." in told_to_ana, "Nobody looks after" in told_to_ana) == (False, True)


@pytest.mark.parametrize("gone", ["leaves", "is away"])
def test_list_and_page_name_whoever_looks_after_it_now(
    gone: str, ben: Member, ana: Member, bo: Member, clock: Any
) -> None:
    made = duty(ben, owner=ana, deputy=bo)

    def read() -> list[tuple[bool, bool]]:
        browser = signed_in(ben)
        listed = browser.get(reverse("duties")).content.decode()
        page = browser.get(made.get_absolute_url()).content.decode()
        care = page.partition("Looks after it</dt>")[2].partition("<small")[0].partition("</dd>")[0]
        names = [(name in listed, name in care) for name in (str(ana), str(bo))]
        return [*names, ("nobody looks after it" in listed, "Nobody" in care)]

    assert read() == [(True, True), (True, False), (False, False)]
    if gone == "leaves":
        ana.leave_coop(at=NOW, by=None)
    else:
        ana.go_on_leave(at=NOW, by=None, on=NOW.date(), until=NOW.date() + 5 * A_DAY)
    live(clock, 0)
    assert told("duty_deputy") == [("Bo", 0)]
    assert read() == [(False, False), (True, True), (False, False)]
    bo.leave_coop(at=NOW, by=None)
    assert read() == [(False, False), (False, False), (True, True)]


def test_usual_duties_come_in_both_languages_each_once(ben: Member, ana: Member) -> None:
    browser = signed_in(ben)
    address = reverse("add_usual_duties")
    browser.post(address, {"codes": ["patronage", "w2-1099"]})
    found = Duty.objects.get(code="patronage")
    assert (found.due_on, found.title_es != found.title_en, "1382(d)" in found.about_en) == (
        date(2026, 9, 15),
        True,
        True,
    )
    browser.post(address, {"codes": ["patronage"]})
    assert Duty.objects.count() == 2
    found.drop(note="By mistake.", at=NOW, by=ben.user)
    browser.post(address, {"codes": ["patronage"]})
    assert Duty.objects.standing().filter(code="patronage").count() == 1, "it can be chosen again"
    assert signed_in(ana).get(address).status_code == 403


def test_late_ones_stand_where_the_office_looks(ben: Member, clock: Any) -> None:
    tess = make.member("Tess Marin", hours=None, roles=["treasurer"])
    duty(ben, owner=ben)
    assert "Renew the insurance" not in signed_in(tess).get(reverse("trouble")).content.decode()
    clock.move_to(NOW + 101 * A_DAY)
    assert "Renew the insurance" in signed_in(tess).get(reverse("trouble")).content.decode()
    assert "Duties that are late" in signed_in(ben).get(reverse("home")).content.decode()


def test_the_database_keeps_that_a_duty_is_done_by_somebody_who_shows_it(ben: Member, ana: Member) -> None:
    made = duty(ben, owner=ana)
    broken: list[dict[str, Any]] = [
        {"state": "done"},
        {"state": "done", "done_at": NOW, "done_by": ana},
        {"deputy": ana},
        {"paper": b"1"},
    ]
    for facts in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.filter(pk=made.pk).update(**facts)
