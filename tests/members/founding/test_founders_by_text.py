"""Somebody without an e-mail address is invited by a text message, and comes in by a code to that phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookings.models import Client
from coop.errors import Refusal
from coop.sending.delivery import Undeliverable
from members.models import FounderInvitation, Member, Notice, Reach, User
from members.notices import sms
from members.personal_data import told
from members.signing_in.tasks import sweep_texted_codes
from members.standing import founded
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
PHONE = "+12125550142"
ASKED = {"phone": "(212) 555-0142", "name": "Bo Lindgren", "email": "", "offices": ["treasurer"]}


@pytest.fixture(autouse=True)
def phones(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sms.Folder]:
    """Where text messages lie; the co-op has not opened yet."""
    cache.clear()
    settings.SMS_URL = f"file://{tmp_path}"
    monkeypatch.setattr(founded, "ends", [])
    yield sms.Folder(tmp_path)
    cache.clear()


@pytest.fixture
def ana() -> Browser:
    """The browser of the first founder."""
    browser = Browser()
    browser.force_login(make.member("Ana Reyes", hours=None, roles=["coordinator"]).user)
    return browser


def invite(browser: Browser, **more: object) -> str:
    """What the page says."""
    return browser.post(reverse("invite_founder"), ASKED | more, follow=True).content.decode()


def signed_in(link: str, phones: sms.Folder) -> Browser:
    """Whoever has that phone follows a link, and types the code that comes."""
    browser = Browser()
    page = browser.get(link).content.decode()
    onward = re.findall(r'name="next" value="([^"]+)"', page)[-1]
    asked = browser.post(reverse("sign_in_by_phone"), {"phone": PHONE, "next": onward}).headers["Location"]
    sweep_texted_codes()
    code = re.findall(r"\d{4}-\d{4}", phones.latest(1)[0]["text"])[0]
    came_to = browser.post(asked, {"code": code, "next": onward}).headers["Location"]
    assert came_to == onward
    return browser


def link_in(phones: sms.Folder) -> str:
    (found,) = re.findall(r"https?://[^/]+(/\S+)", phones.latest(1)[0]["text"])
    return str(found)


def test_a_founder_without_an_address_comes_in_by_their_phone(ana: Browser, phones: sms.Folder) -> None:
    assert "We wrote to (212) 555-0142." in invite(ana)
    assert (phones.latest(1)[0]["to"], Notice.objects.count(), Member.objects.count()) == (PHONE, 0, 1)
    invited = FounderInvitation.objects.get()
    bo = signed_in(link_in(phones), phones)
    page = reverse("accept_founding", args=[invited.pk])
    assert "Treasurer" in bo.get(page).content.decode()
    assert bo.post(page, {"name": "Bo Lindgren", "zip": "11215"}).headers["Location"] == reverse("readiness")
    member = Member.objects.get(user=Reach.owner_of(PHONE))
    assert (member.is_owner, member.user.roles, str(member.phone)) == (True, {"treasurer"}, PHONE)
    invited.refresh_from_db()
    assert (invited.state, invited.phone, invited.told, member.user.email) == ("accepted", "", {}, "")


def test_what_was_taken_back_opens_nothing_and_leaves_no_number(ana: Browser, phones: sms.Folder) -> None:
    invite(ana)
    assert "They are invited already" in invite(ana)
    invited = FounderInvitation.objects.get()
    assert PHONE in str(told(invited.user, at=timezone.now()))
    ana.post(reverse("withdraw_founder", args=[invited.pk]))
    invited.refresh_from_db()
    assert (invited.phone, invited.told, invited.user.is_active, invited.user.name) == ("", {}, False, "")
    assert "We wrote to (212) 555-0142." in invite(ana), "and they can be asked anew"


def test_whose_number_is_known_is_asked_as_that_person_and_loses_nothing(
    ana: Browser, phones: sms.Folder, lee: User, dan: User, sol: Member
) -> None:
    Reach.of(lee).prove(PHONE, at=timezone.now())
    invite(ana)
    assert FounderInvitation.objects.get().user == lee
    Reach.of(dan).prove(PHONE, at=timezone.now())
    theirs = Browser()
    theirs.force_login(dan)
    page = reverse("accept_founding", args=[FounderInvitation.objects.get().pk])
    theirs.post(page, {"name": "Dan Cole", "zip": "11215"})
    lee.refresh_from_db()
    assert (Member.objects.filter(user=dan).exists(), lee.is_active) == (True, True)
    assert "They belong to the co-op already." in invite(ana)
    other = "+12125550143"
    rosa = Client.by_phone(name="Rosa", phone=other, email="", language="es", at=timezone.now(), by=sol.user).user
    invite(ana, phone=other)
    invited = FounderInvitation.objects.get(user=rosa)
    assert "invita" in phones.latest(1)[0]["text"], "in her language"
    ana.post(reverse("withdraw_founder", args=[invited.pk]))
    rosa.refresh_from_db()
    assert rosa.is_active


def test_nothing_stays_where_no_message_goes(ana: Browser, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def refuse(*_sent: object) -> str:
        raise Undeliverable("No.")

    with monkeypatch.context() as patch:
        patch.setattr(sms.Folder, "send", refuse)
        assert "Is it a mobile phone?" in invite(ana)
    assert not FounderInvitation.objects.waiting().exists()
    assert "Please give an e-mail address or a mobile phone." in invite(ana, phone="")
    settings.SMS_URL = ""
    page = ana.get(reverse("invite_founder")).content.decode()
    assert ("the co-op sends no text messages yet" in page, 'name="phone"' in page) == (True, False)
    assert "This is still missing." in invite(ana)
    with pytest.raises(Refusal, match="cannot send text messages"):
        FounderInvitation.invite_by_text(
            phone=PHONE, name="Bo", offices=[], at=timezone.now(), by=Member.objects.get().user
        )


def test_a_number_is_written_to_no_oftener_than_with_codes(ana: Browser) -> None:
    for _time in range(3):
        invite(ana)
        ana.post(reverse("withdraw_founder", args=[FounderInvitation.objects.waiting().get().pk]))
    assert "several times lately" in invite(ana)
