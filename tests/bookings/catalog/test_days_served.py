"""From when until when an area is served, worked out from what was said of it. No rows, no clock."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from bookings.catalog.areas import days_served
from coop.models import ZipCode

A_DAY = timedelta(days=1)
TODAY = date(2026, 3, 9)
KNOWN = [[], [DateRange()], [DateRange(None, TODAY - A_DAY)], [DateRange(TODAY - A_DAY, TODAY + A_DAY)]]


def on(number: int) -> date:
    return TODAY + number * A_DAY


@given(
    known=st.sampled_from(KNOWN),
    steps=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=6),
)
def test_each_day_is_what_was_said_of_it_last(known: list[DateRange], steps: list[tuple[int, bool]]) -> None:
    said = [(on(number), serves) for number, serves in sorted(steps, key=lambda step: step[0])]
    found = days_served(known, said, today=TODAY)
    for day in map(on, range(-3, 12)):
        told = [serves for since, serves in said if since <= day]
        before = any(min(day, TODAY - A_DAY) in days for days in known)
        assert any(day in days for days in found) == (told[-1] if told else before)
    assert all(one.upper < other.lower for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (-5, (False, on(0), None)),
        (0, (True, on(0), on(4))),
        (7, (False, on(10), on(4))),
        (12, (True, on(12), on(19))),
        (20, (False, None, on(19))),
    ],
)
def test_an_area_knows_its_next_and_its_last_day(day: int, expected: tuple[bool, date | None, date | None]) -> None:
    area = ZipCode(served_days=[DateRange(on(0), on(5)), DateRange(on(10), on(20))])
    assert (area.is_served(on(day)), area.next_served(on(day)), area.last_served(on(day))) == expected


def test_an_area_of_which_nobody_said_anything_is_served_always_and_one_that_was_only_met_never() -> None:
    assert [ZipCode().next_served(TODAY), ZipCode().last_served(TODAY)] == [TODAY, None]
    assert [ZipCode(served_days=[]).next_served(TODAY), ZipCode(served_days=[]).last_served(TODAY)] == [None, None]
