"""What a vote may change: values by day, within bounds, and the past as it was."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.policies import OPERATIONS_SHARE, PAY_FLOOR, SHARES, WORKER_SHARE
from coop.errors import Refusal
from coop.models import Amendment
from coop.policies import check_all, policy_cache, registry, values
from tests import make

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)
EVE = NEW_YEAR - timedelta(days=1)


def amend(key: str, value: Fraction | int, *, on: date = NEW_YEAR, source: str = "governance.proposal:1") -> Amendment:
    exact = Fraction(value)
    return Amendment.objects.create(
        policy=key,
        numerator=exact.numerator,
        denominator=exact.denominator,
        effective_on=on,
        enacted_at=make.SPRING,
        source=source,
    )


def test_until_a_vote_the_founders_value_holds() -> None:
    assert PAY_FLOOR.on(NEW_YEAR) == 2225


def test_a_vote_changes_the_rule_from_its_day_and_not_before() -> None:
    amend(PAY_FLOOR.key, 2450)
    assert [PAY_FLOOR.on(day) for day in (EVE, NEW_YEAR, date(2030, 1, 1))] == [2225, 2450, 2450]


def test_a_later_day_wins_whatever_was_enacted_first() -> None:
    amend(PAY_FLOOR.key, 2600, on=date(2027, 6, 1), source="a")
    amend(PAY_FLOOR.key, 2450, source="b")
    assert [PAY_FLOOR.on(day) for day in (NEW_YEAR, date(2027, 6, 1))] == [2450, 2600]


def test_of_two_votes_for_one_day_the_one_enacted_last_counts() -> None:
    amend(PAY_FLOOR.key, 2450, source="a")
    amend(PAY_FLOOR.key, 2400, source="b")
    assert PAY_FLOOR.on(NEW_YEAR) == 2400


def test_a_share_stays_an_exact_fraction() -> None:
    amend(WORKER_SHARE.key, Fraction(2, 3))
    assert WORKER_SHARE.on(NEW_YEAR) == Fraction(2, 3)


def test_many_rules_are_read_at_once(django_assert_num_queries: Any) -> None:
    amend(WORKER_SHARE.key, Fraction(94, 100))
    with django_assert_num_queries(1):
        found = values(NEW_YEAR, SHARES)
    assert [found[share.key] for share in SHARES] == [Fraction(n) / 100 for n in (94, 4, 0.5, 0.5)]


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        (PAY_FLOOR.key, Fraction(1499), "must be between $15.00 an hour and $100.00 an hour"),
        (PAY_FLOOR.key, Fraction(10001), "must be between"),
        (PAY_FLOOR.key, Fraction(4451, 2), "must be a whole number"),
        (WORKER_SHARE.key, Fraction(94, 100), "must add up to exactly 100%"),
        ("bookings.free_lunch", Fraction(1), "no rule called"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(key: str, value: Fraction, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_all({key: value}, day=NEW_YEAR)
    assert why in str(refusal.value)


def test_shares_that_fit_each_other_may_change_together() -> None:
    check_all({WORKER_SHARE.key: Fraction(94, 100), OPERATIONS_SHARE.key: Fraction(5, 100)}, day=NEW_YEAR)


def test_shares_are_checked_against_what_will_be_in_force() -> None:
    amend(WORKER_SHARE.key, Fraction(94, 100), source="a")
    check_all({OPERATIONS_SHARE.key: Fraction(5, 100)}, day=NEW_YEAR)
    with pytest.raises(Refusal):
        check_all({OPERATIONS_SHARE.key: Fraction(5, 100)}, day=EVE)


def test_every_rule_of_the_house_starts_within_its_own_bounds() -> None:
    check_all({key: Fraction(policy.default) for key, policy in registry.items()}, day=NEW_YEAR)


def test_every_rule_can_be_said_aloud() -> None:
    assert all(policy.say(policy.default) for policy in registry.values())


@pytest.mark.parametrize("change", [lambda rows: rows.update(numerator=1), lambda rows: rows.delete()])
def test_what_was_voted_cannot_be_rewritten(change: Any) -> None:
    amend(PAY_FLOOR.key, 2450)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Amendment.objects.all())
    assert PAY_FLOOR.on(NEW_YEAR) == 2450


def test_a_decision_amends_a_rule_once() -> None:
    amend(PAY_FLOOR.key, 2450)
    with pytest.raises(DatabaseError), transaction.atomic():
        amend(PAY_FLOOR.key, 2500)


def test_in_one_reading_the_rules_are_read_once_and_anew_after_an_amendment() -> None:
    amend("bookings.pay_floor", 2500)
    with policy_cache(), CaptureQueriesContext(connection) as asked:
        before = [PAY_FLOOR.on(day) for day in (EVE, NEW_YEAR, NEW_YEAR)]
        read = len(asked)
        amend("bookings.pay_floor", 2600, on=NEW_YEAR + timedelta(days=1), source="governance.proposal:2")
        assert PAY_FLOOR.on(NEW_YEAR + timedelta(days=1)) == 2600
    assert (before, read) == ([PAY_FLOOR.default, 2500, 2500], 1)
