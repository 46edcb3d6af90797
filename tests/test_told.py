"""Whatever the co-op tells anybody, by mail or on a phone, in either language, is short enough and tells no secrets."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

from bookings.models import Visit
from bookings.onsite.late_alerts import tell_of_forgotten, tell_of_late
from bookings.visits.reminders import remind
from members.announcements.tasks import tell_announcement
from members.credentials.expiry import warn_of_expiry
from members.models import Notice, User
from members.notices import notices, sms
from tests import house, make
from tests.house import PHONE, STREET, House
from tests.test_secrets import CANARIES

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PRIVATE = re.compile(
    r"street|apartment|access|note\b|phone|health|reason|\bwhy\b|placer|do_not_send|kept_away|client\.(user|name)|\bcode\b"
)
"""What no message may read of a thing: where somebody lives, how one gets in, how one calls them, and why."""


def spoken() -> Iterator[tuple[str, str]]:
    """Everything in braces in the messages, with the name of the file."""
    for path in sorted([*TEMPLATES.glob("mail/*.txt"), *TEMPLATES.glob("sms/*.txt")]):
        for tag in re.findall(r"{[{%](.*?)[}%]}", path.read_text(), flags=re.DOTALL):
            yield f"{path.parent.name}/{path.stem}", tag


def test_no_message_reads_what_is_private() -> None:
    found = {(name, read[0]) for name, tag in spoken() if (read := PRIVATE.search(tag))}
    assert found == ALLOWED


ALLOWED = {
    ("mail/act_against_you", "reason"),  # of who asks for something about their pay, to whom it is about
    ("mail/application_proven", "why"),  # words of ours
    ("mail/gift_card", "code"),  # of the gift, to whoever paid for it
    ("mail/household_invited", "client.user"),  # first name and initial of whoever invites
    ("mail/offer_made", "reason"),  # of a coordinator who decided otherwise, which every member reads
    ("mail/offer_made", "why"),  # these two are words of ours
    ("mail/pay_taken_back", "note"),  # of the treasurer, about their own pay
    ("mail/record_changed", "note"),  # what the office wrote down about them, to themselves
    ("mail/redo_declined", "why"),
    ("mail/times_written", "reason"),  # written for whoever reads it here
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], tuple[str, str]]:
    """Each kind of message in each language as mail and as text, from the life of a whole house."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    post = Notice.post

    def listen(key: str, *, to: User, mail: str, at: datetime, about: dict[str, Any], calendar: str = "") -> None:
        own = to.language
        for language in ("en", "es"):
            to.language = language
            texts = notices._texts(mail, ["mail", "sms"], to=to, about=about)
            found[mail, language] = ("\n".join(texts["mail"]), texts["sms"][1])
        to.language = own
        post(key, to=to, mail=mail, at=at, about=about, calendar=calendar)

    monkeypatch.setattr(Notice, "post", listen)
    return found


def _live_a_little(home: House) -> None:
    """What the house has not been told of yet: moved, late, called off, coming, ending."""
    sol, now = home.people["sol"], house.NOW
    moved = home.offer.shift.visit
    moved.move(moved.starts_at + house.A_DAY, at=now, by=sol)
    tell_of_late(at=home.today.starts_at + house.HALF_AN_HOUR)
    tell_of_forgotten(at=home.today.ends_at + house.HALF_AN_HOUR)
    written = {"shift": home.done.shifts.get(), "visit": home.done, "writer": "Sol V.", "reason": "A flat battery."}
    Notice.post("times_written", to=home.people["ana"], mail="times_written", at=now, about=written)
    home.today.visit.cancel(at=now, by=sol, note="")
    second = Visit.objects.filter(booking=home.series.booking).order_by("starts_at")[1]
    remind(at=second.starts_at - house.A_DAY)
    tell_announcement(home.told.pk)
    make.credential(home.people["ana"].membership, expires_on=(now + house.A_DAY).date())
    warn_of_expiry(at=now)


@pytest.mark.django_db
def test_every_message_fits_a_phone_and_tells_nothing_private(told: dict[tuple[str, str], tuple[str, str]]) -> None:
    with time_machine.travel(house.NOW, tick=False):
        home = house.build()
        _live_a_little(home)
    words = [*CANARIES.values(), PHONE, STREET, str(home.today.home.client)]
    assert len(told) > 15, sorted(told)
    assert {kind: text for kind, (_mail, text) in told.items() if len(text) > sms.MOST_LETTERS} == {}
    assert {kind: text for kind, (_mail, text) in told.items() if not set(text) <= sms.ALPHABET} == {}
    assert [(kind, word) for kind, both in told.items() for word in words if word in "".join(both)] == []
    assert [kind for kind, (_mail, text) in told.items() if "http://" not in text] == []
