"""What is said when something does not work: in our words, with a way to put it right, and with nothing lost."""

import gettext
from pathlib import Path
from typing import Any, cast

import django
import pytest
from django import forms
from django.core.validators import BaseValidator, DecimalValidator
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bookings.models import AreaRequest
from members.models import User
from tests import reader
from tests.house import House
from tests.test_typed import fields_of, form_classes

LOCALE = Path(django.__file__).parent / "conf" / "locale"
EMPTY_WISH = {"email": "", "zip": ""}
OURS = "http://testserver"


def messages_of(field: forms.Field) -> set[str]:
    """Whatever this field may ever say."""
    found = [*field.error_messages.values()]
    for check in field.validators:
        code = getattr(check, "code", None)
        if isinstance(check, DecimalValidator):
            found += check.messages.values()
        elif isinstance(check, BaseValidator) and code not in field.error_messages:
            found.append(check.message)
    return {str(one) for one in found}


def test_no_form_speaks_in_words_that_are_not_ours() -> None:
    theirs = gettext.translation("django", LOCALE, ["es"])
    with translation.override("en"):
        said = {
            (one.__name__, name, words)
            for one in form_classes()
            for name, field in fields_of(one).items()
            for words in messages_of(field)
        }
    assert {what for what in said if theirs.gettext(what[2]) != what[2]} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_wrong_stands_at_the_top_with_a_link_to_each_field(client: Client, language: str) -> None:
    page = client.post(reverse("account_signup"), {"name": "7", "email": "x"}, headers={"accept-language": language})
    tree = reader.read(page.content.decode())
    [summary] = [one for one in tree.every("div") if "form-errors" in one.attrs.get("class", "")]
    links = [one.attrs["href"].removeprefix("#") for one in summary.every("a")]
    fields = {one.attrs.get("id") for one in tree.every("input")}
    assert (summary.attrs["role"], summary.attrs["tabindex"]) == ("alert", "-1")
    assert (len(links), set(links) <= fields) == (2, True)


@pytest.mark.django_db
def test_a_choice_is_led_to_at_its_first_answer(home: House) -> None:
    page = home.browser("sol").post(reverse("add_client"), {"name": "A", "phone": "(718) 555-0134", "language": "xx"})
    tree = reader.read(page.content.decode())
    [link] = [one for one in tree.every("a") if one.attrs["href"].startswith("#id")]
    assert link.attrs["href"].removeprefix("#") in {one.attrs.get("id") for one in tree.every("input")}


@pytest.mark.django_db
def test_a_way_of_asking_that_a_page_does_not_know_is_answered_with_words(client: Client, home: House) -> None:
    answers = [client.get(reverse("ask_for_area")), home.browser("ana").get(reverse("account_confirm_login_code"))]
    read = answers[0]
    assert (read.status_code, read["Allow"], "This page cannot be opened like that." in read.content.decode()) == (
        405,
        "POST",
        True,
    )


def stale(client: Client, url: str, words: dict[str, Any], **headers: str) -> Any:
    return client.post(url, words | {"csrfmiddlewaretoken": "old"}, headers=headers)


@pytest.mark.django_db
def test_what_was_typed_on_a_page_that_got_too_old_is_sent_by_one_more_click() -> None:
    visitor = Client(enforce_csrf_checks=True)
    page = stale(visitor, reverse("ask_for_area"), {"email": "far@example.org", "zip": "94110"}, origin=OURS)
    tree = reader.read(page.content.decode())
    [form] = [one for one in (reader.Form(one, tree) for one in tree.every("form")) if "zip" in one.names()]
    assert (page.status_code, "far@example.org" in tree.text, AreaRequest.objects.exists()) == (403, True, False)
    visitor.post(reverse("ask_for_area"), dict(form.filled()), headers={"origin": OURS})
    assert list(AreaRequest.objects.values_list("email", "zip")) == [("far@example.org", "94110")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"referer": "https://evil.example/"},
        {"origin": OURS, "sec-fetch-site": "cross-site"},
        {"origin": OURS, "hx-request": "true"},
        {},
    ],
    ids=str,
)
def test_somebody_elses_page_does_not_bring_its_words_here(headers: dict[str, str]) -> None:
    page = stale(Client(enforce_csrf_checks=True), reverse("ask_for_area"), {"email": "evil@example.org"}, **headers)
    assert (page.status_code, "evil@example.org" in page.content.decode()) == (403, False)


@pytest.mark.django_db
def test_a_code_is_never_shown_again() -> None:
    page = stale(Client(enforce_csrf_checks=True), reverse("account_login"), {"code": "1234-5678"}, origin=OURS)
    assert (page.status_code, "1234-5678" in page.content.decode()) == (403, False)


@pytest.mark.django_db
def test_a_full_fee_leaves_no_rest(home: House) -> None:
    page = home.browser("lee").get(reverse("cancel_own_visit", args=[home.today.visit_id])).content.decode()
    assert ("That is the whole price." in page, "the rest of what your bank" in page) == (True, False)


def test_a_name_written_from_the_right_turns_nothing_around_it() -> None:
    names = [User(name="علي حسن"), User(name="Ana <b>Reyes"), User(name="李 明")]
    assert [cast("Any", one.short_name).__html__() for one in names] == ["<bdi>علي ح.</bdi>", "Ana &lt;.", "李 明."]
    assert [f"{one}" for one in names] == ["علي حسن", "Ana <b>Reyes", "李 明"]


@pytest.mark.django_db
def test_a_name_written_from_the_right_stands_by_itself_on_every_page(home: House) -> None:
    User.objects.filter(pk__in=[one.pk for one in home.people.values()]).update(name="علي حسن")
    seen = 0
    for who, page in [
        ("ana", reverse("today")),
        ("ana", reverse("spotlight")),
        ("ana", reverse("turn", args=[home.today.pk])),
        ("sol", reverse("week")),
        ("sol", reverse("client", args=[home.today.home.client_id])),
        ("lee", reverse("visit", args=[home.today.visit_id])),
    ]:
        html = home.browser(who).get(page).content.decode()
        tree = reader.read(html)
        seen += len(tree.every("bdi"))
        assert not [one for one in tree.every() for value in one.attrs.values() if "<bdi" in value]
        assert "&lt;bdi" not in html
        assert "<bdi" not in html.partition("<title>")[2].partition("</title>")[0]
    assert seen > 6
