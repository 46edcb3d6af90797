"""Booking by phone: for somebody found or somebody new, with no e-mail and no card, and nothing said is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, Client, Quote, Visit
from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Member, Notice, User
from members.notices.tasks import sweep_notices
from payouts.models import Account, Card, Charge, Entry
from tests import make
from tests.bookings.desk import NOW, THURSDAY_NINE, WISH, choose, signed_in, text
from tests.bookings.stage import said
from tests.browsers import Browser
from tests.paper import text_of

pytestmark = pytest.mark.django_db

CALLER = {"name": "Rosa Prado", "phone": "(718) 555-0144", "email": "", "language": "es"}
WHERE = {"name": "Rosa Prado", "phone": "(718) 555-0144", "street": "12 Berkeley Place", "apartment": "2"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rosa(sol: Member) -> Client:
    """She calls for the first time and has no e-mail."""
    assert signed_in(sol).post("/office/clients/new", CALLER).status_code == 302
    return Client.objects.get(user__name="Rosa Prado")


def book_for(rosa: Client, sol: Member) -> Booking:
    """All the steps, by the office; how she pays is still to be said."""
    office = signed_in(sol)
    assert office.post("/book", WISH | {"household": rosa.pk}).status_code == 302
    draft = Quote.objects.latest("pk")
    choose(office, draft, THURSDAY_NINE)
    assert office.post(f"/book/{draft.token}/contact", WHERE).status_code == 302
    answer = office.post(f"/book/{draft.token}/check", {"agreed": "on"})
    booking = Booking.objects.get(quote=draft)
    assert answer["Location"] == f"/office/bookings/{booking.token}/confirmation"
    return booking


def confirmed(rosa: Client, sol: Member) -> Booking:
    booking = book_for(rosa, sol)
    signed_in(sol).post(f"/office/bookings/{booking.token}/confirmation", {"note": "She pays in cash at the office"})
    booking.refresh_from_db()
    return booking


def test_somebody_without_an_address_is_known_by_phone(rosa: Client, sol: Member) -> None:
    assert (rosa.user.email, str(rosa.phone), rosa.user.language) == ("", "+17185550144", "es")
    assert Event.objects.about(rosa).get().actor == sol.user
    assert "Rosa Prado" in text(signed_in(sol).get("/office/search", {"q": "0144"}))


def test_many_may_have_no_address_and_nobody_the_same_one(rosa: Client) -> None:
    User.objects.create_user("", "Somebody else")
    assert User.objects.meet("", "A third", language="en") not in (rosa.user,)
    User.objects.create_user("twice@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Twice@example.org")


def test_an_address_that_is_known_is_not_given_to_somebody_new(lee: User, sol: Member) -> None:
    page = text(signed_in(sol).post("/office/clients/new", CALLER | {"email": lee.email.upper()}))
    assert "is known already" in page
    assert 'value="Rosa Prado"' in page


def test_nobody_signs_in_without_an_address(rosa: Client) -> None:
    for address in ("", " "):
        answer = Browser().post("/account/sign-in/", {"email": address})
        assert (answer.status_code, "errorlist" in text(answer)) == (200, True)


def test_the_office_books_for_whoever_is_on_the_phone(ana: Member, rosa: Client, sol: Member) -> None:
    booking = book_for(rosa, sol)
    assert (booking.home.client, str(booking.home), booking.state) == (rosa, "12 Berkeley Place, 2", "requested")


def test_the_office_books_for_a_client_with_an_address_at_their_home(ana: Member, sol: Member) -> None:
    shift = make.accepted(starts_at=NOW + timedelta(days=4), at=NOW, street="77 Known Street")
    office, known = signed_in(sol), shift.home.client
    page = text(office.get("/book", {"household": known.pk}))
    assert f"You book for {known}" in page
    office.post("/book", WISH | {"household": known.pk})
    draft = Quote.objects.latest("pk")
    choose(office, draft, THURSDAY_NINE)
    assert "77 Known Street" in text(office.get(f"/book/{draft.token}/contact"))


def test_a_visit_without_a_card_is_asked_for_like_any_other(ana: Member, rosa: Client, sol: Member) -> None:
    booking = confirmed(rosa, sol)
    shift = booking.first_visit().shifts.get()
    assert (booking.state, booking.pays, shift.state, shift.member) == ("confirmed", "outside", "offered", ana)
    event = Event.objects.about(booking).get(verb="confirm_without_card")
    assert (event.actor, event.note) == (sol.user, "She pays in cash at the office")
    again = signed_in(sol).post(f"/office/bookings/{booking.token}/confirmation", {"note": "once more"})
    assert "This is settled already." in text(again)
    with pytest.raises(WrongState):
        booking.confirm_without_card(at=NOW, by=sol.user, note="once more")


def test_what_we_would_write_waits_for_a_call_and_is_never_mailed(ana: Member, rosa: Client, sol: Member) -> None:
    confirmed(rosa, sol)
    sweep_notices()
    waiting = Notice.objects.to_call(NOW).get(user=rosa.user)
    assert [message.to for message in mail.outbox if "" in message.to] == []
    page = text(signed_in(sol).get("/office/calls"))
    assert ("Rosa Prado" in page, "(718) 555-0144" in page, waiting.subject in page) == (True, True, True)
    assert "by check or in cash" in waiting.body or "con cheque o en efectivo" in waiting.body
    signed_in(sol).post(f"/office/calls/{waiting.pk}/made")
    waiting.refresh_from_db()
    assert (waiting.sent_at, waiting.called_by) == (NOW, sol.user)
    assert "Nobody waits for a call." in text(signed_in(sol).get("/office/calls"))


def test_a_visit_paid_outside_is_never_asked_of_a_card(ana: Member, rosa: Client, sol: Member) -> None:
    visit = confirmed(rosa, sol).first_visit()
    visit.move(visit.starts_at + timedelta(hours=1), at=NOW, by=sol.user, note="the bus is late")
    charge = Charge.objects.get(visit=visit)
    later = NOW + timedelta(days=30)
    assert (charge.state, charge.wanted, Charge.objects.due(later).count()) == ("due", "outside", 0)


def test_the_treasurer_writes_down_what_was_paid_and_the_books_know(
    ana: Member, rosa: Client, sol: Member, tess: Member, clock
) -> None:
    shift = confirmed(rosa, sol).first_visit().shifts.get()
    shift.offers.get(state="made").accept(at=NOW, by=ana.user)
    charge = Charge.objects.get(visit=shift.visit)
    early = signed_in(tess).post(f"/office/trouble/charges/{charge.pk}/collection", {"note": "cash"})
    assert said(early) == ["The visit is still to come. It is paid once it is done."]
    clock.move_to(shift.ends_at)
    shift.refresh_from_db()
    shift.start(at=shift.starts_at, by=ana.user)
    shift.complete(at=shift.ends_at, by=ana.user)
    assert "To be paid by check or in cash" in text(signed_in(tess).get("/office/trouble"))
    assert signed_in(sol).post(f"/office/trouble/charges/{charge.pk}/collection", {"note": "x"}).status_code == 403
    signed_in(tess).post(f"/office/trouble/charges/{charge.pk}/collection", {"note": "cash, receipt 12"})
    charge.refresh_from_db()
    entry = Entry.objects.get(charge=charge)
    assert (charge.state, entry.kind, entry.memo) == ("settled", "outside", "cash, receipt 12")
    balances = {account.kind: account.balance for account in Account.objects.with_balance()}
    assert (balances["client"], abs(balances["bank"])) == (0, charge.cents)


def test_a_card_that_is_to_be_charged_is_not_written_down_as_cash(ana: Member, tess: Member) -> None:
    visit = make.accepted(starts_at=NOW + timedelta(days=4), at=NOW).visit
    charge = Charge.objects.get(visit=visit)
    answer = signed_in(tess).post(f"/office/trouble/charges/{charge.pk}/collection", {"note": "cash"})
    assert (said(answer), Charge.objects.get(visit=visit).state) == (["This is charged to a card."], "due")


def test_nobody_but_the_office_books_for_others_or_sees_what_it_began(
    ana: Member, rosa: Client, sol: Member, lee: User
) -> None:
    booking = book_for(rosa, sol)
    Booking.objects.filter(pk=booking.pk).update(quote=None)
    draft = Quote.objects.get(client=rosa)
    for who in (lee, ana):
        browser = signed_in(who)
        assert browser.get(f"/book/{draft.token}/contact").status_code == 404
        assert browser.get(f"/office/clients/{rosa.pk}").status_code == 403
        browser.post("/book", WISH | {"household": rosa.pk, "change": str(draft.token)})
        newest = Quote.objects.latest("pk")
        assert (newest.client, newest.pk == draft.pk) == (None, False)
    assert Browser().get(f"/book/{draft.token}/contact").status_code == 404


def test_the_office_page_of_a_client_shows_neither_notes_nor_wishes(ana: Member, sol: Member) -> None:
    shift = make.accepted(starts_at=NOW + timedelta(days=4), at=NOW, street="77 Known Street", access_note="Frog 4711")
    page = text(signed_in(sol).get(f"/office/clients/{shift.home.client_id}"))
    assert ("77 Known Street" in page, "Frog" in page) == (True, False)


def test_nobody_opened_says_how_it_is_paid(ana: Member, rosa: Client, sol: Member, clock) -> None:
    visit = confirmed(rosa, sol).first_visit()
    visit.shifts.get().offers.get(state="made").accept(at=NOW, by=ana.user)
    for how in ("call", "text", "door"):
        visit.try_contact(how, note="", at=visit.starts_at, by=ana.user)
    visit.lock_out(at=visit.starts_at + timedelta(minutes=30), by=ana.user)
    told = Notice.objects.get(user=rosa.user, key__startswith="visit_locked_out")
    assert ("cheque o en efectivo" in told.body, "tarjeta" in told.body) == (True, False)


def test_what_is_paid_otherwise_holds_no_card_and_takes_no_tip_from_one(
    ana: Member, rosa: Client, sol: Member, clock
) -> None:
    shift = confirmed(rosa, sol).first_visit().shifts.get()
    assert Card.why_kept(rosa) == ""
    shift.offers.get(state="made").accept(at=NOW, by=ana.user)
    shift.refresh_from_db()
    shift.start(at=shift.starts_at, by=ana.user)
    shift.complete(at=shift.ends_at, by=ana.user)
    assert Card.why_kept(rosa) == ""
    visit = Visit.objects.get(pk=shift.visit_id)
    with pytest.raises(Refusal, match="not paid by card"):
        Charge.tip(visit, cents=500, at=shift.ends_at, by=rosa.user)


def test_nobody_who_pays_otherwise_reads_of_a_card(ana: Member, rosa: Client, sol: Member, clock) -> None:
    """Cancelling too late: what is said before the click, after it, in the mail and on the receipt."""
    rosa.user.email = "rosa@example.org"
    rosa.user.save()
    rosa.user.speak("en")
    Card.objects.create(client=rosa, customer="cus_1", method="pm_1", brand="visa", last4="4242", saved_at=NOW)
    visit = confirmed(rosa, sol).first_visit()
    visit.shifts.get().offers.get(state="made").accept(at=NOW, by=ana.user)
    clock.move_to(visit.starts_at - timedelta(hours=5))
    hers, cancelling = signed_in(rosa.user), reverse("cancel_own_visit", args=[visit.pk])
    asked = text(hers.get(cancelling))
    told = text(hers.post(cancelling, {"cents": visit.cancellation(timezone.now()).cents}, follow=True))
    visit.refresh_from_db()
    mailed = Notice.objects.filter(user=rosa.user).latest("pk").body
    receipt = text(hers.get(reverse("receipt", args=[visit.pk])))
    paper = text_of(hers.get(reverse("receipt_pdf", args=[visit.pk])).content)
    pages = [page.lower() for page in (asked, told, mailed, receipt, paper)]
    assert [page for page in pages if "by check or in cash" not in page] == []
    assert [page for page in pages if "your card" in page or "charged" in page or "visa," in page] == []
