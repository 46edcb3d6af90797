"""Counting, in whole numbers and exact fractions."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ballots.tally import Tally, tally

HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)


def of(yes: int, no: int, abstain: int, *, electors: int = 34, threshold: Fraction = HALF) -> Tally:
    choices = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
    return tally(choices, electors=electors, threshold=threshold, quorum=HALF, least=2)


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "outcome"),
    [
        (23, 6, 2, "passed"),
        (9, 8, 0, "passed"),
        (8, 8, 1, "failed"),
        (17, 17, 0, "failed"),
        (1, 0, 16, "passed"),
        (0, 0, 17, "failed"),
        (16, 0, 0, "no_decision"),
        (0, 0, 0, "no_decision"),
    ],
)
def test_more_than_half_of_those_for_and_against_pass_when_half_of_the_members_took_part(
    yes: int, no: int, abstain: int, outcome: str
) -> None:
    assert of(yes, no, abstain).outcome == outcome


def test_the_numbers_that_were_needed_are_kept_with_the_result() -> None:
    assert of(23, 6, 2, threshold=TWO_THIRDS) == Tally(
        electors=34, yes=23, no=6, abstain=2, quorum_needed=17, yes_needed=20
    )


@pytest.mark.parametrize(("electors", "needed"), [(1, 2), (2, 2), (3, 2), (4, 2), (5, 3), (33, 17), (34, 17), (35, 18)])
def test_half_of_an_odd_number_of_members_is_rounded_up_and_never_one_alone(electors: int, needed: int) -> None:
    assert of(0, 0, 0, electors=electors).quorum_needed == needed


def test_exactly_two_thirds_are_not_more_than_two_thirds() -> None:
    assert of(20, 10, 0, threshold=TWO_THIRDS).outcome == "failed"
    assert of(21, 10, 0, threshold=TWO_THIRDS).outcome == "passed"


def test_ballots_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="not the ballots"):
        tally(["yes", "yes"], electors=1, threshold=HALF, quorum=HALF, least=2)
    with pytest.raises(ValueError, match="not the ballots"):
        tally(["maybe"], electors=2, threshold=HALF, quorum=HALF, least=2)


ballots = st.lists(st.sampled_from(["yes", "no", "abstain"]), max_size=60)
parts = st.fractions(min_value=HALF, max_value=Fraction(9, 10), max_denominator=12)


@given(choices=ballots, absent=st.integers(0, 60), threshold=parts, quorum=parts)
def test_an_outcome_is_what_the_fractions_say(
    choices: list[str], absent: int, threshold: Fraction, quorum: Fraction
) -> None:
    electors = len(choices) + absent
    result = tally(choices, electors=electors, threshold=threshold, quorum=quorum, least=2)
    yes, no = choices.count("yes"), choices.count("no")
    if len(choices) < max(quorum * electors, Fraction(2)):
        assert result.outcome == "no_decision"
    else:
        assert (result.outcome == "passed") == (yes > threshold * (yes + no))


@given(choices=ballots, threshold=parts)
def test_the_order_of_ballots_does_not_matter(choices: list[str], threshold: Fraction) -> None:
    rule: dict[str, Any] = {"electors": 60, "threshold": threshold, "quorum": HALF, "least": 2}
    assert tally(choices, **rule) == tally(sorted(choices), **rule)


@given(choices=ballots.filter(lambda choices: "no" in choices), threshold=parts)
def test_changing_a_ballot_to_yes_never_turns_a_pass_into_a_fail(choices: list[str], threshold: Fraction) -> None:
    rule: dict[str, Any] = {"electors": 60, "threshold": threshold, "quorum": HALF, "least": 2}
    changed = list(choices)
    changed[changed.index("no")] = "yes"
    before, after = tally(choices, **rule).outcome, tally(changed, **rule).outcome
    assert not (before == "passed" and after != "passed")
