"""What an office writes to members: to whom it goes, once, in whose language, and who sees who has read it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import translation

from coop.errors import Refusal
from members.announcements.audience import Audience
from members.announcements.tasks import sweep_announcements, tell_announcement
from members.models import Addressee, Announcement, Member, Notice
from tests import make
from tests.bookings.stage import NOW, signed_in, words

pytestmark = pytest.mark.django_db
BOTH = {"subject_en": "New gloves", "body_en": "They lie ready.", "subject_es": "Guantes", "body_es": "Están listos."}


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def written(by: Member, *, audience: Audience = Audience(), **facts: Any) -> Announcement:
    return Announcement.send(
        uuid4(), audience=audience, at=NOW, by=by.user, **{"office": "coordinator", **BOTH, **facts}
    )


def went(sent: Announcement) -> set[str]:
    return {str(row.member) for row in sent.addressees.select_related("member__user")}


def test_it_goes_to_whoever_fits_all_that_was_chosen(sol: Member, ana: Member, bo: Member, cara: Member) -> None:
    far = make.member("Fay Far", zip="10003", skills=["cleaning", "care"])
    gone = make.member("Gus Gone")
    gone.leave_coop(at=NOW - timedelta(days=1), by=None)
    everybody = {"Sol Vega", "Ana Reyes", "Bo Lindgren", "Cara Okafor", "Fay Far"}
    for audience, found in {
        Audience(): everybody,
        Audience(offices=("coordinator", "board")): {"Sol Vega"},
        Audience(skills=("care",)): {"Fay Far"},
        Audience(standings=("candidate",)): {"Cara Okafor"},
        Audience(areas=("100", "90210")): {"Fay Far"},
        Audience(county="Kings County, NY"): everybody - {"Fay Far"},
        Audience(skills=("cleaning",), standings=("member",), areas=("112",)): {"Sol Vega", "Ana Reyes", "Bo Lindgren"},
    }.items():
        assert went(written(sol, audience=audience)) == found, audience
    with pytest.raises(Refusal):
        written(sol, audience=Audience(skills=("care",), standings=("candidate",)))
    assert Announcement.objects.count() == 7
    assert far.pk


def test_each_is_told_once_in_their_language_whatever_breaks_off(sol: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    make.member("Eva Uno", language="es")
    make.member("Tom Two")
    sent = written(sol)
    post = Notice.post
    told: list[str] = []

    def dies_after_one(key: str, **about: Any) -> None:
        if told:
            raise KeyboardInterrupt
        told.append(key)
        post(key, **about)

    monkeypatch.setattr(Notice, "post", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        tell_announcement(sent.pk)
    monkeypatch.setattr(Notice, "post", post)
    for _again in range(2):
        tell_announcement(sent.pk)
        sweep_announcements()
    notices = Notice.objects.filter(key__startswith="announcement:").order_by("subject")
    assert [(one.subject, one.user.name) for one in notices] == [("Guantes", "Eva Uno"), ("New gloves", "Tom Two")]
    assert not Addressee.objects.filter(told_at=None).exists()


def test_one_language_is_read_by_all(sol: Member) -> None:
    sent = written(sol, subject_es="", body_es="")
    with translation.override("es"):
        assert (str(sent), sent.body) == ("New gloves", "They lie ready.")
    with pytest.raises(IntegrityError), transaction.atomic():
        written(sol, subject_en="", body_es="")


def test_it_is_shown_to_whom_it_goes_and_sent_when_exactly_they_were_seen(sol: Member, ana: Member) -> None:
    browser = signed_in(sol)
    typed = {"key": str(uuid4()), "office": "coordinator", **BOTH, "asks": "on", "day": "2026-06-02", "clock": "18:30"}
    page = browser.post("/announcements/new", typed)
    assert "It goes to 2 people" in words(page)
    assert "Ana R." in words(page)
    assert not Announcement.objects.exists()
    mark = page.context["mark"]
    make.member("Nia New")
    page = browser.post("/announcements/new", typed | {"shown": mark})
    assert "These are others than you saw before" in words(page)
    assert not Announcement.objects.exists()
    sending = typed | {"shown": page.context["mark"]}
    for _twice in range(2):
        assert browser.post("/announcements/new", sending).status_code == 302
    sent = Announcement.objects.get()
    assert went(sent) == {"Sol Vega", "Ana Reyes", "Nia New"}
    assert sent.begins_at == datetime(2026, 6, 2, 22, 30, tzinfo=UTC)


def test_nothing_typed_is_lost(sol: Member) -> None:
    page = words(signed_in(sol).post("/announcements/new", {"key": str(uuid4()), "body_en": "They lie ready."}))
    assert "They lie ready." in page
    assert "aria-invalid" in page


def test_the_writer_and_the_offices_see_who_has_read_it_and_who_can_come(
    sol: Member, tess: Member, ana: Member, bo: Member
) -> None:
    sent = written(sol, audience=Audience(skills=("cleaning",)), asks=True, begins_at=NOW + timedelta(days=3))
    url = f"/announcements/{sent.pk}"
    browser = signed_in(ana)
    page = words(browser.get(url))
    assert ("They lie ready." in page, "Bo L." in page) == (True, False)
    browser.post(f"{url}/answer", {"answer": "yes"})
    browser.post(f"{url}/answer", {"answer": "perhaps"})
    page = words(signed_in(tess).get(url))
    assert "opened by 3 of 4" in page
    assert page.count("not opened yet") == 1
    answers = sent.addressees.exclude(answer="").values_list("member", "answer")
    assert list(answers) == [(ana.pk, "perhaps")]
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        assert signed_in(ana).post(f"{url}/answer", {"answer": "no"}).status_code == 302
    assert sent.addressees.get(member=ana).answer == "perhaps"


def test_what_was_taken_back_says_so_and_is_told_to_nobody_else(sol: Member, tess: Member, ana: Member) -> None:
    sent = written(sol, asks=True)
    url = f"/announcements/{sent.pk}"
    assert signed_in(tess).post(f"{url}/taking-back", {"why": "No"}).status_code == 403
    signed_in(sol).post(f"{url}/taking-back", {"why": "Wrong day"})
    sweep_announcements()
    assert not Notice.objects.filter(key__startswith="announcement:").exists()
    page = words(signed_in(ana).get(url))
    assert ("Wrong day" in page, "They lie ready." in page, "No answer is asked for" in page) == (True, True, True)
    sent.refresh_from_db()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Announcement.objects.filter(pk=sent.pk).update(body_en="Something else")


def test_a_former_member_and_whoever_it_did_not_go_to_read_none(sol: Member, ana: Member, bo: Member) -> None:
    sent = written(sol, audience=Audience(offices=("coordinator",)))
    mine = written(sol)
    assert signed_in(ana).get(f"/announcements/{sent.pk}").status_code == 404
    assert signed_in(ana).get(f"/announcements/{mine.pk}").status_code == 200
    ana.leave_coop(at=NOW, by=None)
    assert signed_in(ana).get(f"/announcements/{mine.pk}").status_code == 404
    assert signed_in(ana).get("/announcements").status_code == 403
    sweep_announcements()
    assert not Notice.objects.filter(user=ana.user, key__startswith="announcement:").exists()


@pytest.mark.parametrize("chosen", [{"standings": ["suspended"]}, {"areas": "100"}, {"county": "New York County, NY"}])
def test_whoever_does_not_read_the_register_reads_nothing_of_it_from_whom_it_goes_to(
    tess: Member, ana: Member, chosen: dict[str, Any]
) -> None:
    make.stand("suspended", make.member("Zelda Quiet", zip="10003"))
    sent = {"key": str(uuid4()), "office": "treasurer", "subject_en": "x", "body_en": "y"}
    pages = [signed_in(tess).post("/announcements/new", sent | more) for more in ({}, chosen)]
    names = [[str(member) for member in page.context["chosen"]] for page in pages]
    assert names[0] == names[1] == ["Ana Reyes", "Tess Marin", "Zelda Quiet"]


def test_to_whom_it_went_by_the_register_is_for_those_who_read_that(sol: Member, tess: Member, ana: Member) -> None:
    narrow, wide = written(sol, audience=Audience(areas=("112",))), written(sol)
    found = []
    for who in (sol, tess):
        pages = [words(signed_in(who).get(one.get_absolute_url())) for one in (narrow, wide)]
        found.append(["To whom it went" in page for page in pages])
    assert found == [[True, True], [False, True]]
