"""What the office reads of members asks the database as often for thirty people as for three."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from members.announcements.audience import Audience
from members.appointing.office_changes import OfficeChange
from members.membership.proposed import ProposedSuspension
from members.models import (
    Addressee,
    Agreement,
    AgreementVersion,
    Announcement,
    Body,
    CredentialType,
    Duty,
    Evidence,
    Look,
    Member,
)
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
TODAY, A_DAY = NOW.date(), timedelta(days=1)
FEW, MANY = 3, 30
Says = dict[str, Any]
LISTS = (
    *("members", "certificates", "certificate_kinds", "offices", "bodies", "duties", "agreements", "announcements"),
    *("applications", "candidates", "confirmations", "papers", "skills", "leaving_reasons", "who_looked"),
)
FORMS = ("seat_member", "write_down_certificate", "add_duty", "send_announcement")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 6), "beige").save(kept, "PNG")
    return kept.getvalue()


PHOTO = _photo()


class Crowd:
    """A co-op that grows: each who comes has a row on every list."""

    def __init__(self) -> None:
        offices = ["membership", "coordinator", "board", "treasurer"]
        self.olga = make.member("Olga Office", hours=None, roles=offices)
        self.first = make.member("Fay First", hours=None)
        by: Says = {"at": NOW, "by": self.olga.user}
        says: Says = {"name_en": "Board", "name_es": "Consejo", "may_en": "Signs.", "may_es": "Firma.", "quorum": 2}
        self.board = Body.found(note="Vote", **says, **by)
        handbook = Agreement.add(name_en="Handbook", name_es="Manual", **by)
        words: Says = {"text_en": "We are kind.", "text_es": "Somos amables.", "changed_en": "", "changed_es": ""}
        self.version = AgreementVersion.write(handbook, starts_on=TODAY, **words, **by)
        self.meeting = self._send()
        self.by = by

    def _send(self) -> Announcement:
        said: Says = {"office": "board", "subject_en": "Meeting", "body_en": "Soup.", "asks": True}
        return Announcement.send(uuid4(), audience=Audience(offices=("board",)), at=NOW, by=self.olga.user, **said)

    def come(self, number: int) -> None:
        """So many more with what stands about each, and a third as many of what takes longer to write."""
        people = [make.member(hours=None) for _ in range(number)]
        heard = {"opened_at": NOW, "answer": "yes", "answered_at": NOW}
        Addressee.objects.bulk_create(Addressee(announcement=self.meeting, member=one, **heard) for one in people)
        for one in people:
            self._write_about(one)
        for one in people[::3]:
            self._decide_about(one)

    def _write_about(self, one: Member) -> None:
        make.role(one, "safety")
        make.credential(one)
        Duty.add(title_en="Tax", due_on=TODAY + 9 * A_DAY, owner=one, deputy=self.first, **self.by)
        self.board.terms.create(member=one, decision="Vote", starts_on=TODAY, ends_on=TODAY + 300 * A_DAY)
        Look.write(Look.Page.FILE, about=self.olga.user, by=one.user, at=NOW)
        make.credential(self.first, "cpr" if one.pk % 2 else "hha", issued_on=TODAY - one.pk * A_DAY)

    def _decide_about(self, one: Member) -> None:
        make.role(one, "mentor").end(at=NOW, by=self.olga.user, note="Enough")
        days: Says = {"starts_on": TODAY, "ends_on": TODAY + 90 * A_DAY}
        OfficeChange.seat(one, "elections", **days, decision="Vote", **self.by)
        ProposedSuspension.ask(one, reason="A report", **self.by)
        facts: Says = {"type": CredentialType.objects.get(code="hha"), "number": "1", "issued_on": TODAY - A_DAY}
        Evidence.show(one, **facts, expires_on=TODAY + 300 * A_DAY, photo=PHOTO, **self.by)
        make.member(hours=None, candidate=True)
        make.application(f"{one.pk}@example.org", at=NOW).prove(at=NOW, by=None)
        self._send()
        self.first.go_on_leave(at=NOW, by=one.user)
        self.first.come_back(**self.by)

    def pages(self) -> dict[str, str]:
        of_one = ("member", "read_standing")
        return {
            **{name: reverse(name) for name in (*LISTS, *FORMS)},
            **{name: reverse(name, args=[self.first.pk]) for name in of_one},
            "announcement": reverse("announcement", args=[self.meeting.pk]),
            "agreement_version": reverse("agreement_version", args=[self.version.pk]),
        }


def asked(crowd: Crowd, who: Member) -> dict[str, int]:
    """How many questions each page asks the database, the second time that it is looked at."""
    browser, found = Browser(), {}
    browser.force_login(who.user)
    for name, page in crowd.pages().items():
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200, name
        found[name] = len(queries)
    return found


def test_a_page_of_the_office_asks_as_often_for_three_people_as_for_thirty() -> None:
    crowd = Crowd()
    crowd.come(FEW)
    few = asked(crowd, crowd.olga)
    crowd.come(MANY - FEW)
    many = asked(crowd, crowd.olga)
    print("\n".join(f"{page:24} {few[page]:4} {many[page]:4}" for page in few))  # noqa: T201  (shown by pytest -s)
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
