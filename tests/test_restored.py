"""A copy of the house from its backup, started as docs/operate.md says, with `PAYMENTS=off`: everybody gets what they
got before, nothing is charged, paid or told twice, and whoever looks after it sees how it stands.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import stripe
from celery import current_app
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from bookings.models import Booking, Client
from bookings.visits.tasks import sweep_visits
from coop.models import Heartbeat
from members.models import Notice
from members.notices.tasks import sweep_notices
from payouts.sandbox import Sandbox
from tests import databases, house
from tests.browsers import Browser
from tests.conftest import HOUSE, RESTORED, at_nine_in_the_house
from tests.house import NOBODY, House
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter, who
from tests.proofs import some
from tests.test_matrix import SENT, address_of, by_person, by_standing, declared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def standing(built: tuple[House, Sandbox], django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The house as it comes out of its backup."""
    whole, running = built
    with django_db_blocker.unblock(), databases.restored(HOUSE, RESTORED), override_settings(PAYMENTS=False):  # noqa: SIM117
        with at_nine_in_the_house(running, RESTORED), house.undone():
            yield deepcopy(whole)


@pytest.mark.parametrize(("name", "way"), some(sorted(declared()), of=24))
def test_an_address_answers_as_it_did_before(name: str, way: str, standing: House) -> None:
    """One person for each answer that the matrix declares."""
    cell, address = declared()[name, way], address_of(name, standing)
    sent = SENT.get(name, {}) if way == "post" else {}
    everybody = by_standing(by_person(cell, [NOBODY, *standing.people]), name=name, way=way)
    one_each = {word: who for who, word in everybody.items()}
    found = {
        word: standing.answer(who, way, address, sent(standing) if callable(sent) else sent)
        for word, who in one_each.items()
    }
    assert found == {word: word for word in one_each}


def made_at_stripe(built: tuple[House, Sandbox]) -> tuple[list[Any], ...]:
    """Whatever moves money there."""
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": built[1].url})
    lists = (client.v1.payment_intents, client.v1.transfers, client.v1.refunds)
    return tuple([(one.id, one.amount) for one in rows.list({"limit": 100}).data] for rows in lists)


def test_no_sweep_moves_money_or_tells_anybody_twice(home: House, built: tuple[House, Sandbox]) -> None:
    """What was sent before the backup stays sent, whatever comes by and however often."""
    sweep_notices()
    sent = {one.pk: one.sent_at for one in Notice.objects.exclude(sent_at=None)}
    mails, before = len(mail.outbox), made_at_stripe(built)
    current_app.loader.import_default_modules()
    for _twice in range(2):
        for name in settings.SWEEPS:
            current_app.tasks[name]()
    assert (made_at_stripe(built), len(sent) > 5) == (before, True)
    assert {one.pk: one.sent_at for one in Notice.objects.filter(pk__in=sent)} == sent
    anew = [(*one.to, one.subject, str(one.body)) for one in mail.outbox[mails:]]
    assert len(anew) == len(set(anew))
    assert [beat.trouble for beat in Heartbeat.objects.exclude(trouble="")] == []


def test_the_machine_and_the_offices_see_that_payments_are_off(home: House) -> None:
    assert Browser().get(reverse("readyz")).json()["payments"] == "off"
    for person, names in {"sol": ("home", "trouble"), "tess": ("home", "pay_runs", "trouble")}.items():
        for name in names:
            page = home.browser(person).get(reverse(name)).content.decode()
            assert "Payments are switched off" in page, (person, name)


def test_the_links_of_old_mails_still_lead_to_what_they_said(home: House) -> None:
    """A newcomer proves the address, somebody known signs in first; and a code lets in whom it let in before."""
    key = home.claimed.client.claim_key
    answer = Browser().post(reverse("answer_claim", args=[key]), {"yes": "yes"})
    assert answer["Location"].startswith(reverse("account_login"))
    assert Client.objects.get(pk=home.claimed.client.pk).is_claimed
    theirs = home.browser("lee").post(reverse("take_over_claim", args=[home.claimed.client.pk]))
    assert theirs.status_code == 302
    assert Booking.objects.get(pk=home.claimed.pk).client.user == home.people["lee"]
    offer = Browser().post(reverse("answer_offer", args=[home.offer.answer_key]), {"answer": "accept"})
    assert offer.status_code == 302
    home.offer.refresh_from_db()
    assert home.offer.state == "accepted"
    browser = Browser()
    ask(browser, home.people["ana"].email)
    enter(browser, code_in(mail.outbox[-1]))
    assert who(browser) == home.people["ana"].email


def test_what_is_due_waits_and_is_not_lost(home: House, time_machine: Any) -> None:
    """A visit that is done meanwhile is in the books, and charged once payments are on again."""
    home.browser("ana").post(reverse("start_shift", args=[home.today.pk]))
    time_machine.move_to(home.today.ends_at, tick=False)
    home.browser("ana").post(reverse("finish_shift", args=[home.today.pk]))
    time_machine.move_to(home.today.ends_at + timedelta(minutes=6), tick=False)
    sweep_visits()
    home.today.visit.refresh_from_db()
    assert home.today.visit.state == "completed"
    charge = home.today.visit.charges.get()
    charge.move(at=home.today.ends_at + timedelta(hours=1))
    charge.refresh_from_db()
    assert (charge.state, charge.attempts) == ("due", 0)
