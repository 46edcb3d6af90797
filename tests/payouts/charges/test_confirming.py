"""A bank that always asks for its client: a hosted page to confirm on, in time, once whatever happens on the way."""

from datetime import datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine

from bookings.models import Booking, Visit
from coop.errors import Refusal
from coop.web.attention import registered
from members.models import Member, Notice
from payouts.charges.confirming.confirming import CONFIRM_WITHIN
from payouts.models import CardSession, Charge, Entry, WebhookEvent
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe import errors, gateway
from tests.browsers import Browser
from tests.payouts.charges.test_charges import payments
from tests.payouts.stage import NOW, accept, booking, do, save_card, work_through

pytestmark = pytest.mark.django_db

STRICT = "authenticationRequired"
BY_THE_END = NOW + CONFIRM_WITHIN


@pytest.fixture
def booked(sandbox: Sandbox, ana: Member) -> Booking:
    """A visit of tomorrow, on the card of a bank that asks each time."""
    made = booking(starts_at=NOW + timedelta(days=1))
    save_strict_card(made)
    return made


def save_strict_card(made: Booking, card: str = STRICT) -> None:
    session = CardSession.open_for(made, at=NOW)
    on_the_page(session.url, card=card)
    session.look(at=NOW, by=None)


def on_the_page(url: str, card: str = STRICT, proof: str = "yes") -> int:
    """Choose a card on a hosted page and answer the bank."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    told = urlencode({"card": card, "proof": proof})
    connection.request("POST", parts.path, told, {"Content-Type": "application/x-www-form-urlencoded"})
    status = connection.getresponse().status
    connection.close()
    return status


def asked(at: datetime = NOW) -> Charge:
    """The charge of the only booking, once its bank has asked for the client."""
    charge = Charge.objects.get()
    charge.move(at=at)
    charge.refresh_from_db()
    assert charge.state == "unconfirmed"
    return charge


def moved(at: datetime) -> str:
    """The state of the only charge when the sweep has done all that is due."""
    work_through(Charge.objects.all(), at=at)
    return Charge.objects.get().state


def words(path: str, browser: Browser | None = None) -> str:
    return " ".join((browser or Browser()).get(path).content.decode().split())


def test_the_client_the_visit_and_the_office_are_told(booked: Booking) -> None:
    charge = asked()
    mail = Notice.objects.get(mail="charge_to_confirm")
    assert (mail.user, charge.confirm_path in mail.body, mail.is_read_out) == (booked.client.user, True, True)
    theirs = Browser()
    theirs.force_login(booked.client.user)
    with time_machine.travel(NOW, tick=False):
        for page in (booked.get_absolute_url(), booked.first_visit().get_absolute_url()):
            shown = words(page, theirs)
            assert ("At risk" in shown, "Confirm the payment" in shown, charge.confirm_path in shown) == (True,) * 3
    waits = next(one for one in registered() if one.code == "to_confirm")
    rows = [waits.show(one) for one in waits.find(booked.client.user, NOW)]
    assert [(row.cents, row.since) for row in rows] == [(14000, NOW)]


@time_machine.travel(NOW, tick=False)
def test_confirmed_by_the_link_of_the_mail_it_is_held_once_and_taken_when_the_work_is_done(
    booked: Booking, sandbox: Sandbox
) -> None:
    link, browser = asked().confirm_path, Browser()
    assert ("$140.00" in words(link), "only held now" in words(link)) == (True, True)
    pages = {browser.post(link)["Location"] for _time in range(2)}
    assert len(pages) == 1
    assert on_the_page(pages.pop()) == 303
    for _time in range(2):
        assert browser.get(f"{link}/done")["Location"] == link
    assert "It is confirmed" in words(link)
    assert (moved(NOW), payments(sandbox)[1:]) == ("held", [("requires_capture", 0)])
    done = do(accept(booked))
    assert (moved(done.ends_at + timedelta(days=9)), payments(sandbox)[1:]) == ("settled", [("succeeded", 14000)])
    assert Entry.objects.filter(kind=Entry.Kind.CAPTURE).count() == 1


def test_who_confirms_and_never_comes_back_is_heard_of_by_the_event(booked: Booking) -> None:
    charge = asked()
    on_the_page(charge.open_page(at=NOW))
    WebhookEvent.fill_gaps(at=NOW)
    for event in WebhookEvent.objects.due(NOW):
        event.follow(at=NOW)
    assert Charge.objects.get().state == "held"


def test_who_confirms_without_anybody_hearing_of_it_is_seen_before_the_time_is_over(booked: Booking) -> None:
    on_the_page(asked().open_page(at=NOW))
    assert moved(BY_THE_END) == "held"
    assert not Notice.objects.filter(mail="charge_declined").exists()


@pytest.mark.parametrize("opened", [False, True])
def test_what_nobody_confirms_in_time_is_a_declined_card(booked: Booking, sandbox: Sandbox, opened: bool) -> None:
    charge = asked()
    page = charge.open_page(at=NOW) if opened else ""
    assert moved(BY_THE_END - timedelta(minutes=1)) == "unconfirmed"
    assert moved(BY_THE_END) == "failed"
    assert Notice.objects.filter(mail="charge_declined").count() == 1
    assert [state for state, _cents in payments(sandbox)] == ["requires_payment_method"]
    if opened:
        assert on_the_page(page) != 303
    with time_machine.travel(BY_THE_END, tick=False):
        assert "nothing to confirm here any more" in words(charge.confirm_path)
        with pytest.raises(Refusal):
            charge.open_page(at=BY_THE_END)


def test_a_bank_that_says_no_on_the_page_lets_them_try_again(booked: Booking) -> None:
    page = asked().open_page(at=NOW)
    assert on_the_page(page, proof="no") != 303
    assert (on_the_page(page, card="visa"), moved(BY_THE_END)) == (303, "held")


def test_another_card_saved_instead_pays_and_the_link_is_old(booked: Booking) -> None:
    charge = asked()
    save_card(booked, "visa")
    assert moved(NOW) == "held"
    with time_machine.travel(NOW, tick=False):
        assert "nothing to confirm here any more" in words(charge.confirm_path)


@pytest.mark.parametrize("confirmed", [False, True])
def test_called_off_meanwhile_nothing_stays_on_the_card(booked: Booking, sandbox: Sandbox, confirmed: bool) -> None:
    page = asked().open_page(at=NOW)
    if confirmed:
        on_the_page(page)
    Charge.objects.get().call_off(at=NOW, by=None)
    assert moved(NOW) == "released"
    held = [("canceled", 0)] if confirmed else []
    assert (payments(sandbox)[1:], on_the_page(page) == 303) == (held, False)


@pytest.mark.parametrize("opened", [False, True])
def test_work_that_is_done_while_the_bank_waits_is_taken_once_it_is_confirmed(
    booked: Booking, sandbox: Sandbox, opened: bool
) -> None:
    visit = accept(booked)
    charge = asked(visit.starts_at)
    page = charge.open_page(at=visit.starts_at) if opened else ""
    done = do(visit)
    assert moved(done.ends_at) == "unconfirmed"
    on_the_page(page or Charge.objects.get().open_page(at=done.ends_at))
    Charge.objects.get().look_at_page(at=done.ends_at)
    assert (moved(done.ends_at), payments(sandbox)[1:]) == ("settled", [("succeeded", 14000)])


def test_a_visit_that_was_moved_away_is_asked_about_in_its_new_time(booked: Booking) -> None:
    page = asked().open_page(at=NOW)
    Visit.objects.update(starts_at=NOW + timedelta(days=4), ends_at=NOW + timedelta(days=4, hours=3))
    Charge.objects.get().plan_anew(at=NOW, by=None)
    assert (moved(NOW), on_the_page(page) == 303) == ("due", False)
    assert Charge.objects.get().due_at == NOW + timedelta(days=3)


def test_an_answer_that_asks_for_an_action_is_the_same_as_a_refusal(
    booked: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay = gateway.pay
    monkeypatch.setattr(
        gateway,
        "pay",
        lambda params, key: pay({**params, "off_session": False, "return_url": "http://x.test"}, key=key),
    )
    asked()


@time_machine.travel(NOW, tick=False)
def test_a_page_that_could_not_be_opened_is_opened_at_the_next_press(booked: Booking, sandbox: Sandbox) -> None:
    charge = asked()
    sandbox.faults(Fault(Mode.ERROR_AFTER, path="/v1/checkout/sessions", times=9))
    with pytest.raises(errors.GatewayTrouble):
        charge.open_page(at=NOW)
    sandbox.faults()
    assert charge.open_page(at=NOW).startswith(sandbox.url)


def test_while_a_page_is_being_opened_no_sweep_takes_it_for_one_without(booked: Booking) -> None:
    charge = asked()
    charge._claim_for_a_page(at=BY_THE_END - timedelta(seconds=30))
    charge.move(at=BY_THE_END)
    assert Charge.objects.get().state == "unconfirmed"
    assert moved(BY_THE_END + timedelta(minutes=2)) == "failed"


def test_no_letter_of_a_link_can_be_changed(booked: Booking) -> None:
    link = asked().confirm_path
    assert Browser().post(link[:-9] + "A" * 9).status_code == 404
