"""Signing in and joining: an address, a code from the mail, and that is all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from coop.sending import mail as our_mail
from members.models import User
from members.signing_in import accounts
from tests import make
from tests.browsers import Browser as Client
from tests.post_office import PostOffice
from tests.relay import Relay

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


@pytest.fixture
def letters(settings: Any) -> Iterator[PostOffice]:
    """A mail server of one's own."""
    with PostOffice.running() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        accounts.post_office.close()
        yield office
        accounts.post_office.close()


def test_while_no_mail_goes_out_everybody_reads_so_and_it_mends_itself(
    letters: PostOffice, settings: Any, dan: User
) -> None:
    settings.EMAIL_PORT = 1
    friend, stranger = Client(), Client()
    ask(friend, dan.email), ask(stranger, "stranger@example.org")
    url = reverse("account_confirm_login_code")
    pages = [main_of(one.get(url).content.decode()) for one in (friend, stranger)]
    assert "Our mail does not go out at this moment" in pages[0]
    assert pages[0].replace(dan.email, "") == pages[1].replace("stranger@example.org", "")
    settings.EMAIL_PORT = letters.port
    accounts.post_office.close()
    friend.post(url, {"action": "resend"})
    assert "We sent a code to" in main_of(friend.get(url).content.decode())
    (letter,) = letters.letters
    enter(friend, re.findall(r"\d{4}-\d{4}", letter[1])[0])
    assert who(friend) == dan.email


def test_of_all_who_wait_for_a_silent_mail_server_only_the_first_does_so_in_vain(
    letters: PostOffice, settings: Any, dan: User
) -> None:
    with Relay.running("127.0.0.1", letters.port) as line:
        line.hang()
        settings.EMAIL_PORT = line.port
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(our_mail, "PATIENCE", 0.2)
            for email in (dan.email, "somebody@example.org", "else@example.org"):
                ask(Client(), email)
        assert line.waits == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 No such person", "No mail reaches this address"),
        ("450 Later", "Our mail does not go out at this moment"),
    ],
)
def test_an_address_that_the_mail_server_refuses_is_said_to_be_so(
    letters: PostOffice, client: Client, dan: User, answer: str, words: str
) -> None:
    letters.refuses[dan.email] = answer
    ask(client, dan.email)
    assert words in client.get(reverse("account_confirm_login_code")).content.decode()
    other = Client()
    ask(other, "somebody@example.org")  # a trouble of one address is not one of all
    assert "We sent a code to" in other.get(reverse("account_confirm_login_code")).content.decode()


def test_joining_goes_on_without_mail_and_the_code_comes_when_it_is_back(
    letters: PostOffice, settings: Any, client: Client
) -> None:
    settings.EMAIL_PORT = 1
    client.post(reverse("account_signup"), {"name": "Nora", "email": "nora@example.org"})
    url = reverse("account_email_verification_sent")
    assert "Our mail does not go out at this moment" in client.get(url).content.decode()


def main_of(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize(
    ("page", "facts"), [("account_login", {}), ("account_signup", {"name": "Iris Bell"})], ids=["sign in", "join"]
)
def test_one_browser_asks_for_so_many_codes_and_others_behind_its_line_for_theirs(page: str, facts: Any) -> None:
    def asked(browser: Client, number: int) -> bool:
        browser.post(reverse("account_logout"), {"next": reverse(page)})  # to type another address
        answer = browser.post(reverse(page), {**facts, "email": f"somebody-{number}@example.org"})
        return answer.status_code == 302 or "We sent you a code a moment ago" not in answer.content.decode()

    restless = Client()
    assert [asked(restless, number) for number in range(10)] == [True] * 8 + [False] * 2
    assert [asked(Client(), number) for number in range(20, 45)] == [True] * 25
