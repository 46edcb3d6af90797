"""PostgreSQL, Valkey and the mail server go away in the middle of the day, or hang, and come back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from pytest_django.plugin import DjangoDbBlocker

from bookings.models import Booking, Series
from members.models import Reach, User
from tests import make
from tests.journeys.conftest import OPENING_DAY
from tests.journeys.test_behind_a_proxy import asking, times
from tests.relay import Relay
from tests.stack import Stack, before_it_runs
from tests.visitor import Visitor

PHONE = "+12125550142"


@pytest.fixture
def lines(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Stack, Relay, Relay]]:
    """A co-op whose web speaks to PostgreSQL and Valkey through lines of ours, and to no mail server at all."""
    with django_db_blocker.unblock(), before_it_runs("journey", starts=OPENING_DAY) as stack, ExitStack() as ends:
        at = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{stack.database}")
        postgres, in_between = relayed(ends, urlunsplit(at))
        valkey, broker = relayed(ends, stack.broker)
        with Relay.running("127.0.0.1", 1) as nobody:
            nobody.cut()
            stack.web_alone = {
                "DATABASE_URL": in_between,
                "REDIS_URL": broker,
                "EMAIL_URL": f"smtp://127.0.0.1:{nobody.port}",
            }
            with stack.running():
                yield stack, postgres, valkey


CODE = re.compile(r"\b[0-9]{4}.?[0-9]{4}\b")


def relayed(ends: ExitStack, url: str) -> tuple[Relay, str]:
    """A line to a server, and its address at our end."""
    at = urlsplit(url)
    relay = ends.enter_context(Relay.running(at.hostname or "", at.port or 0))
    known, _sign, _where = at.netloc.rpartition("@")
    return relay, urlunsplit(at._replace(netloc=f"{known}@127.0.0.1:{relay.port}"))


def test_the_site_goes_on_as_well_as_it_can(lines: tuple[Stack, Relay, Relay]) -> None:
    stack, postgres, valkey = lines
    make.member("Ana Reyes")
    dan = make.user("Dan Ortiz")
    Reach.objects.create(user=dan, phone=PHONE, confirmed_at=OPENING_DAY)
    nobody_waits_twice_for_a_valkey_that_hangs(stack, valkey)
    without_mail_the_code_comes_by_text_message(stack, dan)
    without_the_database_there_is_a_page_in_both_languages(stack, postgres)
    a_request_in_which_the_database_dies_leaves_nothing_behind(stack, postgres)


def nobody_waits_twice_for_a_valkey_that_hangs(stack: Stack, valkey: Relay) -> None:
    """A series is confirmed, which rings many bells: each of the two processes waits for one of them at most."""
    person = on_to_the_card(stack, "series", every="1")
    valkey.hang()
    person.send("Save card", card="visa")
    person.sees("You are booked.")
    assert (Series.objects.count(), valkey.waits in (1, 2)) == (1, True)
    valkey.carry()
    valkey.hang_up()


def on_to_the_card(stack: Stack, name: str, **wish: str) -> Visitor:
    person = asking(stack.visitor(), **wish)
    person.send("Keep this time", starts_at=times(person)[0])
    facts = {"name": "Somebody", "email": f"{name}@example.org", "phone": "718 555 0142"}
    person.send("Look it over", **facts, street="1 7th Avenue")
    person.send("Save a card and book", agreed="on")
    return person


def without_mail_the_code_comes_by_text_message(stack: Stack, dan: User) -> None:
    """Who has no number with us reads the same page, and nothing breaks."""
    pages = []
    for email in ("nobody@example.org", dan.email):
        visitor = stack.visitor()
        visitor.visit(f"{stack.site}/account/sign-in/")
        visitor.send("/account/sign-in", email=email)
        pages.append(visitor.main)
    assert pages[0] == pages[1]
    visitor.sees("Our mail does not go out at this moment", "If you get text messages from us")
    stack.sweep("members.sweep_texted_codes")
    (text,) = [json.loads(file.read_text()) for file in (stack.folder / "sms").glob("*.json")]
    assert text["to"] == PHONE
    visitor.send("/account/sign-in/code", code=CODE.findall(text["text"])[0])
    assert "/account/" not in visitor.address


def without_the_database_there_is_a_page_in_both_languages(stack: Stack, postgres: Relay) -> None:
    postgres.cut()
    looked = {
        language: requests.get(f"{stack.site}/book", headers={"Accept-Language": language}, timeout=30)
        for language in ("en", "es")
    }
    assert {page.status_code for page in looked.values()} == {503}
    assert {page.headers["Retry-After"] for page in looked.values()} == {"60"}
    assert "We cannot look anything up for a moment." in looked["en"].text
    assert "Por un momento no podemos consultar nada." in looked["es"].text
    assert requests.get(f"{stack.site}/healthz", timeout=30).status_code == 200
    ready = requests.get(f"{stack.site}/readyz", timeout=30)
    assert (ready.status_code, ready.json()) == (503, {"database": "away"})
    postgres.carry()
    assert requests.get(f"{stack.site}/book", timeout=30).status_code == 200


def a_request_in_which_the_database_dies_leaves_nothing_behind(stack: Stack, postgres: Relay) -> None:
    before = Booking.objects.count()
    person = asking(stack.visitor())
    person.send("Keep this time", starts_at=times(person)[-1])
    person.send("Look it over", name="Kim", email="kim@example.org", phone="718 555 0142", street="2 7th Avenue")
    form = {**dict(person.form("Save a card and book").filled()), "agreed": "on"}
    postgres.cuts_at = b'INSERT INTO "bookings_booking"'
    answer = person.session.post(person.address, data=form, headers={"Referer": person.address}, timeout=30)
    assert (answer.status_code, Booking.objects.count()) == (503, before)
    postgres.cuts_at = b""
    postgres.carry()
    person.send("Save a card and book", agreed="on")
    assert (person.address.startswith(stack.stripe.url), Booking.objects.count()) == (True, before + 1)
