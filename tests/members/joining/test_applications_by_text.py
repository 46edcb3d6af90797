"""Somebody without an e-mail address applies with a number, and is a candidate who signs in by it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookings.models import Client
from coop.errors import Refusal
from coop.sending.delivery import Undeliverable
from members.joining.tasks import sweep_applications
from members.joining.texted_applications import apply_by_text
from members.models import Application, Member, Notice, Reach, User
from members.notices import sms
from members.signing_in.numbers.numbers import opened_by
from tests import make
from tests.browsers import Browser
from tests.members.joining.test_application_pages import ANSWERS

pytestmark = pytest.mark.django_db
PHONE = "+17185550123"
SENT = ANSWERS | {"email": "", "language": "es"}


@pytest.fixture(autouse=True)
def phones(settings: Any, tmp_path: Path) -> Iterator[sms.Folder]:
    """Where text messages lie."""
    cache.clear()
    make.zip_code()
    settings.SMS_URL = f"file://{tmp_path}"
    yield sms.Folder(tmp_path)
    cache.clear()


def applied(client: Browser, phones: sms.Folder) -> tuple[Application, str]:
    """An application of somebody without an address, and its page, to which a message leads."""
    assert client.post(reverse("send_application"), SENT)["Location"] == f"{reverse('application_sent')}?to=phone"
    (link,) = re.findall(r"https?://[^/]+(/\S+)", phones.latest(1)[0]["text"])
    return Application.objects.latest("pk"), link


def test_from_a_number_to_a_candidate_who_signs_in_by_it(client: Browser, phones: sms.Folder) -> None:
    mel = make.member("Mel Ortega", hours=None, roles=["membership"])
    made, page = applied(client, phones)
    assert (phones.latest(1)[0]["to"], "solicitud de trabajo" in phones.latest(1)[0]["text"]) == (PHONE, True), (
        "in Spanish"
    )
    assert (opened_by(PHONE), Notice.objects.count()) == (None, 0), "a typed number opens nothing, and nobody calls it"
    assert "with your phone number" in client.get(page).content.decode()
    client.post(f"{page}/yes")
    office = Browser()
    office.force_login(mel.user)
    asked = office.get(reverse("decline_application", args=[made.pk])).content.decode()
    assert "They get a text message with a link to this. They read this: Spanish." in asked
    office.post(reverse("accept_application", args=[made.pk]), {"skills": ["cleaning"]})
    nora = Member.objects.get(user=opened_by(PHONE))
    assert (nora.state, nora.user.email, str(nora.phone)) == ("candidate", "", PHONE)
    assert set(Notice.objects.filter(user=nora.user).values_list("way", flat=True)) == {"sms"}
    assert reverse("sign_in_by_phone") in client.get(page).content.decode()


def test_whose_number_it_is_applied_and_nobody_is_here_twice(
    client: Browser, phones: sms.Folder, lee: User, ana: Member, sol: Member
) -> None:
    rosa = Client.by_phone(name="Rosa", phone=PHONE, email="", language="es", at=make.SPRING, by=sol.user).user
    first, page = applied(client, phones)
    client.post(f"{page}/yes")
    first.refresh_from_db()
    assert (first.user, first.state, Reach.owner_of(PHONE)) == (rosa, "proven", rosa)
    second, _page = applied(client, phones)
    with pytest.raises(Refusal, match="You applied before"):
        second.prove(at=timezone.now(), by=None)
    second.refresh_from_db()
    assert second.user.is_active
    Reach.of(ana.user).prove(PHONE, at=timezone.now())
    with pytest.raises(Refusal, match="You work here already"):
        second.prove(at=timezone.now(), by=None)


def test_what_leads_nowhere_leaves_no_number(
    client: Browser, phones: sms.Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, page = applied(client, phones)
    made.prove(at=timezone.now(), by=None)
    made.withdraw(at=timezone.now(), by=None)
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        sweep_applications()
    made.user.refresh_from_db()
    assert (Application.objects.exists(), made.user.is_active, opened_by(PHONE)) == (False, False, None)
    _again, page = applied(client, phones)
    client.post(f"{page}/no")
    assert not Application.objects.exists()

    def refuse(*_sent: object) -> str:
        raise Undeliverable("No.")

    monkeypatch.setattr(sms.Folder, "send", refuse)
    assert "Is it a mobile phone?" in client.post(reverse("send_application"), SENT).content.decode()
    assert (Application.objects.exists(), User.objects.filter(is_active=True).exists()) == (False, False)


def test_few_numbers_are_written_to_and_none_where_no_messages_go(client: Browser, settings: Any) -> None:
    sent = [client.post(reverse("send_application"), SENT | {"phone": f"718 555 01{n}"}) for n in range(30, 36)]
    assert [one.status_code for one in sent] == [302] * 5 + [200]
    assert "We cannot write to more numbers now." in sent[-1].content.decode()
    cache.clear()
    for _time in range(3):
        client.post(reverse("send_application"), SENT)
    assert "several times lately" in client.post(reverse("send_application"), SENT).content.decode()
    settings.SMS_URL = ""
    assert "This is still missing." in client.post(reverse("send_application"), SENT).content.decode()
    with pytest.raises(Refusal, match="cannot send text messages"):
        apply_by_text(name="Nora", phone=PHONE, language="en", at=timezone.now())
