"""Open for bookings as a deliberate act, and closed with words for clients."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.urls import reverse

from bookings.models import Booking, DoorSign, Visit
from coop.contact import ContactFacts
from coop.errors import Refusal
from coop.readiness import needs as readiness
from coop.readiness.needs import Need
from members.founding.founders import share_offices
from members.founding.readiness import OFFICES
from members.models import Member
from members.standing import founded
from tests import make
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 13, tzinfo=UTC)
WORDS = {"words_en": "We are full until May.", "words_es": "No hay lugar hasta mayo."}
ASKED = {"service": "cleaning", "zip": "11215", "bedrooms": "1", "bathrooms": "1", "every": "0", "supplies": "ours"}


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


def close(by: Member) -> DoorSign:
    return DoorSign.hang(is_open=False, **WORDS, at=NOW, by=by.user)


def test_a_closed_door_refuses_a_new_booking_with_its_words(ana: Member, sol: Member) -> None:
    quote = make.quote(at=NOW)
    quote.choose_time(NOW + timedelta(days=3), at=NOW)
    close(sol)
    with pytest.raises(Refusal, match="We are full until May"):
        Booking.request(quote, at=NOW, by=make.booker(quote))
    assert Booking.objects.count() == 0


def test_what_was_booked_goes_on(ana: Member, sol: Member) -> None:
    booking = make.booking(starts_at=NOW + timedelta(days=3), at=NOW)
    close(sol)
    booking.card_saved(at=NOW, by=None)
    assert Visit.objects.get().state == "scheduled"
    assert Booking.request(booking.quote, at=NOW, by=booking.client.user) == booking


def test_a_client_reads_the_words_and_keeps_what_they_typed(client: Browser, sol: Member) -> None:
    make.zip_code()
    close(sol)
    for language, words in (("en", WORDS["words_en"]), ("es", WORDS["words_es"])):
        client.post(reverse("set_language"), {"language": language})
        for answer in (
            client.get(reverse("home")),
            client.get(reverse("quote")),
            client.post(reverse("quote"), ASKED | {"bedrooms": "3"}),
        ):
            assert words in answer.content.decode()
    assert answer.context["form"].cleaned_data["bedrooms"] == 3


def test_every_later_step_leads_back_to_the_first(client: Browser, sol: Member) -> None:
    quote = make.quote(at=NOW)
    close(sol)
    for step in ("choose_time", "give_contact", "check_booking"):
        for answer in (client.get(reverse(step, args=[quote.token])), client.post(reverse(step, args=[quote.token]))):
            assert answer.headers["Location"] == reverse("quote", query={"change": quote.token})


def test_the_office_closes_and_opens_and_the_past_stays(client: Browser, sol: Member) -> None:
    client.force_login(sol.user)
    assert client.post(reverse("hang_sign"), WORDS | {"words_es": " "}).context["form"].errors.keys() == {"words_es"}
    client.post(reverse("hang_sign"), WORDS)
    assert DoorSign.latest().words == WORDS["words_en"]
    page = client.get(reverse("hang_sign")).content.decode()
    assert WORDS["words_en"] in page
    sign = DoorSign.latest()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        DoorSign.objects.filter(pk=sign.pk).update(is_open=True)


def test_it_does_not_open_while_something_is_missing(
    client: Browser, sol: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(sol)
    monkeypatch.setattr(readiness, "_needs", {})
    needed = [False]
    readiness.register(Need("keys", "Nobody has the keys.", "Find them.", lambda: needed[0], opens=True))
    client.force_login(sol.user)
    answer = client.post(reverse("hang_sign"), {"open": "1"}, headers={"Referer": "http://testserver/office/door"})
    assert "Nobody has the keys." in client.get(answer.headers["Location"]).content.decode()
    assert not DoorSign.latest().is_open
    needed[0] = True
    client.post(reverse("hang_sign"), {"open": "1"})
    assert DoorSign.latest().is_open


def test_a_whole_co_op_may_open(ana: Member, sol: Member) -> None:
    close(sol)
    with pytest.raises(Refusal, match="Nobody can reach the co-op"):
        DoorSign.hang(is_open=True, at=NOW, by=sol.user)
    make.role(ana, "treasurer")
    for kind in ("board", "membership", "safety"):
        make.role(sol, kind)
    make.member("Bo Lindgren")
    facts = {"phone": "+12125550100", "email": "", "address": "", "hours_en": "", "hours_es": ""}
    ContactFacts.say(at=NOW, by=sol.user, **facts)
    assert DoorSign.hang(is_open=True, at=NOW, by=sol.user).is_open


def test_hanging_the_same_sign_twice_is_hanging_it_once(sol: Member) -> None:
    assert close(sol) == close(sol)


def test_before_the_first_sign_a_co_op_gets_ready() -> None:
    assert DoorSign(is_open=False).words == "We are getting ready, and do not take bookings yet."


@pytest.mark.django_db(transaction=True)
def test_it_does_not_open_while_the_founders_take_away_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the two at once the second sees what the first has done."""
    monkeypatch.setattr(readiness, "_needs", {"offices": readiness._needs["offices"]})
    monkeypatch.setattr(founded, "ends", [lambda: DoorSign.latest().is_open])
    ana, bo, _cleo = (make.member(name, hours=None) for name in ("Ana Reyes", "Bo Lindgren", "Cleo Park"))
    for kind in OFFICES:
        make.role(ana, kind)
    close(ana)
    shared, asked = Event(), Event()

    def share() -> None:
        with transaction.atomic():
            share_offices({ana: []}, at=NOW, by=bo.user)
            shared.set()
            asked.wait(timeout=0.3)

    def open_door() -> None:
        shared.wait(timeout=30)
        try:
            DoorSign.hang(is_open=True, at=NOW, by=bo.user)
        finally:
            asked.set()

    told = at_once(share, open_door)
    assert (told[0], isinstance(told[1], Refusal), DoorSign.latest().is_open) == (None, True, False)
