"""One-click sign-in is for the demo, and a closed door everywhere else."""

from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core import signing
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from coop.dev.demo_links import latest_mails, link_for, one_of_each
from coop.web import badges
from members.models import Member, User
from tests import make
from tests.browsers import Browser as Client

pytestmark = pytest.mark.django_db


def test_a_link_of_the_demo_signs_in_with_one_click(client: Client, lee: User, settings: LazySettings) -> None:
    settings.DEMO = True
    answer = client.get(link_for(lee).removeprefix(settings.BASE_URL))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(lee.pk)


def test_a_true_link_opens_nothing_where_people_really_work(client: Client, lee: User, settings: LazySettings) -> None:
    settings.DEMO = False
    assert client.get(link_for(lee).removeprefix(settings.BASE_URL)).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "token", ["1", signing.dumps(1), signing.dumps(1, salt="other")], ids=["bare", "none", "other"]
)
def test_a_made_up_link_opens_nothing(client: Client, lee: User, settings: LazySettings, token: str) -> None:
    settings.DEMO = True
    assert client.get(f"/demo/sign-in/{token}").status_code == 404
    assert "_auth_user_id" not in client.session


def test_there_is_a_link_for_each_way_to_see_the_house(lee: User, ana: Member, cara: Member, tess: Member) -> None:
    assert list(one_of_each()) == [
        ("client", lee),
        ("member", ana.user),
        ("candidate", cara.user),
        ("treasurer", tess.user),
    ]


def test_the_house_of_the_demo_names_who_has_an_offer_and_shows_the_mails(
    client: Client, ana: Member, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EmailMessage("¿Estás?", "Hola, Ana:\nToca “Ya llegué” https://example.org/today", to=["ana@example.org"]).send()
    monkeypatch.setitem(badges._counts, "offers", lambda user: 2 if user == ana.user else 0)
    with time_machine.travel(make.SPRING, tick=False):  # a link has the second in it
        page = client.get("/demo").content.decode()
        assert link_for(ana.user).split("/demo/")[1] in page
    assert '<span class="chip">2</span>' in page
    assert [(mail.to, mail.subject, mail.body) for mail in latest_mails(5)] == [
        ("ana@example.org", "¿Estás?", "Hola, Ana:\nToca “Ya llegué” https://example.org/today")
    ]


def test_the_house_of_the_demo_is_nowhere_else(client: Client, settings: LazySettings) -> None:
    settings.DEMO = False
    assert client.get("/demo").status_code == 404


def test_the_links_are_printed_in_the_demo_only(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_links")
