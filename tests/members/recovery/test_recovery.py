"""Whoever lost every key and address gets a new way in from two people of the office, and the old way can stop it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.urls import reverse

from coop.sending.delivery import Away
from members.models import AccountRecovery, Confirmation, Member, Notice, Reach, User
from members.notices import sms
from members.policies import RECOVERY_HOURS
from members.recovery.personal_data import forget
from members.recovery.recoveries import MOST_TRIES
from members.recovery.tasks import sweep_recoveries
from tests import make
from tests.bookings.stage import NOW, said, signed_in, words
from tests.browsers import Browser
from tests.members.signing_in.test_sign_in_pages import ask as ask_for_code
from tests.members.signing_in.test_sign_in_pages import code_in, enter, who

pytestmark = pytest.mark.django_db
NEW, PHONE = "ana@elsewhere.example", "+12125550142"
WAIT = timedelta(hours=RECOVERY_HOURS.default)


@pytest.fixture(autouse=True)
def clock(settings: Any, tmp_path: Path) -> Iterator[time_machine.Traveller]:
    cache.clear()
    settings.SMS_URL = f"file://{tmp_path}"
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mia(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mia Falk", hours=None, roles=["membership"])


def ask(by: Member, person: User, **more: str) -> Any:
    answers = {"email": NEW, "reason": "We have worked together for years.", "met": "on"}
    return signed_in(by).post(reverse("recover_user", args=[person.pk]), answers | more)


def confirm(by: Member) -> int:
    return signed_in(by).post(f"/confirmations/{Confirmation.objects.get().pk}/yes").status_code


def confirmed(mia: Member, sol: Member, person: User, **more: str) -> AccountRecovery:
    """Both have met them; the old and the new way are told."""
    ask(mia, person, **more)
    assert confirm(sol) == 302
    sweep_recoveries()
    return AccountRecovery.objects.get()


def follow(link: str) -> Any:
    """Somebody opens a link, and presses the button."""
    browser, path = Browser(), path_of(link)
    assert browser.get(path).status_code == 200
    return browser.post(path, follow=True).content.decode()


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[-1]


def link_in(letter: Any) -> str:
    return next(word for word in letter.body.split() if "/account/recovery/" in word)


def test_two_of_the_office_the_wait_and_the_new_address_open_the_account_again(
    mia: Member, sol: Member, ana: Member, clock: time_machine.Traveller
) -> None:
    make.key(ana.user)
    old = ana.user.email
    signed = signed_in(ana)
    assert said(ask(mia, ana.user)) == ["Asked. Now somebody else of the office meets them and confirms it."]
    sweep_recoveries()
    assert mail.outbox == [], "nobody is written to before the second person's yes"
    assert confirm(sol) == 302
    sweep_recoveries()
    assert {letter.to[0]: "/stop" in letter.body for letter in mail.outbox} == {old: True, NEW: False}
    row = AccountRecovery.objects.get()
    assert "This link opens nothing now." in words(Browser().get(path_of(row.finish_link)))
    clock.shift(WAIT)
    sweep_recoveries()
    sweep_recoveries()
    assert [letter.to for letter in mail.outbox[2:]] == [[NEW]]
    assert Authenticator.objects.filter(user=ana.user).exists(), "nothing is removed before they have shown it"
    follow(link_in(mail.outbox[-1]))
    person = User.objects.get(pk=ana.user_id)
    assert (person.email, Authenticator.objects.filter(user=person).count()) == (NEW, 0)
    assert signed.get(reverse("me")).status_code == 302, "whoever was signed in is out"
    browser = Browser()
    ask_for_code(browser, NEW)
    enter(browser, code_in(mail.outbox[-1]))
    assert who(browser) == NEW


def test_the_old_address_stops_it_and_both_of_the_office_hear(
    mia: Member, sol: Member, ana: Member, clock: time_machine.Traveller
) -> None:
    old = ana.user.email
    row = confirmed(mia, sol, ana.user)
    follow(link_in(next(letter for letter in mail.outbox if letter.to == [old])))
    clock.shift(WAIT)
    sweep_recoveries()
    assert (len(mail.outbox), User.objects.get(pk=ana.user_id).email) == (2, old)
    told = Notice.objects.filter(key__startswith="recovery_stopped").values_list("user__name", flat=True)
    assert sorted(told) == ["Mia Falk", "Sol Vega"]
    follow(row.finish_link)
    assert User.objects.get(pk=ana.user_id).email == old


def test_while_no_mail_goes_out_the_wait_does_not_run_down(
    mia: Member, sol: Member, ana: Member, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_sent: Any) -> int:
        raise Away("Nobody answers.")

    with monkeypatch.context() as silence:
        silence.setattr(EmailBackend, "send_messages", away)
        confirmed(mia, sol, ana.user)
        for _minute in range(MOST_TRIES):
            sweep_recoveries()
        clock.shift(2 * WAIT)
        sweep_recoveries()
    sweep_recoveries()
    assert sorted("/stop" in letter.body for letter in mail.outbox) == [False, True], "told first, and not opened"
    row = AccountRecovery.objects.get()
    assert row.ready_at == NOW + 3 * WAIT
    assert "This link opens nothing now." in words(Browser().get(path_of(row.finish_link)))
    clock.shift(WAIT)
    sweep_recoveries()
    follow(link_in(mail.outbox[-1]))
    assert User.objects.get(pk=ana.user_id).email == NEW


def test_what_waits_for_a_second_person_can_be_put_away_once_its_owner_is_forgotten(
    mia: Member, sol: Member, dan: User
) -> None:
    ask(mia, dan)
    forget(dan, NOW)
    asked = Confirmation.objects.get()
    assert confirm(sol) == 302
    assert Confirmation.objects.get().state == "asked"
    asked.decline("They are gone.", at=NOW, by=sol.user)
    assert (Confirmation.objects.get().state, AccountRecovery.objects.get().state) == ("declined", "lapsed")


def test_a_number_opens_an_account_without_an_address_from_then_on(
    mia: Member, sol: Member, dan: User, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    confirmed(mia, sol, dan, email="", phone="212-555-0142")
    clock.shift(WAIT)
    sweep_recoveries()
    text = sms.Folder(tmp_path).latest(1)[0]
    follow(next(word for word in text["text"].split() if "/account/recovery/" in word))
    person = User.objects.get(pk=dan.pk)
    assert (text["to"], person.email, Reach.owner_of(PHONE)) == (PHONE, "", person)


def test_nobody_does_it_alone_for_themselves_or_without_an_office(mia: Member, sol: Member, ana: Member) -> None:
    assert ask(ana, sol.user).status_code == 404
    assert ask(mia, mia.user).status_code == 403
    ask(mia, sol.user)
    assert [confirm(by) for by in (mia, sol)] == [403, 403]
    row = AccountRecovery.objects.get()
    for who_confirms in (mia.user, sol.user):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountRecovery.objects.filter(pk=row.pk).update(confirmed_by=who_confirms)


def test_a_link_that_nobody_used_is_over_after_a_week_and_it_can_be_asked_anew(
    mia: Member, sol: Member, ana: Member, clock: time_machine.Traveller
) -> None:
    confirmed(mia, sol, ana.user)
    assert "asked for already" in ask(mia, ana.user).content.decode()
    clock.shift(WAIT + timedelta(days=7))
    sweep_recoveries()
    row = AccountRecovery.objects.get()
    assert (row.state, row.email) == ("lapsed", "")
    ask(mia, ana.user)
    assert AccountRecovery.objects.running().count() == 1


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        ({"phone": PHONE}, "an address or a number, and not both"),
        ({"email": ""}, "an address or a number, and not both"),
        ({"email": "dan-ortiz@example.org"}, "has an account already"),
        ({"met": ""}, "errorlist"),
    ],
)
def test_what_cannot_be_is_said(mia: Member, ana: Member, dan: User, answers: dict[str, str], trouble: str) -> None:
    assert trouble in ask(mia, ana.user, **answers).content.decode()
    assert not AccountRecovery.objects.exists()
