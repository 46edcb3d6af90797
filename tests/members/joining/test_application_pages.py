"""Working with us, from the public page to a candidate, with no JavaScript and no account."""

import re

import pytest
from django.urls import reverse

from members.models import Application, Member, Notice
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
ANSWERS = {
    "name": "Nora Diaz",
    "email": "nora-diaz@example.org",
    "language": "en",
    "phone": "718 555 0123",
    "zip": "10001",
    "hours": "20",
    "days": ["0", "2"],
    "areas": "",
    "languages": ["es"],
    "may_work": "yes",
    "words": "I cleaned offices.",
}


@pytest.fixture
def mel(db: None) -> Browser:
    """The browser of somebody who looks after membership."""
    browser = Browser()
    browser.force_login(make.member("Mel Ortega", hours=None, roles=["membership"]).user)
    return browser


def mailed(mail: str) -> str:
    """Where the link of the latest mail of this kind leads."""
    notice = Notice.objects.filter(key__startswith=f"{mail}:").latest("pk")
    found = re.search(r"https?://[^/]+(/\S+)", notice.body)
    assert found
    return found[1]


def test_from_a_stranger_to_a_candidate(client: Browser, mel: Browser) -> None:
    make.zip_code()
    assert reverse("work_with_us") in client.get("/").content.decode()
    assert client.post(reverse("send_application"), ANSWERS)["Location"] == reverse("application_sent")
    page = mailed("application_prove")
    assert "Was it you?" in client.get(page).content.decode()
    client.post(f"{page}/yes")
    made = Application.objects.get()
    assert (made.state, made.zip_id, made.days, made.may_work) == ("proven", "10001", [0, 2], True)
    assert "Nora Diaz" in mel.get(reverse("applications")).content.decode()
    mel.post(reverse("invite_application", args=[made.pk]), {"words": "Tuesday at 10?"})
    assert "Tuesday at 10?" in client.get(page).content.decode()
    assert client.post(f"{page}/withdrawal").status_code == 302
    mel_sees = mel.get(reverse("accept_application", args=[made.pk])).content.decode()
    assert "This application is settled already." in mel_sees


def test_somebody_accepted_signs_in_with_the_address(client: Browser, mel: Browser) -> None:
    make.member("Ana Reyes")
    made = make.application()
    made.prove(at=make.SPRING, by=None)
    mel.post(reverse("accept_application", args=[made.pk]), {"skills": ["cleaning"]})
    nora = Member.objects.get(user__email="nora-diaz@example.org")
    client.force_login(nora.user)
    assert client.get(reverse("today")).status_code == 200
    assert client.get(reverse("candidate", args=[nora.pk])).status_code == 200


def test_the_browsers_language_is_proposed_and_the_office_reads_which_was_chosen(client: Browser, mel: Browser) -> None:
    make.zip_code()
    proposed = client.get(reverse("send_application"), headers={"Accept-Language": "es"}).content.decode()
    assert re.search(r'name="language" value="es"[^>]* checked', proposed)
    client.post(reverse("send_application"), ANSWERS | {"language": "es"}, headers={"Accept-Language": "en"})
    made = Application.objects.get()
    assert made.user.language == "es"
    made.prove(at=make.SPRING, by=None)
    for step, asked in (("invite", True), ("decline", True), ("note", False)):
        page = mel.get(reverse(f"{step}_application", args=[made.pk])).content.decode()
        in_spanish = bool(re.search(r'<textarea[^>]* lang="es"', page))
        assert ("They read this: Spanish." in page, in_spanish) == (asked, asked)


def test_nothing_typed_is_lost(client: Browser) -> None:
    make.zip_code()
    answer = client.post(reverse("send_application"), ANSWERS | {"zip": "00000", "may_work": ""})
    page = answer.content.decode()
    assert "There is no such ZIP code." in page
    assert "I cleaned offices." in page
    assert Application.objects.count() == 0


def test_one_address_is_not_flooded(client: Browser) -> None:
    make.zip_code()
    for _time in range(3):
        assert client.post(reverse("send_application"), ANSWERS).status_code == 302
    page = client.post(reverse("send_application"), ANSWERS).content.decode()
    assert "We wrote to this address lately." in page
    assert Application.objects.count() == 3


def test_a_second_application_is_refused_where_it_is_proven(client: Browser) -> None:
    first, second = make.application(), make.application()
    first.prove(at=make.SPRING, by=None)
    page = second.get_absolute_url()
    answer = client.post(f"{page}/yes", headers={"Referer": f"http://testserver{page}"}, follow=True)
    assert "You applied before" in answer.content.decode()


def test_whoever_did_not_send_it_deletes_it(client: Browser) -> None:
    page = make.application().get_absolute_url()
    client.post(f"{page}/no")
    assert client.get(page).status_code == 404


def test_whoever_is_signed_in_is_not_asked_for_an_address(client: Browser) -> None:
    lee = make.user("Jordan Lee")
    client.force_login(lee)
    make.zip_code()
    assert 'name="email"' not in client.get(reverse("send_application")).content.decode()
    client.post(reverse("send_application"), {**ANSWERS, "email": "somebody-else@example.org"})
    made = Application.objects.get()
    assert (made.email, made.state) == (lee.email, "proven")
    assert made.get_absolute_url() in client.get(reverse("work_with_us")).content.decode()


def test_the_office_reads_how_long_somebody_waits_at_home(mel: Browser) -> None:
    make.application().prove(at=make.SPRING, by=None)
    page = mel.get("/").content.decode()
    assert "Applications that wait" in page
    assert "the oldest for" in page
