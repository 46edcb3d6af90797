"""Ready-made services and extras: ticked, priced, made once, and nothing that is there is touched."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.catalog.price_pages.price_examples import samples
from bookings.catalog.pricing import Takes, Tariff
from bookings.catalog.ready_made.making import make
from bookings.catalog.ready_made.templates import EXTRAS, SERVICES
from bookings.models import AddOn, AddOnPrice, Service, ServicePrice
from bookings.policies import PAY_FLOOR
from coop.errors import Refusal
from coop.models import Amendment, Event
from coop.money import dollars
from members.models import Member, Skill, User
from members.standing import founded
from tests import make as house
from tests.bookings.desk import NOW, signed_in, text
from tests.races import at_once

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
BY_CODE = {one.code: one for one in SERVICES}
TICKED = {"make_renovation": "on", "rate_renovation": "42", "fixed_renovation": "10"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def posted(office: Any, **sent: Any) -> Any:
    form = office.get(reverse("ready_made")).context["form"]
    untouched = {name: form[name].field.widget.format_value(form[name].value()) for name in form.fields}
    whole = {name: value for name, value in untouched.items() if value is not None and not name.startswith("make")}
    return office.post(reverse("ready_made"), whole | sent)


def test_a_template_is_a_service_with_its_price_from_today(sol: Member) -> None:
    assert posted(signed_in(sol), **TICKED)["Location"] == "/prices"
    made = Service.objects.get(code="renovation")
    assert (made.name_en, made.name_es, made.level, made.skill) == (
        "After a renovation",
        "Después de una obra",
        "deep",
        "cleaning",
    )
    price = made.price_on(TODAY)
    assert (price.tariff, price.set_by) == (Tariff(4200, 1000, Takes(150, 75, 75, crew=2)), sol.user)
    assert made in Service.objects.offered(TODAY)
    assert not made.add_ons.exists(), "no extra was ticked beside it"
    assert [event.verb for event in Event.objects.about(made)] == ["add", "set_price"]


def services_of(extra: str) -> set[str]:
    return set(AddOn.objects.get(code=extra).services.values_list("code", flat=True))


def test_an_extra_can_be_had_with_the_services_beside_which_it_is_ticked_and_no_others(sol: Member) -> None:
    office, before = signed_in(sol), services_of("oven")
    ticked = {"make_renovation": "on", "with_renovation": ["oven", "balcony"], "with_deep": ["balcony"]}
    posted(office, **TICKED | ticked | {"price-balcony": "25", "make_cooking": "on"})
    assert services_of("balcony") == {"renovation", "deep"}, "not with regular cleaning, though its template has it"
    assert services_of("oven") == before | {"renovation"}, "it was an extra before"
    assert AddOnPrice.objects.cents(TODAY)[AddOn.objects.get(code="balcony").pk] == 2500
    assert not AddOn.objects.filter(code="errand").exists(), "cooking has it, and nobody ticked it there"


def test_beside_what_is_on_the_list_stand_the_extras_that_are_not(sol: Member) -> None:
    fields = signed_in(sol).get(reverse("ready_made")).context["form"].fields
    new, known = ({code for code, _name in fields[f"with_{one}"].choices} for one in ("renovation", "deep"))
    there = set(AddOn.objects.standing().values_list("code", flat=True))
    assert (new, known) == (set(BY_CODE["renovation"].extras), set(BY_CODE["deep"].extras) - there)


def test_extras_beside_a_service_that_is_not_ticked_are_asked_about_and_nothing_is_made(sol: Member) -> None:
    answer = posted(signed_in(sol), make_cooking="on", with_renovation=["balcony"])
    assert "Tick the service, too, or leave out its extras." in text(answer)
    assert not AddOn.objects.filter(code="balcony").exists()
    assert not Service.objects.filter(code="cooking").exists()


def test_twice_is_once_and_what_is_there_stays(sol: Member) -> None:
    office = signed_in(sol)
    posted(office, **TICKED | {"with_renovation": ["balcony"]})
    made = Service.objects.get(code="renovation")
    made.change(name_en="Dust", at=NOW, by=sol.user)
    before = (Service.objects.count(), ServicePrice.objects.count(), AddOn.objects.count(), Event.objects.count())
    posted(office, **TICKED | {"make_cleaning": "on", "rate_cleaning": "1", "with_renovation": ["balcony", "oven"]})
    assert "on your list already" in text(office.get("/prices"))
    after = (Service.objects.count(), ServicePrice.objects.count(), AddOn.objects.count(), Event.objects.count())
    assert (after, Service.objects.get(code="renovation").name_en) == (before, "Dust")


def test_what_was_retired_or_has_the_name_is_on_the_list(sol: Member) -> None:
    Service.objects.get(code="aide").retire(from_day=TODAY, at=NOW, by=sol.user)
    house.service("talks")
    Service.objects.filter(code="talks").update(name_es="Compania  en casa")
    form = signed_in(sol).get(reverse("ready_made")).context["form"]
    assert [one.code for one in form.services] == ["renovation", "cooking"]


def test_what_a_template_asks_for_is_named_too(sol: Member) -> None:
    posted(signed_in(sol), make_cooking="on")
    assert (Service.objects.get(code="cooking").skill, Skill.objects.get(code="cooking").name_es) == (
        "cooking",
        "Cocina",
    )


def test_the_page_says_what_a_price_pays_as_the_prices_page_does(sol: Member) -> None:
    page = text(posted(signed_in(sol), **TICKED | {"preview": "1"}))
    found = samples(BY_CODE["renovation"].draft(), Tariff(4200, 1000, BY_CODE["renovation"].takes), on=TODAY)
    pays = [one.pay_an_hour for one in found]
    assert f"Pays {dollars(min(pays))} to {dollars(max(pays))} an hour" in page
    assert not Service.objects.filter(code="renovation").exists()


def test_less_than_the_floor_is_refused_with_what_would_do_and_nothing_is_made(sol: Member) -> None:
    answer = posted(signed_in(sol), **TICKED | {"rate_renovation": "10", "with_deep": ["balcony"]})
    assert list(answer.context["form"].errors) == ["rate_renovation"]
    assert "too little" in text(answer)
    assert not Service.objects.filter(code="renovation").exists()
    assert not AddOn.objects.filter(code="balcony").exists()


def test_a_start_is_never_below_the_floor_that_was_voted(sol: Member) -> None:
    voted = {"policy": PAY_FLOOR.key, "numerator": 5000, "denominator": 1, "source": "a vote"}
    Amendment.objects.create(**voted, effective_on=TODAY, enacted_at=NOW)
    form = signed_in(sol).get(reverse("ready_made")).context["form"]
    for ready in form.services:
        assert form.fields[f"rate_{ready.code}"].initial == form.least_rate(ready, ready.fixed_cents)
    assert posted(signed_in(sol), make_cooking="on", with_cooking=["errand"])["Location"] == "/prices"


def test_nothing_ticked_is_said(sol: Member) -> None:
    assert "Tick at least one." in text(posted(signed_in(sol)))


def test_an_extra_without_a_service_is_refused(sol: Member) -> None:
    """Its service was retired in this moment."""
    Service.objects.update(retired_on=TODAY)
    extra = next(one for one in EXTRAS if one.code == "balcony")
    with pytest.raises(Refusal, match="Tick a service with which"):
        make({}, {extra: 2500}, {"deep": ["balcony"]}, at=NOW, by=sol.user)


def test_whoever_sets_up_is_led_there_until_somebody_chose(sol: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founded, "ends", [])
    office = signed_in(sol)
    assert 'href="/prices/ready-made"' in text(office.get("/prices"))
    assert 'href="/prices/ready-made"' in text(office.get(reverse("readiness")))
    posted(office, **TICKED)
    assert 'href="/prices/ready-made"' not in text(office.get(reverse("readiness")))


def test_every_template_can_be_made_in_a_house_that_offers_nothing(sol: Member) -> None:
    """As each begins; its words are in both languages, and every extra that it names is one."""
    assert {code for one in SERVICES for code in one.extras} == {one.code for one in EXTRAS}
    for one in (*SERVICES, *EXTRAS):
        assert one.name_en != one.name_es
        assert len(one.code) <= 20


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_it_once() -> None:
    sol: User = house.member("Sol Vega", roles=["coordinator"]).user
    ready = BY_CODE["companion"]
    wish = {ready: Tariff(3400, 0, ready.takes)}
    told = at_once(lambda: make(wish, {}, {}, at=NOW, by=sol), lambda: make(wish, {}, {}, at=NOW, by=sol))
    assert sorted(len(one) for one in told) == [0, 1]
    assert Service.objects.filter(code="companion").count() == 1
