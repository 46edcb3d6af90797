"""Signing in and joining: an address, a code from the mail, and that is all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from members.models import User
from tests import make
from tests.browsers import Browser as Client

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_one_has_tried_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"\d{4}-\d{4}", str(message.body))
    assert found
    return found.group()


def ask(client: Client, email: str) -> str:
    """Ask for a code to sign in; says where one is sent on to."""
    return client.post(reverse("account_login"), {"email": email})["Location"]


def enter(client: Client, code: str, url: str = "account_confirm_login_code") -> int:
    return client.post(reverse(url), {"code": code}).status_code


def who(client: Client) -> str | None:
    """The address of whoever is signed in."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_a_code_from_the_mail_signs_in(client: Client, dan: User) -> None:
    onward = ask(client, dan.email)
    enter(client, code_in(mail.outbox[0]))
    assert (onward, mail.outbox[0].to, who(client)) == (
        reverse("account_confirm_login_code"),
        ["dan-ortiz@example.org"],
        "dan-ortiz@example.org",
    )


def test_the_code_also_works_without_its_dash_and_whatever_the_case_of_the_address(client: Client, dan: User) -> None:
    ask(client, "Dan-Ortiz@Example.org")
    enter(client, code_in(mail.outbox[0]).replace("-", " "))
    assert who(client) == "dan-ortiz@example.org"


def test_signing_in_goes_on_to_where_one_wanted_to_be(client: Client, dan: User) -> None:
    client.post(reverse("account_login") + "?next=/how-it-works", {"email": dan.email})
    page = client.get(reverse("account_confirm_login_code") + "?next=/how-it-works")
    assert b'name="next" value="/how-it-works"' in page.content
    answer = client.post(
        reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[0]), "next": "/how-it-works"}
    )
    assert answer["Location"] == "/how-it-works"


def test_a_stranger_reads_the_same_page_as_a_friend_and_gets_another_mail(client: Client, dan: User) -> None:
    friend = Client()
    onward = [ask(friend, dan.email), ask(client, "stranger@example.org")]
    pages = [c.get(reverse("account_confirm_login_code")).content.decode() for c in (friend, client)]
    same = [re.sub(r"\S+@example.org|value=\"\w{64}\"", "…", page) for page in pages]
    assert (onward[0] == onward[1], same[0] == same[1], [m.subject for m in mail.outbox][1]) == (
        True,
        True,
        "No account with this address",
    )


def test_a_stranger_who_asks_again_still_gets_nowhere(client: Client) -> None:
    ask(client, "stranger@example.org")
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    assert (enter(client, "1234-5678"), len(mail.outbox), who(client)) == (200, 1, None)


def test_a_wrong_code_says_so_and_lets_one_try_again(client: Client, dan: User) -> None:
    ask(client, dan.email)
    page = client.post(reverse("account_confirm_login_code"), {"code": "0000-000x"}).content.decode()
    enter(client, code_in(mail.outbox[0]))
    assert ("That is not the code in our mail" in page, who(client)) == (True, dan.email)


def test_three_wrong_codes_end_it(client: Client, dan: User) -> None:
    ask(client, dan.email)
    answers = [enter(client, "nonsense") for _ in range(3)]
    enter(client, code_in(mail.outbox[0]))
    assert (answers, who(client)) == ([200, 200, 302], None)


def test_a_code_is_good_for_ten_minutes(client: Client, dan: User) -> None:
    with time_machine.travel(NOON, tick=False):
        ask(client, dan.email)
    with time_machine.travel(NOON + timedelta(minutes=10, seconds=1), tick=False):
        enter(client, code_in(mail.outbox[0]))
        assert who(client) is None


def test_only_the_newest_code_counts(client: Client, dan: User) -> None:
    ask(client, dan.email)
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    old, new = (code_in(message) for message in mail.outbox)
    enter(client, old)
    before = who(client)
    enter(client, new)
    assert (old == new, before, who(client)) == (False, None, dan.email)


