"""The co-op's papers: every member reads them, offices keep them, and nobody loses track of who did what."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from coop.errors import Refusal, WrongState
from members.models import Member, Paper
from tests import make
from tests.browsers import Browser
from tests.paper import blank

pytestmark = pytest.mark.django_db
NOW = make.SPRING
TODAY = NOW.date()
A_DAY = timedelta(days=1)


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


def minutes(by: Member, **said: Any) -> Paper:
    facts: dict[str, Any] = {"kind": "minutes", "title": "Minutes of March", "day": TODAY, "file": blank()}
    return Paper.add(**facts | said, at=NOW, by=by.user)


def test_an_office_keeps_it_members_read_it_and_clients_do_not(ben: Member, ana: Member) -> None:
    sent = SimpleUploadedFile("minutes.html", blank(title="Canary"), content_type="text/html")
    said = {"kind": "minutes", "title": "Minutes of March", "day": TODAY.isoformat()}
    signed_in(ben).post(reverse("add_paper"), said | {"file": sent})
    made = Paper.objects.get()
    file = signed_in(ana).get(reverse("paper_file", args=[made.pk]))
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert file["Content-Disposition"] == 'inline; filename="minutes-of-march.pdf"'
    assert (b"Canary" in file.content, "no-store" in file["Cache-Control"]) == (False, True)
    guest = Browser()
    guest.force_login(make.user("Dan Ortiz"))
    assert guest.get(reverse("paper_file", args=[made.pk])).status_code == 403
    assert signed_in(ana).post(reverse("add_paper"), said).status_code == 403


def test_what_is_neither_pdf_nor_picture_is_refused_in_words(ben: Member) -> None:
    said = {"kind": "other", "title": "A page", "day": TODAY.isoformat()}
    sent = SimpleUploadedFile("paper.pdf", b"<script>alert(1)</script>", content_type="application/pdf")
    page = signed_in(ben).post(reverse("add_paper"), said | {"file": sent}).content.decode()
    assert ("cannot read this" in page, Paper.objects.exists()) == (True, False)
    with pytest.raises(Refusal, match="not come yet"):
        minutes(ben, day=TODAY + A_DAY)


def test_however_large_it_is_the_form_says_so(ben: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("coop.web.uploads.MOST_BYTES", "coop.web.images.MOST_BYTES"):
        monkeypatch.setattr(limit, 1_000)
    for size in (1_001, 200_000):
        sent = SimpleUploadedFile("paper.pdf", b"x" * size, content_type="application/pdf")
        page = signed_in(ben).post(reverse("add_paper"), {"file": sent, "title": "Canary"}).content.decode()
        assert ("larger than 8 MB" in page, "Canary" in page, Paper.objects.exists()) == (True, True, False)


def test_a_later_one_takes_its_place_and_the_one_before_stays_readable(ben: Member, ana: Member) -> None:
    first = minutes(ben)
    first.replace(title="Minutes of March, corrected", day=TODAY, file=blank(), at=NOW, by=ben.user)
    later = Paper.objects.get(replaces=first)
    page = signed_in(ana).get(reverse("papers")).content.decode()
    assert ("corrected" in page, page.count("Minutes of March")) == (True, 1)
    assert signed_in(ana).get(reverse("paper_file", args=[first.pk])).status_code == 200
    assert first.get_absolute_url() in signed_in(ana).get(later.get_absolute_url()).content.decode()
    with pytest.raises(WrongState):
        first.replace(title="Again", day=TODAY, file=blank(), at=NOW, by=ben.user)


def test_taken_away_its_file_is_gone_and_its_reason_stays(ben: Member, ana: Member) -> None:
    made = minutes(ben)
    browser = signed_in(ben)
    browser.post(reverse("remove_paper", args=[made.pk]), {"reason": ""})
    assert Paper.objects.kept().exists()
    browser.post(reverse("remove_paper", args=[made.pk]), {"reason": "It named a client."})
    made.refresh_from_db()
    assert (made.state, made.file, made.removed_by) == ("removed", None, ben)
    assert "It named a client." in signed_in(ana).get(reverse("papers")).content.decode()
    assert signed_in(ana).get(reverse("paper_file", args=[made.pk])).status_code == 404


def test_the_database_keeps_who_took_a_paper_away_and_why(ben: Member) -> None:
    made = minutes(ben)
    for facts in ({"state": "removed"}, {"file": None}, {"reason": "Because."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.filter(pk=made.pk).update(**facts)
