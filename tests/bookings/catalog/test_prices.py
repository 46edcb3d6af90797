"""Dated prices: who sets them, what is refused, and what the past and the agreed keep."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.catalog.price_rules import PriceRules
from bookings.models import AddOn, AddOnPrice, Service, ServicePrice
from bookings.policies import PAY_FLOOR
from coop.errors import Refusal
from coop.models import Amendment, Event
from members.models import Member, User
from tests import make
from tests.bookings.desk import NOW, signed_in, text

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
TOMORROW, APRIL = TODAY + timedelta(days=1), date(2026, 4, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cleaning(db: None) -> Service:
    return Service.objects.get(code="cleaning")


def home(service: Service, day: date, **extras) -> int:
    """What two bedrooms and a bathroom cost on a day."""
    return service.quote(on=day, bedrooms=2, bathrooms=1, **extras).cents


def test_a_new_price_counts_from_its_day_on_and_never_before(cleaning: Service, sol: Member) -> None:
    cleaning.set_price(cents_per_hour=4000, fixed_cents=500, from_day=APRIL, at=NOW, by=sol.user)
    assert [home(cleaning, day) for day in (TODAY, date(2026, 3, 31), APRIL)] == [13125, 13125, 14500]


def test_of_two_prices_for_one_day_the_later_word_counts(cleaning: Service, sol: Member) -> None:
    for cents in (4000, 4200):
        cleaning.set_price(cents_per_hour=cents, fixed_cents=0, from_day=APRIL, at=NOW, by=sol.user)
    assert home(cleaning, APRIL) == 14700


def test_a_day_that_has_begun_keeps_its_price(cleaning: Service, sol: Member) -> None:
    fridge = AddOn.objects.get(code="fridge")
    with pytest.raises(Refusal, match="tomorrow at the earliest"):
        cleaning.set_price(cents_per_hour=4000, fixed_cents=0, from_day=TODAY, at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="tomorrow at the earliest"):
        fridge.set_price(cents=2000, from_day=TODAY, at=NOW, by=sol.user)


def test_the_database_lets_nobody_rewrite_or_backdate_a_price(cleaning: Service, sol: Member) -> None:
    today = {"effective_on": TODAY, "set_on": TODAY, "set_by": sol.user}
    attempts = [
        lambda: ServicePrice.objects.update(cents_per_hour=1),
        lambda: AddOnPrice.objects.filter(add_on__code="fridge")._raw_delete("default"),
        lambda: cleaning.prices.create(cents_per_hour=1, **today),
        lambda: AddOn.objects.get(code="fridge").prices.create(cents=1, **today),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_a_price_below_the_pay_floor_is_refused_with_the_sum_that_would_do(cleaning: Service, sol: Member) -> None:
    with pytest.raises(Refusal, match=r"\$23\.43 an hour would do") as refused:
        cleaning.set_price(cents_per_hour=2342, fixed_cents=0, from_day=APRIL, at=NOW, by=sol.user)
    assert refused.value.field == "rate"
    cleaning.set_price(cents_per_hour=2343, fixed_cents=0, from_day=APRIL, at=NOW, by=sol.user)
    assert not cleaning.quote(on=APRIL, bedrooms=2, bathrooms=1).floor_raised


@pytest.mark.parametrize("code", ["cleaning", "deep", "aide"])
@pytest.mark.parametrize("fixed", [0, 333, 3200])
def test_the_sum_that_would_do_is_the_least_that_does(code: str, fixed: int) -> None:
    service, rules = Service.objects.get(code=code), PriceRules.on(TODAY)
    least = service.least_rate(fixed_cents=fixed, rules=rules, takes=service.price_on(TODAY).takes)

    def raised(rate: int) -> bool:
        make.price(service, cents_per_hour=rate, fixed_cents=fixed)
        rooms = [(bedrooms, bathrooms) for bedrooms in range(7) for bathrooms in range(1, 6)]
        asked = [{"minutes": minutes} for minutes in range(120, 721, 30)]
        homes: list[dict[str, Any]] = asked if code == "aide" else [{"bedrooms": b, "bathrooms": c} for b, c in rooms]
        return any(service.quote(on=TODAY, **one).floor_raised for one in homes)

    assert (raised(least), raised(least - 1)) == (False, True)


def test_the_floor_of_the_day_counts_and_not_that_of_today(cleaning: Service, sol: Member) -> None:
    Amendment.objects.create(
        policy=PAY_FLOOR.key, numerator=4000, effective_on=APRIL, enacted_at=NOW, source="governance.proposal:1"
    )
    cleaning.set_price(cents_per_hour=3000, fixed_cents=0, from_day=TOMORROW, at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="would do"):
        cleaning.set_price(cents_per_hour=3000, fixed_cents=0, from_day=APRIL, at=NOW, by=sol.user)


def test_an_extra_pays_its_minutes_or_is_refused(sol: Member) -> None:
    fridge = AddOn.objects.get(code="fridge")
    with pytest.raises(Refusal, match=r"\$11\.72 would do"):
        fridge.set_price(cents=1171, from_day=APRIL, at=NOW, by=sol.user)
    fridge.set_price(cents=1172, from_day=APRIL, at=NOW, by=sol.user)
    AddOn.objects.get(code="vacuum").set_price(cents=0, from_day=APRIL, at=NOW, by=sol.user)
    assert AddOnPrice.objects.cents(APRIL)[fridge.pk] == 1172


def test_setting_a_price_is_written_down_for_all(cleaning: Service, sol: Member) -> None:
    cleaning.set_price(cents_per_hour=4000, fixed_cents=500, from_day=APRIL, at=NOW, by=sol.user)
    event = Event.objects.about(cleaning).get()
    assert (event.verb, event.actor, event.note) == ("set_price", sol.user, "$40.00 + $5.00, 2026-04-01")


def test_a_price_asks_the_database_four_times_whatever_is_chosen(cleaning: Service) -> None:
    extras = list(AddOn.objects.all())
    with CaptureQueriesContext(connection) as queries:
        cleaning.quote(on=TODAY, bedrooms=2, bathrooms=1, add_ons=extras)
    assert len(queries) == 4


def test_a_big_home_gets_two_people_and_care_by_the_hour_one(ana: Member, bo: Member) -> None:
    found = {
        "2 + 1": Service.objects.get(code="cleaning").quote(on=TODAY, bedrooms=2, bathrooms=1),
        "4 + 3": Service.objects.get(code="cleaning").quote(on=TODAY, bedrooms=4, bathrooms=3),
        "8 h": Service.objects.get(code="aide").quote(on=TODAY, minutes=480),
    }
    assert {name: (price.minutes, price.crew) for name, price in found.items()} == {
        "2 + 1": (210, 1),
        "4 + 3": (390, 2),
        "8 h": (480, 1),
    }


def test_both_of_a_crew_are_held_and_share_the_time(ana: Member, bo: Member, cleaning: Service) -> None:
    at = NOW + timedelta(days=2)
    quote = make.quote(at=NOW, service=make.service(minutes=390))
    quote.ask_for(service=cleaning, zip=quote.zip, bedrooms=4, bathrooms=3, hours_minutes=0, add_ons=[], at=NOW)
    visit = make.confirmed(starts_at=at, at=NOW, quote=quote).first_visit()
    assert {(shift.member, shift.minutes) for shift in visit.shifts.all()} == {(ana, 195), (bo, 195)}


def test_with_one_free_a_big_home_finds_no_time(ana: Member, cleaning: Service) -> None:
    quote = make.quote(at=NOW, service=make.service(minutes=120))
    assert quote.openings(first=TOMORROW, days=14, at=NOW)
    quote.ask_for(service=cleaning, zip=quote.zip, bedrooms=4, bathrooms=3, hours_minutes=0, add_ons=[], at=NOW)
    assert quote.openings(first=TOMORROW, days=14, at=NOW) == []


def test_a_price_that_changes_within_the_days_shown_is_said_with_those_days(cleaning: Service, sol: Member) -> None:
    fridge = AddOn.objects.get(code="fridge")
    quote = make.quote(at=NOW, service=cleaning)
    quote.add_ons.set([fridge])
    cleaning.set_price(cents_per_hour=4000, fixed_cents=0, from_day=date(2026, 3, 20), at=NOW, by=sol.user)
    fridge.set_price(cents=2000, from_day=date(2026, 3, 25), at=NOW, by=sol.user)
    found = quote.prices(first=TODAY, last=APRIL)
    assert {day: price.cents for day, price in found.items()} == {
        TODAY: 11913,
        date(2026, 3, 20): 12600,
        date(2026, 3, 25): 13000,
    }


def test_everybody_who_works_here_reads_the_prices_and_the_office_sets_them(
    ana: Member, sol: Member, tess: Member, lee: User
) -> None:
    pages = ["/prices", "/prices/services/deep", "/prices/extras/oven"]
    found = [[signed_in(who).get(page).status_code for page in pages] for who in (sol, ana, tess, lee)]
    assert found == [[200, 200, 200], [200, 403, 403], [200, 403, 403], [403, 403, 403]]


def test_the_office_sees_what_a_price_pays_before_it_is_set(sol: Member) -> None:
    takes = {"base_minutes": "75", "bedroom_minutes": "45", "bathroom_minutes": "45", "crew": "1"}
    wish = {"rate": "22.00", "fixed": "0", "from_day": "2026-04-01", **takes}
    page = text(signed_in(sol).post("/prices/services/cleaning", wish | {"preview": "1"}))
    assert "too little" in page
    assert "that takes at least $23.43 an hour" in page
    assert text(signed_in(sol).post("/prices/services/cleaning", wish)).count("$23.43 an hour would do") == 2, (
        "once above the form, as a link, and once beside the field"
    )
    assert ServicePrice.objects.filter(set_by__isnull=False).count() == 0
    answer = signed_in(sol).post("/prices/services/cleaning", wish | {"rate": "24.50"})
    assert answer["Location"] == "/prices"
    page = text(signed_in(sol).get("/prices"))
    assert "$24.50 an hour" in page
    assert "From April 1, 2026 on, set by Sol V." in page


def test_the_office_sets_the_price_of_an_extra(sol: Member) -> None:
    page = text(signed_in(sol).post("/prices/extras/oven", {"price": "9", "minutes": "30", "from_day": "2026-04-01"}))
    assert "$11.72 would do" in page
    signed_in(sol).post("/prices/extras/oven", {"price": "17.50", "minutes": "30", "from_day": "2026-04-01"})
    assert AddOnPrice.objects.cents(APRIL)[AddOn.objects.get(code="oven").pk] == 1750


@pytest.mark.parametrize(
    "wish", [{}, {"rate": "x"}, {"rate": "1e9", "from_day": "9999-12-31"}, {"from_day": "0001-01-01"}]
)
def test_what_cannot_be_a_price_is_said_at_the_field(sol: Member, wish: dict[str, str]) -> None:
    answer = signed_in(sol).post("/prices/services/cleaning", wish)
    assert (answer.status_code, "errorlist" in text(answer)) == (200, True)
