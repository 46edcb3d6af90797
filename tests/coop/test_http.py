"""How a no reaches a person, and which doors are closed by default."""

from typing import Any

import pytest
import structlog
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path, reverse

from coop import urls
from coop.errors import Refusal
from coop.web.http import RequestLogMiddleware, TrueAddressMiddleware, form_succeeded, get_for, may
from members.models import Member, User
from tests.browsers import Browser as Client

NO = "This time was just taken <by somebody else>."
SAID = '<p class="message warning"> This time was just taken &lt;by somebody else&gt;. </p>'


@login_not_required
def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal(NO)


@login_not_required
def miss(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [*urls.urlpatterns, path("refusing", refuse), path("missing", miss)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def told(response: Any) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/how-it-works", "http://testserver/how-it-works"),
        ("http://elsewhere.example/how-it-works", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_no_brings_one_back_to_where_one_was_and_nowhere_else(client: Client, came_from: str, goes_to: str) -> None:
    answer = client.post("/refusing", headers={"referer": came_from})
    assert (answer.status_code, answer["Location"], told(answer)) == (302, goes_to, [("warning", NO)])


@pytest.mark.parametrize("debug", [False, True])
def test_what_is_not_there_is_said_in_our_words_also_in_the_demo(client: Client, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    answer = client.get("/missing")
    assert (answer.status_code, "There is nothing here." in answer.content.decode()) == (404, True)


def test_a_no_to_a_look_brings_one_home(client: Client) -> None:
    answer = client.get("/refusing", headers={"referer": "http://testserver/refusing"})
    assert (answer["Location"], told(answer)) == ("/", [("warning", NO)])


def test_a_no_is_read_on_the_page_one_lands_on(client: Client) -> None:
    page = client.post("/refusing", follow=True).content.decode()
    assert SAID in " ".join(page.split())


def test_a_no_to_a_part_of_a_page_is_put_where_messages_stand(client: Client) -> None:
    answer = client.post("/refusing", headers={"hx-request": "true"})
    told_where = (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"])
    assert (*told_where, " ".join(answer.content.decode().split())) == (422, "#messages", "innerHTML", SAID)


class Wish(forms.Form):
    day = forms.CharField()


def refusing(field: str | None) -> None:
    raise Refusal("Full.", field=field)


@pytest.mark.parametrize(
    ("field", "errors"), [("day", {"day": ["Full."]}), ("hour", {"__all__": ["Full."]}), (None, {"__all__": ["Full."]})]
)
def test_a_no_to_a_form_stands_at_its_field_and_loses_nothing(field: str | None, errors: dict[str, list[str]]) -> None:
    form = Wish({"day": "Monday"})
    assert (form_succeeded(form, lambda: refusing(field)), form.errors, form["day"].value()) == (
        False,
        errors,
        "Monday",
    )


def test_a_form_that_is_not_complete_carries_out_nothing() -> None:
    done: list[str] = []
    assert (form_succeeded(Wish({}), lambda: done.append("done")), done) == (False, [])


def test_what_one_may_not_see_does_not_exist_and_what_one_may_not_do_is_forbidden(dan: User, ana: Member) -> None:
    request: Any = RequestFactory().get("/")
    request.user = dan
    with pytest.raises(Http404):
        get_for(request, "admit", Member.objects.none(), pk=ana.pk)
    with pytest.raises(PermissionDenied):
        get_for(request, "admit", Member.objects.all(), pk=ana.pk)
    assert may(dan, "admit", ana) is False


def test_every_page_closes_the_doors_it_does_not_need(client: Client) -> None:
    answer = client.get("/")
    policy = {part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in answer["Content-Security-Policy"].split("; ")}
    assert (policy["default-src"], policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == (
        "'none'",
        "'self'",
        "'self'",
        "'none'",
    )
    headers = ["X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"]
    assert [answer[header] for header in headers] == ["DENY", "nosniff", "same-origin", "same-origin"]
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_what_somebody_signed_in_reads_stays_in_no_cache(client: Client, dan: User) -> None:
    before = client.get("/").get("Cache-Control")
    client.force_login(dan)
    assert (before, client.get(reverse("me"))["Cache-Control"]) == (None, "no-store, private")


def test_no_page_carries_a_style_or_a_script_of_its_own(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    pages = [
        client.get(reverse(name)).content.decode() for name in ("home", "me", "change_availability", "how_it_works")
    ]
    assert not any(sign in page for page in pages for sign in (" style=", "<style", " onclick", "javascript:"))


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was claimed by the visitor
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (2, "203.0.113.7", "192.0.2.1"),  # came by another door than through our proxies
        (1, "", "192.0.2.1"),
        (1, "nowhere", "192.0.2.1"),
        (1, " 2001:DB8::1 ", "2001:db8::1"),
    ],
)
def test_where_somebody_comes_from_is_what_our_own_proxies_saw(
    settings: Any, proxies: int, said: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=said, HTTP_X_REAL_IP="9.9.9.9")
    TrueAddressMiddleware(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request)
    with structlog.contextvars.bound_contextvars():
        RequestLogMiddleware.bind_ip(request)
        assert structlog.contextvars.get_contextvars()["ip"] == address
