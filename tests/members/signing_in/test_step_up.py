"""Showing once more who one is before what weighs: by a key, else by a fresh code; nothing typed is lost by it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from coop.dev.demo_links import link_for
from coop.models import Event
from members.models import Member, Notice, Role, User
from tests import keys, make
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def signed_in(person: User) -> Browser:
    """A browser in which somebody signed in by the code from our mail."""
    browser = Browser()
    ask(browser, person.email)
    enter(browser, code_in(mail.outbox.pop()))
    return browser


def with_app(person: User) -> str:
    """They have an app that makes codes; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def shown(secret: str) -> str:
    """What the app shows now."""
    return keys.shown(timezone.now(), secret)


def fields(page: Any) -> dict[str, str]:
    """What the first form of the page would send."""
    form = page.content.decode().split("<main")[1].split("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def asked(answer: Any) -> bool:
    return answer.status_code == 403 and "Please show that it is you" in answer.content.decode()


class TestWithoutAKey:
    def test_who_signed_in_a_moment_ago_is_not_asked(self, dan: User) -> None:
        assert signed_in(dan).post(reverse("export_data")).status_code == 200

    def test_later_a_fresh_code_from_the_mail_is_asked_for_and_the_form_goes_on(
        self, dan: User, clock: time_machine.Traveller
    ) -> None:
        browser = signed_in(dan)
        clock.shift(AN_HOUR)
        page = browser.post(reverse("erase_me"), {"email": "somebody@else.org"})
        assert asked(page)
        assert fields(page) == {"email": "somebody@else.org"}
        assert mail.outbox[-1].to == [dan.email]
        wrong = browser.post(reverse("erase_me"), {**fields(page), "step_up_code": "0000-0000"})
        assert asked(wrong)
        assert "That is not the code that we sent" in wrong.content.decode()
        code = code_in(mail.outbox[-1])
        through = browser.post(reverse("erase_me"), {**fields(wrong), "step_up_code": code.replace("-", " ")})
        assert "That is not the address of this account." in through.content.decode()
        assert browser.post(reverse("export_data")).status_code == 200

    def test_the_code_is_not_sent_with_each_look_and_ends_after_three_guesses(
        self, dan: User, clock: time_machine.Traveller
    ) -> None:
        browser = signed_in(dan)
        clock.shift(AN_HOUR)
        browser.post(reverse("export_data"))
        browser.post(reverse("export_data"))
        code = code_in(mail.outbox[-1])
        for _ in range(3):
            browser.post(reverse("export_data"), {"step_up_code": "1111-1111"})
        late = browser.post(reverse("export_data"), {"step_up_code": code})
        assert (asked(late), "no longer good" in late.content.decode()) == (True, True)

    def test_a_proof_holds_for_five_minutes(self, dan: User, clock: time_machine.Traveller) -> None:
        browser = signed_in(dan)
        clock.shift(timedelta(minutes=4, seconds=59))
        assert browser.post(reverse("export_data")).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert asked(browser.post(reverse("export_data")))

    def test_the_first_key_wants_a_fresh_code_too(self, dan: User, clock: time_machine.Traveller) -> None:
        browser = signed_in(dan)
        clock.shift(AN_HOUR)
        page = browser.get(reverse("mfa_activate_totp"))
        assert (asked(page), len(mail.outbox)) == (True, 0), "a look sends nothing"
        there = reverse("step_up")
        browser.post(there, {**fields(page), "step_up_again": "1"})
        onward = browser.post(there, {**fields(page), "step_up_code": code_in(mail.outbox[-1])})
        assert onward["Location"] == reverse("mfa_activate_totp")
        assert browser.get(onward["Location"]).status_code == 200

    def test_going_on_leads_to_no_other_site(self, dan: User) -> None:
        onward = signed_in(dan).post(reverse("step_up"), {"next": "https://elsewhere.example/"})
        assert onward["Location"] == reverse("signing_in")


class TestWithAKey:
    def test_a_code_from_the_mail_alone_is_not_enough_to_sign_in(self, dan: User) -> None:
        secret = with_app(dan)
        browser = Browser()
        ask(browser, dan.email)
        onward = browser.post(reverse("account_confirm_login_code"), {"code": code_in(mail.outbox.pop())})
        assert onward["Location"] == reverse("mfa_authenticate")
        assert browser.get(reverse("me")).status_code == 302
        assert "And now your key" in browser.get(onward["Location"]).content.decode()
        assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        browser.post(reverse("mfa_authenticate"), {"code": shown(secret)})
        assert browser.get(reverse("me")).status_code == 200

    def test_the_key_is_asked_for_and_no_mail_is_sent(self, dan: User, clock: time_machine.Traveller) -> None:
        browser = signed_in(dan)
        secret = with_app(dan)
        page = browser.post(reverse("export_data"))
        assert (asked(page), len(mail.outbox)) == (True, 0), "the code to sign in does not count where there is a key"
        assert browser.post(reverse("export_data"), {"step_up_code": shown(secret)}).status_code == 200

    def test_the_same_code_does_not_count_twice(self, dan: User) -> None:
        browser, other = signed_in(dan), signed_in(dan)
        secret = with_app(dan)
        assert browser.post(reverse("export_data"), {"step_up_code": shown(secret)}).status_code == 200
        assert asked(other.post(reverse("export_data"), {"step_up_code": shown(secret)}))

    def test_what_a_passkey_could_not_have_said_is_refused(self, dan: User) -> None:
        browser = signed_in(dan)
        with_app(dan)
        for said in ("nonsense", "{}", '{"id": "x", "response": {}}', "[]"):
            assert asked(browser.post(reverse("export_data"), {"step_up_credential": said}))


class TestAnOffice:
    @pytest.fixture
    def new(self, bo: Member) -> Member:
        """A coordinator who has no key yet."""
        Role.objects.create(member=bo, kind="coordinator", starts_on=make.FIRST_DAY)
        return bo

    def test_reads_and_does_not_act_before_there_is_a_key(self, new: Member) -> None:
        person = User.objects.get(pk=new.user_id)
        assert (person.must_enrol, person.roles, person.acting_roles) == (True, frozenset({"coordinator"}), frozenset())
        assert (person.has_perm("bookings.coordinate"), person.may_act("bookings.coordinate")) == (True, False)
        assert person.may_act("bookings.work")
        browser = signed_in(person)
        page = browser.get(reverse("contact_facts"))
        assert page.status_code == 200
        assert "Your office needs a key" in page.content.decode()
        refused = browser.post(reverse("contact_facts"), {"phone": "+1 212 555 0100"})
        assert refused.status_code == 403
        assert reverse("signing_in") in refused.content.decode()

    def test_a_mentor_needs_none(self, bo: Member) -> None:
        Role.objects.create(member=bo, kind="mentor", starts_on=make.FIRST_DAY)
        assert User.objects.get(pk=bo.user_id).must_enrol is False

    @pytest.mark.django_db(transaction=True)
    def test_acts_once_it_has_one(self, new: Member, clock: time_machine.Traveller) -> None:
        browser = signed_in(new.user)
        page = browser.get(reverse("mfa_activate_totp")).content.decode()
        secret = re.search(r'class="letters">([A-Z2-7]+)<', page).group(1)
        onward = browser.post(reverse("mfa_activate_totp"), {"code": shown(secret)})
        assert onward["Location"] == reverse("mfa_view_recovery_codes")
        codes = re.findall(r"<code>(\d{8})</code>", browser.get(onward["Location"]).content.decode())
        assert len(codes) == 10
        person = User.objects.get(pk=new.user_id)
        assert (person.must_enrol, person.may_act("bookings.coordinate")) == (False, True)
        assert Notice.objects.filter(user=person, subject="How you sign in has changed").count() == 1
        assert Event.objects.filter(verb="add_key", subject=person.pk).count() == 1
        rows = Authenticator.objects.filter(user=person)
        assert not any(secret in str(row.data) or codes[0] in str(row.data) for row in rows), "both are sealed"
        clock.shift(AN_HOUR)
        page = browser.post(reverse("export_data"))
        assert browser.post(reverse("export_data"), {"step_up_code": codes[0]}).status_code == 200
        clock.shift(AN_HOUR)
        assert asked(browser.post(reverse("export_data"), {"step_up_code": codes[0]})), "a recovery code works once"

    def test_needs_one_again_when_the_last_is_removed(self, sol: Member) -> None:
        browser = Browser()
        browser.force_login(sol.user)
        browser.post(reverse("mfa_deactivate_totp"))
        assert User.objects.get(pk=sol.user_id).must_enrol is True


class TestTheDemo:
    def test_a_link_counts_and_says_so_and_nobody_has_to_enrol(
        self, settings: Any, bo: Member, clock: time_machine.Traveller
    ) -> None:
        settings.DEMO = True
        Role.objects.create(member=bo, kind="coordinator", starts_on=make.FIRST_DAY)
        browser = Browser()
        browser.get(link_for(bo.user).removeprefix(settings.BASE_URL))
        clock.shift(AN_HOUR)
        assert User.objects.get(pk=bo.user_id).may_act("bookings.coordinate")
        assert browser.post(reverse("export_data")).status_code == 200
        assert "A real co-op would ask" in browser.get(reverse("me")).content.decode()

    def test_elsewhere_what_a_session_says_of_a_link_counts_nothing(
        self, settings: Any, dan: User, clock: time_machine.Traveller
    ) -> None:
        settings.DEMO = True
        browser = Browser()
        browser.get(link_for(dan).removeprefix(settings.BASE_URL))
        settings.DEMO = False
        clock.shift(AN_HOUR)
        assert asked(browser.post(reverse("export_data")))
