"""What of a day and a week is working time: the way between two homes is, the way to the first is not."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.matching.working_time import Day, Stop, day_of, premium

NEW_YORK = ZoneInfo("America/New_York")
PARK_SLOPE, ASTORIA = (40.6629, -73.9864), (40.7637, -73.9226)
RULES = {"whole": 60, "least": 15}
HALF_AGAIN = Fraction(3, 2)


def stop(starts: str, ends: str, place: tuple[float, float] = PARK_SLOPE) -> Stop:
    """From when to when on a Monday."""
    first, last = (datetime.fromisoformat(f"2026-03-09T{clock}").replace(tzinfo=NEW_YORK) for clock in (starts, ends))
    return Stop(first, last, place)


def test_nine_to_eleven_and_a_quarter_to_twelve_to_two_are_five_hours() -> None:
    day = day_of([stop("09:00", "11:00"), stop("11:45", "14:00")], **RULES)
    assert day == Day(work=255, between=45, span=300)
    assert day.paid == 5 * 60


def test_the_way_to_the_first_home_and_from_the_last_is_not_counted() -> None:
    assert day_of([stop("09:00", "11:00", ASTORIA)], **RULES) == Day(work=120, between=0, span=120)
    assert day_of([], **RULES) == Day()


@pytest.mark.parametrize(
    ("begins", "place", "paid"),
    [
        ("12:00", PARK_SLOPE, 60),
        ("12:01", PARK_SLOPE, 15),
        ("14:00", PARK_SLOPE, 15),
        ("14:00", ASTORIA, 55),
        ("12:05", (41.5, -74.5), 65),
    ],
    ids=["an hour", "a minute more", "next door", "across the river", "farther than there is time"],
)
def test_a_pause_up_to_an_hour_is_paid_in_whole_and_a_longer_one_the_way(
    begins: str, place: tuple[float, float], paid: int
) -> None:
    assert day_of([stop("09:00", "11:00"), stop(begins, "16:00", place)], **RULES).between == paid


def test_a_door_that_stays_shut_is_no_work_and_the_way_from_it_is_paid() -> None:
    shut = stop("11:45", "11:45", ASTORIA)
    day = day_of([stop("09:00", "11:00"), shut, stop("15:00", "17:00")], **RULES)
    assert day == Day(work=240, between=45 + 55, span=480)


def test_forty_five_hours_at_the_pay_floor_come_to_1056_88() -> None:
    pay = 45 * 2225
    assert pay + premium(pay, minutes=45 * 60, full=40 * 60, factor=HALF_AGAIN) == 105688


def test_a_full_week_has_nothing_on_top() -> None:
    assert premium(89000, minutes=2400, full=2400, factor=HALF_AGAIN) == 0
    assert premium(89038, minutes=2401, full=2400, factor=HALF_AGAIN) == 19


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
visits = st.tuples(st.integers(0, 300), st.integers(1, 240), st.sampled_from([PARK_SLOPE, ASTORIA, (41.5, -74.5)]))


@unhurried
@given(st.lists(visits, min_size=1, max_size=8), st.integers(0, 240), st.integers(0, 120))
def test_paid_time_is_never_less_than_the_work_nor_more_than_the_day(
    day: list[tuple[int, int, tuple[float, float]]], whole: int, least: int
) -> None:
    at, stops = datetime(2026, 3, 9, 6, tzinfo=NEW_YORK), []
    for pause, work, place in day:
        begins = at + timedelta(minutes=pause)
        at = begins + timedelta(minutes=work)
        stops.append(Stop(begins, at, place))
    found = day_of(stops, whole=whole, least=least)
    assert sum(work for _pause, work, _place in day) == found.work <= found.paid <= found.span
    everything = day_of(stops, whole=24 * 60, least=least)
    assert everything.paid == everything.span == found.span


@unhurried
@given(st.integers(1, 10**7), st.integers(1, 10000), st.integers(1, 3600))
def test_an_hour_over_is_never_paid_less_than_half_again_nor_a_cent_more(pay: int, minutes: int, full: int) -> None:
    exact = Fraction(pay * max(0, minutes - full), 2 * minutes)
    assert exact <= premium(pay, minutes=minutes, full=full, factor=HALF_AGAIN) < exact + 1
