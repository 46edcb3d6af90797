"""Other shares of a new co-op change nothing for one that works already."""

from datetime import date
from fractions import Fraction
from importlib import import_module

import pytest
from django.apps import apps

from bookings.policies import shares_on
from coop.models import Amendment
from tests import make

pytestmark = pytest.mark.django_db
keep = import_module("bookings.migrations.0046_shares_stay_as_they_were").keep
BEFORE = {"worker": Fraction(95, 100), "operations": Fraction(3, 100)}


def shares(day: date) -> dict[str, Fraction]:
    found = shares_on(day)
    return {name: found[name] for name in BEFORE}


def test_a_new_co_op_begins_with_the_new_ones() -> None:
    keep(apps, None)
    assert (Amendment.objects.count(), shares(make.FIRST_DAY)["operations"]) == (0, Fraction(4, 100))


def test_a_co_op_that_works_keeps_its_own_until_it_votes() -> None:
    make.member("Ana Reyes")
    Amendment.objects.create(
        policy="bookings.operations_share",
        numerator=2,
        denominator=100,
        effective_on=date(2026, 6, 1),
        enacted_at=make.SPRING,
        source="governance.proposal:1",
    )
    keep(apps, None)
    assert shares(make.FIRST_DAY) == BEFORE
    assert shares(date(2026, 6, 1))["operations"] == Fraction(2, 100)
