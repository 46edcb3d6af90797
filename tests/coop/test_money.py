"""Whole cents: the golden cases of the co-op's rules, and what must hold for any amount."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.money import dollars, least_price, percent, split

FIVES = {"worker": Fraction(95, 100), "operations": Fraction(3, 100), "reserve": Fraction(1, 100)} | {
    "upkeep": Fraction(1, 100)
}
weights = st.dictionaries(st.integers(), st.fractions(min_value=0, max_value=1000), min_size=1).filter(
    lambda weights: any(weights.values())
)


def test_a_price_is_shared_as_the_co_op_decided() -> None:
    assert split(13500, FIVES) == {"worker": 12825, "operations": 405, "reserve": 135, "upkeep": 135}


@pytest.mark.parametrize(
    ("cents", "parts"),
    [
        (1_000_000, {1733: 400_046, 1210: 279_317, 987: 227_839, 402: 92_798}),
        (1_200_000, {4050: 525_406, 3000: 389_189, 2200: 285_405}),
        (2_400_000, {1800: 720_000, 1500: 600_000, 1200: 480_000, 900: 360_000, 600: 240_000}),
        (100_00, {600: 60_00, 400: 40_00}),
    ],
)
def test_a_surplus_is_shared_by_hours_to_the_cent(cents: int, parts: dict[int, int]) -> None:
    assert split(cents, {hours: hours for hours in parts}) == parts


def test_a_tie_goes_to_whoever_comes_first() -> None:
    assert split(100, {"ana": 1, "bo": 1, "cara": 1}) == {"ana": 34, "bo": 33, "cara": 33}


def test_what_is_taken_back_mirrors_what_was_given() -> None:
    assert split(-13501, FIVES) == {name: -part for name, part in split(13501, FIVES).items()}


@pytest.mark.parametrize("weights", [{}, {"ana": 0}, {"ana": 2, "bo": -1}])
def test_nothing_is_shared_without_a_just_key(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        split(100, weights)


@given(st.integers(min_value=-(10**12), max_value=10**12), weights)
def test_no_cent_is_lost_or_made_up(cents: int, weights: dict[int, Fraction]) -> None:
    assert sum(split(cents, weights).values()) == cents


@given(st.integers(min_value=0, max_value=10**12), weights)
def test_every_part_is_within_a_cent_of_its_exact_share(cents: int, weights: dict[int, Fraction]) -> None:
    whole = sum(weights.values())
    assert all(abs(part - cents * weights[key] / whole) < 1 for key, part in split(cents, weights).items())


def test_the_pay_floor_sets_the_least_price() -> None:
    assert least_price(2225, Fraction(95, 100)) == 2342


@given(st.integers(min_value=0, max_value=10**7), st.fractions(min_value=Fraction(1, 20), max_value=1))
def test_the_least_price_pays_enough_and_a_cent_less_does_not(pay: int, share: Fraction) -> None:
    def paid(price: int) -> int:
        return split(price, {"worker": share, "rest": 1 - share})["worker"]

    price = least_price(pay, share)
    assert (paid(price) >= pay, price == 0 or paid(price - 1) < pay) == (True, True)


@pytest.mark.parametrize(("cents", "said"), [(123456, "$1,234.56"), (-5, "−$0.05"), (0, "$0.00"), (100, "$1.00")])
def test_money_is_said_as_people_read_it(cents: int, said: str) -> None:
    assert dollars(cents) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(Fraction(19, 20), "95%"), (Fraction(1, 3), "33.33%"), (Fraction(1), "100%"), (Fraction(0), "0%")],
)
def test_a_share_is_said_in_percent(share: Fraction, said: str) -> None:
    assert percent(share) == said