def test_a_code_helps_nobody_in_another_browser(client: Client, dan: User) -> None:
    ask(client, dan.email)
    other = Client()
    enter(other, code_in(mail.outbox[0]))
    assert who(other) is None


def test_asking_for_codes_without_end_is_slowed_down(client: Client, dan: User) -> None:
    for _ in range(5):
        Client().post(reverse("account_login"), {"email": dan.email})
    page = client.post(reverse("account_login"), {"email": dan.email})
    assert (page.status_code, len(mail.outbox)) == (200, 3)


def test_somebody_new_joins_with_a_name_and_an_address(client: Client) -> None:
    onward = client.post(reverse("account_signup"), {"name": "Iris Bell", "email": "Iris@Example.org"})["Location"]
    enter(client, code_in(mail.outbox[0]), "account_email_verification_sent")
    iris = User.objects.get(email="iris@example.org")
    assert (onward, iris.name, iris.has_usable_password(), who(client)) == (
        reverse("account_email_verification_sent"),
        "Iris Bell",
        False,
        "iris@example.org",
    )


def test_joining_twice_only_reminds_the_owner_of_the_address(client: Client, dan: User) -> None:
    new, known = Client(), Client()
    new.post(reverse("account_signup"), {"name": "Iris", "email": "iris@example.org"})
    known.post(reverse("account_signup"), {"name": "Eve", "email": "dan-ortiz@example.org"})
    pages = [c.get(reverse("account_email_verification_sent")).content.decode() for c in (new, known)]
    same = [re.sub(r"\S+@example.org|value=\"\w{64}\"", "…", page) for page in pages]
    dan.refresh_from_db()
    assert (same[0] == same[1], [m.subject for m in mail.outbox][1], dan.name) == (
        True,
        "You already have an account",
        "Dan Ortiz",
    )


def test_joining_speaks_the_language_one_came_in(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "es"})
    client.post(reverse("account_signup"), {"name": "Iris Bell", "email": "iris@example.org"})
    assert User.objects.get(email="iris@example.org").language == "es"


def test_people_are_written_to_in_their_own_language(client: Client) -> None:
    make.user("Rosa Paz", language="es")
    ask(client, "rosa-paz@example.org")
    with translation.override("es"):
        subject = gettext("%(code)s is your sign-in code") % {"code": code_in(mail.outbox[0])}
    assert mail.outbox[0].subject == subject


def test_signing_out_asks_first_and_then_forgets(client: Client, dan: User) -> None:
    client.force_login(dan)
    asked = client.get(reverse("account_logout"))
    still = who(client)
    client.post(reverse("account_logout"))
    assert (asked.status_code, still, who(client)) == (200, dan.email, None)


def test_signing_out_leaves_nothing_in_the_browser(client: Client, dan: User) -> None:
    client.force_login(dan)
    looked, left = client.get(reverse("account_logout")), client.post(reverse("account_logout"))
    assert [answer.get("Clear-Site-Data") for answer in (looked, left)] == [None, '"cache", "storage"']


def test_who_mistyped_their_address_can_start_again(client: Client) -> None:
    client.post(reverse("account_signup"), {"name": "Iris Bell", "email": "irsi@example.org"})
    answer = client.post(reverse("account_logout"), {"next": reverse("account_signup")})
    again = client.get(reverse("account_signup"))
    assert (answer["Location"], again.status_code) == (reverse("account_signup"), 200)


def test_somebody_signed_in_is_not_asked_again(client: Client, dan: User) -> None:
    client.force_login(dan)
    assert client.get(reverse("account_login"))["Location"] == reverse("home")


def test_a_closed_account_gets_no_code(client: Client, dan: User) -> None:
    dan.is_active = False
    dan.save()
    ask(client, dan.email)
    assert [m.subject for m in mail.outbox] == ["No account with this address"]
