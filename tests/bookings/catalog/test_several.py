"""Two windows: an extra that can be had several times, from the question to the receipt."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import AddOn, Booking, Service, Visit
from bookings.visits.worker_schedule import stops
from members.models import Member
from tests.bookings import desk
from tests.bookings.desk import NOW, signed_in, text
from tests.browsers import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_two_windows_cost_and_take_twice_as_much_as_one() -> None:
    drafts = [desk.ask(Browser(), add_ons=extras) for extras in (["windows"], ["windows:2"], ["windows", "windows"])]
    assert [(draft.minutes, draft.cents) for draft in drafts] == [(225, 14225), (240, 15325), (240, 15325)]


def test_how_many_stands_on_each_page_until_the_receipt(ana: Member, clock: time_machine.Traveller) -> None:
    visitor = Browser()
    draft = desk.ask(visitor, add_ons=["windows:3", "oven"])
    assert 'value="windows:3" selected' in text(visitor.get(reverse("quote", query={"change": draft.token})))
    assert "Inside the oven, 3 × A window, inside" in text(visitor.get(reverse("choose_time", args=[draft.token])))
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    desk.agree(visitor, draft)
    booking = Booking.objects.get()
    desk.prove(booking)
    booking.card_saved(at=NOW, by=None)
    visit = Visit.objects.with_related().get()
    shift = visit.shifts.get()
    shift.offers.get(state="made").accept(at=NOW, by=ana.user)
    assert "3 × A window, inside" in stops([shift], at=NOW)[0].work
    assert visit.price_on(visit.day).cents == draft.cents
    assert visit.again.count("add_ons=windows") == 3
    assert text(Browser().get(visit.again)).count('value="windows:3" selected') == 1
    clock.move_to(desk.THURSDAY_NINE)
    page = text(signed_in(ana).get(reverse("today")))
    assert page.count("3 × A window, inside") == 2, "with what there is to do, and with the checklist"
    shift.refresh_from_db()
    shift.start(at=desk.THURSDAY_NINE, by=ana.user)
    shift.complete(at=shift.ends_at, by=ana.user)
    visit.refresh_from_db()
    visit.settle(at=shift.ends_at + timedelta(hours=1), by=None)
    theirs = signed_in(booking.client.user)
    assert "3 × A window, inside" in text(theirs.get(reverse("receipt", args=[visit.pk])))
    assert theirs.get(reverse("receipt_pdf", args=[visit.pk])).status_code == 200


def test_more_than_there_can_be_is_said_and_nothing_is_lost() -> None:
    page = text(Browser().post(reverse("quote"), desk.WISH | {"add_ons": ["windows:20", "windows"]}))
    assert "There can be 20 at most of “A window, inside”." in page
    page = text(Browser().post(reverse("quote"), desk.WISH | {"add_ons": ["oven:2"]}))
    assert "There can be 1 at most of “Inside the oven”." in page


@pytest.mark.parametrize("odd", ["windows:", "windows:x", "windows:-1", "windows:99999", ":", ":2", "windows:²", ""])
def test_what_is_no_number_is_never_an_error(odd: str) -> None:
    assert Browser().post(reverse("quote"), desk.WISH | {"add_ons": [odd]}).status_code in (200, 302)


def test_the_office_says_how_many_there_can_be(sol: Member) -> None:
    services = list(Service.objects.filter(code="cleaning").values_list("pk", flat=True))
    wish = {"name_en": "Inside the oven", "name_es": "Interior del horno", "services": services, "most": "2"}
    signed_in(sol).post(reverse("change_add_on", args=["oven"]), wish)
    assert AddOn.objects.get(code="oven").most == 2
    assert desk.ask(Browser(), add_ons=["oven:2"]).extras.get().quantity == 2
    page = text(signed_in(sol).post(reverse("change_add_on", args=["oven"]), wish | {"most": "0"}))
    assert "errorlist" in page
