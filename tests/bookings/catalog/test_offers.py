"""The catalogue by page: what is added, said otherwise, retired and brought back, and what was agreed meanwhile."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.formats import date_format

from bookings.models import AddOn, Booking, Quote, Service, ServicePrice, Visit
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Skill
from tests import make
from tests.bookings import desk
from tests.bookings.desk import NOW, signed_in, text
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
GARDEN = {
    "name_en": "Garden work",
    "name_es": "Jardinería",
    "summary_en": "Weeds, hedges and leaves.",
    "summary_es": "Malezas, setos y hojas.",
    "by_the_hour": "rooms",
    "skill": "cleaning",
    "credential": "",
    "level": "",
}
PRICE = {
    "rate": "40",
    "fixed": "0",
    "base_minutes": "60",
    "bedroom_minutes": "30",
    "bathroom_minutes": "30",
    "crew": "1",
    "from_day": "2026-03-09",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def offered_on(day: date) -> set[str]:
    return set(Service.objects.offered(day).values_list("code", flat=True))


def offered() -> list[str]:
    """The codes of the services on the page where people book."""
    page = text(Browser().get(reverse("quote")))
    return [one.code for one in Service.objects.order_by("position") if f'value="{one.code}"' in page]


def test_a_service_is_added_priced_and_booked_for_it(sol: Member, ana: Member) -> None:
    office, visitor = signed_in(sol), Browser()
    answer = office.post(reverse("add_service"), GARDEN)
    assert answer["Location"] == "/prices/services/garden-work"
    assert "garden-work" not in offered()
    assert "above the floor" in text(office.get(answer["Location"]))
    assert office.post(answer["Location"], PRICE)["Location"] == "/prices"
    assert "garden-work" in offered()
    draft = desk.ask(visitor, service="garden-work", bedrooms="2", bathrooms="2")
    assert (draft.minutes, draft.cents) == (180, 12000)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    desk.agree(visitor, draft)
    booking = Booking.objects.get()
    desk.prove(booking)
    booking.card_saved(at=NOW, by=None)
    visit = Visit.objects.get()
    assert (visit.booking.service.code, visit.minutes, visit.shifts.get().offers.get().member) == (
        "garden-work",
        180,
        ana,
    )
    steps = [(event.verb, event.actor) for event in Event.objects.about(booking.service)]
    assert steps == [("add", sol.user), ("set_price", sol.user)]


def test_in_an_empty_catalogue_the_page_leads_to_the_first_service(sol: Member, ana: Member) -> None:
    Service.objects.update(retired_on=NOW.date())
    AddOn.objects.update(retired_on=NOW.date())
    page = text(signed_in(sol).get("/prices"))
    assert ("Add the first service" in page, 'href="/prices/new-service"' in page) == (True, True)
    assert "Add the first service" not in text(signed_in(ana).get("/prices"))
    assert Browser().get(reverse("home")).status_code == 200
    assert Browser().get(reverse("quote")).status_code == 200


def test_without_a_skill_the_page_of_a_new_service_leads_to_the_first(sol: Member) -> None:
    Skill.objects.all().delete()
    assert "First say what people can do" in text(signed_in(sol).get(reverse("add_service")))
    assert signed_in(sol).post(reverse("add_skill"), {"name_en": "Gardens", "name_es": "Jardines"})["Location"] == (
        "/skills"
    )
    assert "Gardens" in text(signed_in(sol).get(reverse("add_service")))


@pytest.mark.parametrize("left_out", ["name_en", "name_es", "summary_en", "summary_es", "skill"])
def test_both_languages_are_asked_for_and_nothing_typed_is_lost(sol: Member, left_out: str) -> None:
    page = text(signed_in(sol).post(reverse("add_service"), GARDEN | {left_out: ""}))
    assert ("errorlist" in page, "Jardinería" in page or "Garden work" in page) == (True, True)
    assert not Service.objects.filter(code__startswith="garden").exists()


def test_two_of_one_english_name_have_two_addresses(sol: Member) -> None:
    for name_es in ("Jardines", "Jardinería", "Jardinería"):  # the last is on the list already
        names = {"name_en": "Gardens & green: everything", "name_es": name_es}
        signed_in(sol).post(reverse("add_service"), GARDEN | names)
    assert set(Service.objects.filter(code__startswith="gardens").values_list("code", flat=True)) == {
        "gardens-green-ev",
        "gardens-green-ev-2",
    }


def test_words_count_at_once_and_say_who_changed_them(sol: Member) -> None:
    cleaning = Service.objects.get(code="cleaning")
    wish = {name: getattr(cleaning, name) for name in GARDEN} | {"by_the_hour": "rooms", "name_en": "Fine cleaning"}
    assert signed_in(sol).post(reverse("change_service", args=["cleaning"]), wish)["Location"] == "/prices"
    assert "Fine cleaning" in text(Browser().get(reverse("quote")))
    page = text(signed_in(sol).get(reverse("change_service", args=["cleaning"])))
    assert "Cleaning → Fine cleaning" in page
    assert "Sol V." in page


def test_who_may_come_stays_once_somebody_booked_it(sol: Member, ana: Member) -> None:
    aide, cleaning = Service.objects.get(code="aide"), Service.objects.get(code="cleaning")
    make.confirmed(starts_at=NOW + timedelta(days=3), at=NOW)
    with pytest.raises(Refusal, match="stays as it was agreed"):
        cleaning.change(skill="care", at=NOW, by=sol.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        Service.objects.filter(code="cleaning").update(credential="hha")
    aide.change(skill="cleaning", credential="", at=NOW, by=sol.user)
    assert "who may come stays as it was agreed" in text(
        signed_in(sol).get(reverse("change_service", args=["cleaning"]))
    )
    wish = {name: getattr(cleaning, name) for name in GARDEN} | {"skill": "care", "by_the_hour": "rooms"}
    signed_in(sol).post(reverse("change_service", args=["cleaning"]), wish)
    assert Service.objects.get(code="cleaning").skill == "cleaning"


def test_what_is_retired_cannot_be_chosen_and_what_was_agreed_goes_on(sol: Member, ana: Member) -> None:
    visitor = Browser()
    draft = desk.ask(visitor)
    booked = make.confirmed(starts_at=NOW + timedelta(days=3), at=NOW)
    signed_in(sol).post(reverse("retire", args=["services", "cleaning"]), {"from_day": TODAY.isoformat()})
    assert "cleaning" not in offered()
    page = text(visitor.post(reverse("quote"), desk.WISH))
    assert "We do not offer this any more. Please choose again." in page
    assert "Retired" in text(signed_in(sol).get("/prices"))
    assert draft.price(on=APRIL).cents == 13125, "a price that was quoted is good for its 14 days"
    booked.refresh_from_db()
    assert booked.first_visit().price_on(APRIL).minutes == 165
    signed_in(sol).post(reverse("bring_back", args=["services", "cleaning"]))
    assert "cleaning" in offered()
    assert [event.verb for event in Event.objects.about(booked.service)] == ["retire", "bring_back"]


def test_what_will_be_retired_can_be_chosen_until_its_day_and_kept_before_it(sol: Member) -> None:
    office, day = signed_in(sol), (NOW + timedelta(days=9)).date()
    office.post(reverse("retire", args=["services", "cleaning"]), {"from_day": day.isoformat()})
    chosen = {n: "cleaning" in offered_on(day + timedelta(days=n)) for n in (-9, -1, 0, 5)}
    assert chosen == {-9: True, -1: True, 0: False, 5: False}
    said = f"From {date_format(day)} on new visits cannot choose it."
    assert said in text(office.get("/prices"))
    assert said in text(office.get(reverse("change_service", args=["cleaning"])))
    office.post(reverse("bring_back", args=["services", "cleaning"]))
    assert "cleaning" in offered_on(day)
    notes = [event.note for event in Event.objects.about(Service.objects.get(code="cleaning"))]
    assert notes == [day.isoformat(), ""]


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-03-01", "That day is over."), ("9999-12-31", "too far away"), ("soon", "a day of the calendar")],
)
def test_a_day_on_which_nothing_can_be_retired_is_said(sol: Member, day: str, said: str) -> None:
    answer = signed_in(sol).post(reverse("retire", args=["extras", "oven"]), {"from_day": day}, follow=True)
    assert said in text(answer)
    assert AddOn.objects.get(code="oven").retired_on is None


def test_how_much_is_agreed_with_an_extra_is_shown_before_it_is_retired(sol: Member, ana: Member) -> None:
    for extras in (["oven"], []):
        draft = desk.ask(browser := Browser(), add_ons=extras)
        desk.choose(browser, draft, desk.THURSDAY_NINE + timedelta(hours=len(extras) * 4))
        desk.give(browser, draft)
        desk.agree(browser, draft)
    assert Booking.objects.count() == 2
    assert "1 booking is agreed with it." in text(signed_in(sol).get(reverse("change_add_on", args=["oven"])))


def test_an_extra_that_is_retired_is_named_to_whoever_chose_it(sol: Member) -> None:
    draft = desk.ask(Browser(), add_ons=["oven"])
    AddOn.objects.get(code="oven").retire(from_day=NOW.date(), at=NOW, by=sol.user)
    page = text(Browser().get(reverse("quote", query={"change": draft.token})))
    assert "Inside the oven" not in page
    page = text(Browser().post(reverse("quote"), desk.WISH | {"add_ons": ["oven"]}))
    assert "We do not offer one of these extras any more" in page
    assert draft.price(on=APRIL).cents == 14725


@pytest.mark.parametrize(("kind", "code", "name"), [("services", "cleaning", "Cleaning"), ("extras", "oven", "oven")])
def test_a_draft_of_what_is_retired_meanwhile_is_led_to_choose_again(
    sol: Member, ana: Member, kind: str, code: str, name: str
) -> None:
    visitor = Browser()
    draft = desk.ask(visitor, add_ons=["oven"])
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    signed_in(sol).post(reverse("retire", args=[kind, code]), {"from_day": TODAY.isoformat()})
    answer = desk.agree(visitor, draft)
    assert answer["Location"] == reverse("quote", query={"change": draft.token})
    page = text(visitor.get(answer["Location"]))
    assert re.search(f"We do not offer “[^”]*{name}[^”]*” any more. Please choose again", page)
    with pytest.raises(Refusal, match="any more"):
        Booking.request(Quote.objects.get(pk=draft.pk), at=NOW, by=None)
    assert not Booking.objects.exists()


def test_an_extra_keeps_a_retired_service_for_when_it_is_brought_back(sol: Member) -> None:
    extra, cleaning, other = AddOn.objects.get(code="oven"), Service.objects.get(code="cleaning"), make.service("other")
    extra.services.set([cleaning, other])
    other.retire(from_day=TODAY, at=NOW, by=sol.user)
    wish = {"name_en": "The oven", "name_es": "El horno", "most": 1, "services": [cleaning.pk]}
    assert signed_in(sol).post(reverse("change_add_on", args=["oven"]), wish).status_code == 302
    extra.refresh_from_db()
    assert (extra.name_en, set(extra.services.all())) == ("The oven", {cleaning, other})


def test_an_extra_is_added_for_some_services_and_priced(sol: Member) -> None:
    office, cleaning = signed_in(sol), Service.objects.get(code="cleaning")
    wish = {"name_en": "Balcony", "name_es": "Balcón", "services": [cleaning.pk], "most": "1"}
    assert office.post(reverse("add_add_on"), wish)["Location"] == "/prices/extras/balcony"
    office.post("/prices/extras/balcony", {"price": "15", "minutes": "20", "from_day": "2026-03-09"})
    draft = desk.ask(Browser(), add_ons=["balcony"])
    assert (draft.minutes, draft.cents) == (240, 14625)
    page = text(office.post(reverse("change_add_on", args=["balcony"]), wish | {"services": []}))
    assert "Choose at least one service" in page


def test_what_stands_further_up_is_offered_first(sol: Member) -> None:
    first, second, third, last = Service.objects.standing().values_list("code", flat=True)
    signed_in(sol).post(reverse("move_up", args=["services", third]))
    signed_in(sol).post(reverse("move_up", args=["services", first]))
    assert list(Service.objects.standing().values_list("code", flat=True)) == [first, third, second, last]


def test_minutes_are_dated_as_prices_are(sol: Member) -> None:
    wish = PRICE | {"base_minutes": "120", "crew": "2", "from_day": "2026-04-01"}
    page = text(signed_in(sol).post("/prices/services/cleaning", wish | {"preview": "1"}))
    assert "2 people" in page
    signed_in(sol).post("/prices/services/cleaning", wish)
    cleaning = Service.objects.get(code="cleaning")
    found = [cleaning.quote(on=day, bedrooms=2, bathrooms=1) for day in (date(2026, 3, 31), APRIL)]
    assert [(one.minutes, one.crew) for one in found] == [(210, 1), (210, 2)]


def test_a_price_is_taken_back_before_its_day_and_never_after(sol: Member, clock: time_machine.Traveller) -> None:
    cleaning = Service.objects.get(code="cleaning")
    for cents, day in ((4000, APRIL), (4400, MAY)):
        cleaning.set_price(cents_per_hour=cents, fixed_cents=0, from_day=day, at=NOW, by=sol.user)
    april, may = ServicePrice.objects.filter(service=cleaning).coming(TODAY)
    for _twice in range(2):
        signed_in(sol).post(reverse("take_back_service_price", args=[april.pk]))
    assert [cleaning.price_on(day).cents_per_hour for day in (APRIL, MAY)] == [3750, 4400]
    assert "Taken back on March 9, 2026 by Sol V." in text(signed_in(sol).get("/prices/services/cleaning"))
    clock.move_to(NOW + timedelta(days=60))
    with pytest.raises(Refusal, match="begun already"):
        may.take_back(at=NOW + timedelta(days=60), by=sol.user)


def test_the_first_price_may_begin_today_and_no_other(sol: Member) -> None:
    said: dict[str, Any] = {**GARDEN, "by_the_hour": False}
    made = Service.add(**said, at=NOW, by=sol.user)
    sums: dict[str, Any] = {"cents_per_hour": 4000, "fixed_cents": 0, "from_day": TODAY, "at": NOW, "by": sol.user}
    made.set_price(**sums)
    with pytest.raises(Refusal, match="tomorrow at the earliest"):
        made.set_price(**sums)


def test_only_the_office_changes_the_catalogue(ana: Member) -> None:
    for name in ("add_service", "add_add_on", "add_skill"):
        assert signed_in(ana).get(reverse(name)).status_code == 403
    assert signed_in(ana).post(reverse("retire", args=["services", "cleaning"])).status_code == 403
    assert signed_in(ana).get("/skills").status_code == 200


def test_an_address_of_nothing_is_not_found(sol: Member) -> None:
    for args in (["services", "nothing"], ["nothing", "cleaning"]):
        assert signed_in(sol).post(reverse("retire", args=args)).status_code == 404
