"""What a visit costs: golden cases, and what holds for every tariff."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bookings.catalog.pricing import Asked, Price, Takes, Tariff, price, share_out

SHARES = {
    "worker": Fraction(95, 100),
    "operations": Fraction(3, 100),
    "reserve": Fraction(1, 100),
    "upkeep": Fraction(1, 100),
}
TAKES = Takes(base_minutes=75, bedroom_minutes=45, bathroom_minutes=45)
CLEANING = Tariff(3750, takes=TAKES)
RULES: dict[str, Any] = {"least_minutes": 120, "floor": 2225, "shares": SHARES}

tariffs = st.builds(
    Tariff,
    cents_per_hour=st.integers(0, 9000),
    fixed_cents=st.integers(0, 9000),
    takes=st.builds(Takes, st.integers(0, 300), st.integers(0, 90), st.integers(0, 90)),
)
extras = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3000)), max_size=4)
worker_shares = st.integers(50, 100).map(
    lambda percent: {
        "worker": Fraction(percent, 100),
        "operations": Fraction(100 - percent, 200),
        "reserve": Fraction(100 - percent, 400),
        "upkeep": Fraction(100 - percent, 400),
    }
)
rules = st.fixed_dictionaries(
    {"least_minutes": st.integers(60, 240), "floor": st.integers(1500, 10000), "shares": worker_shares}
)


def pay(found: Price, shares: dict[str, Fraction]) -> int:
    return dict(share_out(found.cents, shares))["worker"]


def test_two_bedrooms_and_a_bath_take_three_and_a_half_hours_for_131_25():
    assert price(CLEANING, Asked(2, 1), **RULES) == Price(minutes=210, cents=13125)


def test_a_small_job_costs_the_shortest_visit():
    assert price(replace(CLEANING, takes=replace(TAKES, base_minutes=30)), **RULES) == Price(minutes=120, cents=7500)


def test_time_is_rounded_up_to_quarters_of_an_hour():
    assert price(replace(CLEANING, takes=replace(TAKES, base_minutes=121)), **RULES) == Price(minutes=135, cents=8438)


def test_an_extra_adds_its_own_price_and_time():
    found = price(CLEANING, Asked(2, 1), extras=[(30, 1600), (0, 1100)], **RULES)
    assert found == Price(minutes=240, cents=15825)


def test_work_by_the_hour_takes_the_time_that_was_asked_for():
    assert price(Tariff(cents_per_hour=3400), Asked(minutes=180), **RULES) == Price(minutes=180, cents=10200)


def test_an_hour_at_the_floor_of_22_25_costs_23_42():
    found = price(Tariff(cents_per_hour=0), least_minutes=60, floor=2225, shares=SHARES)
    assert found == Price(minutes=60, cents=2342, floor_raised=True)


def test_where_the_last_cent_goes_to_another_part_the_price_rises_by_a_cent():
    # 95 % of 23.70 is 22.515, and the reserve's and the upkeep's 0.237 are nearer to a whole cent
    assert dict(share_out(2370, SHARES))["worker"] == 2251
    found = price(Tariff(cents_per_hour=2370), least_minutes=60, floor=2252, shares=SHARES)
    assert found == Price(minutes=60, cents=2371, floor_raised=True)


def test_135_00_at_95_percent_is_128_25_for_the_worker():
    assert share_out(13500, SHARES) == [("worker", 12825), ("operations", 405), ("reserve", 135), ("upkeep", 135)]


@given(st.integers(0, 10**7), worker_shares)
def test_the_parts_always_sum_to_the_price(cents, shares):
    assert sum(part for _name, part in share_out(cents, shares)) == cents


@given(tariffs, st.integers(0, 6), st.integers(0, 6), extras, rules)
def test_every_hour_pays_at_least_the_floor(tariff, bedrooms, bathrooms, extras, rules):
    found = price(tariff, Asked(bedrooms, bathrooms), extras=extras, **rules)
    assert pay(found, rules["shares"]) * 60 >= rules["floor"] * found.minutes


@given(tariffs, st.integers(0, 6), st.integers(0, 6), extras, rules)
def test_more_rooms_are_never_cheaper_or_quicker(tariff, bedrooms, bathrooms, extras, rules):
    fewer = price(tariff, Asked(bedrooms, bathrooms), extras=extras, **rules)
    more = price(tariff, Asked(bedrooms + 1, bathrooms), extras=extras, **rules)
    assert (more.cents >= fewer.cents, more.minutes >= fewer.minutes) == (True, True)


@given(tariffs, st.integers(0, 6), extras, rules)
def test_a_visit_lasts_whole_quarters_and_at_least_the_shortest_visit(tariff, bedrooms, extras, rules):
    found = price(tariff, Asked(bedrooms), extras=extras, **rules)
    assert (found.minutes % 15, found.minutes >= rules["least_minutes"]) == (0, True)


def test_a_discount_takes_its_part_of_the_whole_price_and_stops_at_the_pay_floor():
    off: dict[str, Any] = {"off": Fraction(15, 100)}
    assert price(CLEANING, Asked(2, 1), **RULES, **off) == Price(minutes=210, cents=11156)
    cheap = replace(CLEANING, cents_per_hour=2500)
    assert price(cheap, Asked(minutes=45), **RULES, **off) == Price(minutes=120, cents=4684, floor_raised=True)
