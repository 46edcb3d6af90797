"""The switch between languages, on every page."""

import pytest
from django.urls import reverse

from members.models import User
from tests.browsers import Browser as Client

pytestmark = pytest.mark.django_db


def switch(client: Client, language: str = "es", **more: str) -> str:
    return client.post(reverse("set_language"), {"language": language} | more)["Location"]


def spoken(client: Client, name: str = "how_it_works") -> str:
    return client.get(reverse(name)).content.decode().partition('<html lang="')[2][:2]


def test_a_visitor_keeps_the_language_they_chose(client: Client) -> None:
    before = spoken(client)
    switch(client)
    assert (before, spoken(client)) == ("en", "es")


def test_a_browser_that_asks_for_spanish_gets_spanish() -> None:
    assert spoken(Client(headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})) == "es"


def test_a_language_is_kept_on_the_person_and_not_only_on_the_device(client: Client, dan: User) -> None:
    client.force_login(dan)
    switch(client)
    elsewhere = Client()
    elsewhere.force_login(dan)
    assert spoken(elsewhere) == "es"


def test_the_persons_language_wins_over_the_devices(client: Client, dan: User) -> None:
    switch(client)
    client.force_login(dan)
    assert spoken(client) == "en"


def test_signing_out_keeps_the_language_of_the_device(client: Client, dan: User) -> None:
    client.force_login(dan)
    switch(client)
    client.post(reverse("account_logout"))
    assert spoken(client) == "es"


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client, dan: User) -> None:
    client.force_login(dan)
    switch(client, "tlh")
    dan.refresh_from_db()
    assert (dan.language, spoken(client)) == ("en", "en")


@pytest.mark.parametrize(
    ("onward", "goes_to"),
    [
        ("/how-it-works?a=1", "/how-it-works?a=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_switching_leads_back_to_the_page_and_never_out_of_the_house(client: Client, onward: str, goes_to: str) -> None:
    assert switch(client, next=onward) == goes_to


def test_a_link_cannot_switch_the_language(client: Client) -> None:
    assert client.get(reverse("set_language") + "?language=es").status_code == 405
