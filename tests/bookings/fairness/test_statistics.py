"""How even, how likely, how long: worked out by hand, and what must hold for any numbers."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.fairness.statistics import Decided, at_least, days_there, jain, longest_wait, pairs

MONDAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)
chances = st.fractions(min_value=Fraction(1, 40), max_value=1, max_denominator=40)


def decided(giver: int, receiver: int, *able: int) -> Decided:
    return Decided(giver=giver, receiver=receiver, able=able, on=MONDAY)


@pytest.mark.parametrize(
    ("shares", "index"),
    [
        ([1, 1, 1, 1], 1.0),
        ([Fraction(7, 10)] * 3, 1.0),
        ([1, 0], 0.5),
        ([1, 0, 0, 0], 0.25),
        ([1, 2, 3], 36 / 42),
        ([0, 0], None),
        ([], None),
    ],
)
def test_evenness_is_one_when_all_have_the_same_and_one_nth_when_one_has_it_all(
    shares: list[int], index: float | None
) -> None:
    assert jain(shares) == pytest.approx(index)


@given(st.lists(st.fractions(min_value=0, max_value=10), min_size=1).filter(any))
def test_evenness_lies_between_one_nth_and_one_whatever_is_counted(shares: list[Fraction]) -> None:
    index = jain(shares)
    assert index is not None
    assert 1 / len(shares) - 1e-9 <= index <= 1
    assert jain([share * 60 for share in shares]) == pytest.approx(index)
    assert jain(reversed(shares)) == pytest.approx(index)


@given(st.fractions(min_value=Fraction(1, 1000), max_value=10), st.integers(min_value=1, max_value=50))
def test_equal_shares_are_even(share: Fraction, members: int) -> None:
    assert jain([share] * members) == pytest.approx(1)


@pytest.mark.parametrize(
    ("hits", "tries", "chance", "likely"),
    [
        (0, 5, Fraction(1, 3), Fraction(1)),
        (3, 3, Fraction(1, 10), Fraction(1, 1000)),
        (2, 3, Fraction(1, 2), Fraction(1, 2)),
        (1, 2, Fraction(1, 4), Fraction(7, 16)),
        (3, 4, Fraction(1, 5), Fraction(17, 625)),
        (4, 4, Fraction(1), Fraction(1)),
    ],
)
def test_how_likely_chance_alone_gives_so_many(hits: int, tries: int, chance: Fraction, likely: Fraction) -> None:
    assert at_least(hits, tries, chance) == likely


@given(st.integers(min_value=0, max_value=40), chances)
def test_what_chance_gives_adds_up_to_one(tries: int, chance: Fraction) -> None:
    tails = [at_least(hits, tries, chance) for hits in range(tries + 2)]
    each = [comb(tries, n) * chance**n * (1 - chance) ** (tries - n) for n in range(tries + 1)]
    assert [more - fewer for more, fewer in pairwise(tails)] == each
    assert (tails[0], tails[-1], sum(each)) == (1, 0, 1)


def exactly(hits: int, ways: list[Fraction]) -> Fraction:
    """The same where each try has a chance of its own, worked out one try after the other."""
    found = [Fraction(1)]
    for chance in ways:
        found = [
            (found[n] * (1 - chance) if n < len(found) else Fraction()) + (found[n - 1] * chance if n else Fraction())
            for n in range(len(found) + 1)
        ]
    return sum(found[hits:], Fraction())


@given(st.lists(chances, min_size=1, max_size=12), st.data())
def test_the_mean_of_the_chances_never_makes_a_number_look_rarer_than_it_is(
    ways: list[Fraction], data: st.DataObject
) -> None:
    hits = data.draw(st.integers(min_value=0, max_value=len(ways)))
    mean = sum(ways, Fraction()) / len(ways)
    if hits >= sum(ways) + 1:
        assert at_least(hits, len(ways), mean) >= exactly(hits, ways)


def test_a_giver_is_compared_with_whoever_could_have_come_but_the_first() -> None:
    turns = [decided(1, 9, 5, 6, 7, 8, 9)] * 3 + [decided(1, 6, 5, 6, 7)]
    (often, once) = pairs(turns)
    assert (often.receiver, often.given, often.all) == (9, 3, 4)
    assert (often.expected, often.chance) == (Fraction(3, 4), Fraction(1, 64))
    assert (once.receiver, once.given, once.all) == (6, 1, 4)
    assert once.expected == 3 * Fraction(1, 4) + Fraction(1, 2)


def test_where_only_one_other_could_come_there_was_no_choice() -> None:
    (pair,) = pairs([decided(1, 9, 5, 9)] * 4)
    assert (pair.expected, pair.chance) == (4, 1)


def test_whoever_decides_for_many_people_favours_none() -> None:
    turns = [decided(1, receiver, 5, 6, 7, 8, 9) for receiver in (6, 7, 8, 9)]
    assert {pair.expected for pair in pairs(turns)} == {Fraction(1)}
    assert all(pair.chance > Fraction(1, 2) for pair in pairs(turns))


def test_givers_are_not_mixed_up() -> None:
    assert {(pair.giver, pair.receiver, pair.all) for pair in pairs([decided(1, 9, 5, 9), decided(2, 9, 5, 9)])} == {
        (1, 9, 1),
        (2, 9, 1),
    }


def test_days_off_before_the_start_and_after_the_end_are_cut() -> None:
    away = [(date.min, MONDAY), (MONDAY + 3 * A_DAY, MONDAY + 3 * A_DAY), (MONDAY + 6 * A_DAY, date.max)]
    assert days_there(MONDAY, MONDAY + 6 * A_DAY, away) == 0b0110110
    assert days_there(MONDAY, MONDAY + 6 * A_DAY, []) == 0b1111111
    assert days_there(MONDAY, MONDAY + 6 * A_DAY, [(date.min, MONDAY - A_DAY), (MONDAY + 7 * A_DAY, date.max)]) == 127


@pytest.mark.parametrize(
    ("there", "asked", "days"),
    [
        (0b1111111, 0b0000000, 7),
        (0b1111111, 0b0000001, 6),
        (0b1111111, 0b0001000, 3),
        (0b1000011, 0b0000000, 3),
        (0b1000011, 0b1000000, 2),
        (0b0000000, 0b0000000, 0),
    ],
)
def test_the_longest_wait_skips_days_off(there: int, asked: int, days: int) -> None:
    assert longest_wait(there, asked) == days
