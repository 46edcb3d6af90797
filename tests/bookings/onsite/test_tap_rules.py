"""When a tap was and how far away, from what a phone says of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookings.onsite.tap_rules import LONGEST_WAIT, Place, Said, meters, middle

NOW = datetime(2026, 3, 10, 13, tzinfo=UTC)
FIVE = timedelta(minutes=5)
PARK = (40.6681, -73.9806)

spans = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
waits = st.timedeltas(min_value=timedelta(), max_value=LONGEST_WAIT)


@given(wrong=spans, waited=waits)
def test_a_tap_is_of_its_moment_however_wrong_the_phones_clock(wrong: timedelta, waited: timedelta) -> None:
    said = Said(device_at=NOW - waited + wrong, sent_at=NOW + wrong)
    assert said.moment(NOW) == NOW - waited


@given(first=st.none() | spans, second=st.none() | spans)
def test_no_tap_is_of_the_future_or_of_long_ago(first: timedelta | None, second: timedelta | None) -> None:
    device_at, sent_at = (None if span is None else NOW + span for span in (first, second))
    said = Said(device_at, sent_at)
    assert NOW - LONGEST_WAIT <= said.moment(NOW) <= NOW


def test_a_clock_is_off_by_more_than_the_limit_or_when_it_contradicts_itself() -> None:
    clocks = {
        "right": Said(NOW, NOW),
        "late by five minutes": Said(NOW - FIVE, NOW - FIVE),
        "late by more": Said(NOW - 2 * FIVE, NOW - 2 * FIVE),
        "waited with a right clock": Said(NOW - 20 * FIVE, NOW),
        "sent before it was": Said(NOW + FIVE, NOW),
        "lay for a week": Said(NOW - timedelta(days=7), NOW),
        "says nothing": Said(),
    }
    off = [name for name, said in clocks.items() if said.clock_is_off(NOW, by=FIVE)]
    assert off == ["late by more", "sent before it was", "lay for a week"]


def test_distances_are_in_meters() -> None:
    a_block_north = Place(PARK[0] + 0.001, PARK[1], accuracy=10)
    assert (a_block_north.meters_from(PARK), meters(PARK, PARK)) == (111, 0)
    assert meters(PARK, (PARK[0], PARK[1] + 0.001)) == 84


@given(st.lists(st.tuples(st.floats(40, 41), st.floats(-74, -73)), min_size=3, max_size=20))
def test_one_point_that_is_far_off_moves_the_middle_little(points: list[tuple[float, float]]) -> None:
    north, east = middle([*points[1:], (89.0, 179.0)])
    assert 40 <= north <= 41
    assert -74 <= east <= -73
