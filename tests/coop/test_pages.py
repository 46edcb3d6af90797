"""The front page, health, and errors in plain words."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client as Forger
from django.test import RequestFactory
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from coop import urls
from coop.models import Heartbeat
from coop.web import pages
from tests.browsers import Browser as Client


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [*urls.urlpatterns, path("broken", broken)]
handler404, handler500 = urls.handler404, urls.handler500


def beat(*, minutes_ago: int = 0, trouble: str = "") -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    for sweep in settings.SWEEPS:
        Heartbeat.objects.update_or_create(sweep=sweep, defaults={"at": at, "trouble": trouble})


def readiness(client: Client) -> tuple[int, set[str]]:
    answer = client.get(reverse("readyz"))
    return answer.status_code, set(answer.json()["sweeps"].values())


def test_the_web_answers_without_asking_anybody(client: Client) -> None:
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_the_house_is_ready_when_every_sweep_has_run(client: Client) -> None:
    beat()
    assert readiness(client) == (200, {"ok"})


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "word"), [({"minutes_ago": 6}, "late"), ({"trouble": "no money"}, "trouble")])
def test_the_house_is_not_ready_when_a_sweep_is_late_or_in_trouble(client: Client, how: Any, word: str) -> None:
    beat(**how)
    assert readiness(client) == (503, {word})


@pytest.mark.django_db
def test_the_house_is_not_ready_before_the_first_sweep(client: Client) -> None:
    assert readiness(client) == (503, {"never ran"})


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_that_is_not_there_says_so_in_the_language_of_the_reader(client: Client, language: str) -> None:
    answer = client.get("/nowhere", headers={"accept-language": language})
    with translation.override(language):
        words = gettext("There is nothing here.")
    page = answer.content.decode()
    assert (answer.status_code, f'<html lang="{language}">' in page, f"<h1>{words}</h1>" in page) == (404, True, True)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("language", ["en", "es"])
def test_when_something_breaks_the_reader_is_told_kindly(language: str) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    answer = client.get("/broken")
    with translation.override(language):
        words = gettext("Something broke on our side.")
    assert (answer.status_code, f"<h1>{words}</h1>" in answer.content.decode()) == (500, True)


def test_the_page_for_a_break_asks_no_database() -> None:
    """This test has no database, so asking it would fail."""
    answer = pages.server_error(RequestFactory().get("/"))
    assert (answer.status_code, settings.COOP_NAME in answer.content.decode()) == (500, True)


@pytest.mark.django_db
def test_a_form_from_a_page_that_was_open_too_long_is_answered_kindly() -> None:
    answer = Forger(enforce_csrf_checks=True).post(reverse("set_language"), {"language": "es"})
    assert (answer.status_code, b"This page was open too long." in answer.content) == (403, True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "how_it_works", "account_login", "account_signup"])
def test_a_visitor_can_read_what_is_for_visitors(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
