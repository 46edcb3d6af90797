"""Free time as integers, against a model that counts minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.matching.openings import Window, at_least, nearest, starts, travel_minutes
from members.hours.free_hours import Hours

NEW_YORK = ZoneInfo("America/New_York")
SPRING_FORWARD, FALL_BACK = date(2026, 3, 8), date(2026, 11, 1)
PARK_SLOPE, HARLEM = (40.6628, -73.9868), (40.8116, -73.9465)
MINUTE = timedelta(minutes=1)

days = st.sampled_from([SPRING_FORWARD - timedelta(days=1), FALL_BACK - timedelta(days=1), date(2026, 6, 1)])


def spans_of(step: int):
    """Spans of a week whose ends lie on a grid of so many minutes."""
    ends = st.tuples(st.integers(0, 1439 // step), st.integers(0, 1439 // step)).filter(lambda pair: pair[0] < pair[1])
    day = st.integers(0, 6)
    return st.lists(st.builds(lambda day, pair: tuple(day * 1440 + n * step for n in pair), day, ends), max_size=5)


def shifts_on(step: int):
    """Shifts in minutes from the beginning of the window."""
    begins, lasts = st.integers(0, 3 * 1440 // step), st.integers(1, 300 // step)
    return st.lists(st.builds(lambda n, length: (n * step, (n + length) * step), begins, lasts), max_size=3)


def naive_minutes(window: Window, spans) -> set[datetime]:
    """Every minute of the window whose local day and clock lie in a span, ends read on their first showing."""
    free = set()
    for number in range(window.days):
        day = window.first + timedelta(days=number)
        for low, high in spans:
            if low // 1440 == day.weekday():
                midnight = datetime.combine(day, datetime.min.time())
                moment, end = (
                    (midnight + timedelta(minutes=minute % 1440)).replace(tzinfo=NEW_YORK).astimezone(UTC)
                    for minute in (low, high)
                )
                while moment < end:
                    free.add(moment)
                    moment += MINUTE
    return free


def naive_starts(window: Window, free: set[datetime], minutes: int) -> list[datetime]:
    """Full and half hours from which every minute is free."""
    found, moment = [], window.origin
    while moment < window.moment(window.size):
        if moment.astimezone(NEW_YORK).minute in (0, 30) and all(moment + n * MINUTE in free for n in range(minutes)):
            found.append(moment)
        moment += timedelta(minutes=15)
    return found


def worked(window: Window, spans, holidays=()) -> int:
    """The quarters of spans that come back each week, in minutes since Monday began."""
    days = {
        day: tuple((low - day % 7 * 1440, high - day % 7 * 1440) for low, high in spans if low // 1440 == day % 7)
        for day in range(14)
    }
    return window.worked(Hours(days), holidays)


def sold(window: Window, spans, shifts, minutes: int) -> list[datetime]:
    mask = worked(window, spans)
    for low, high in shifts:
        mask &= ~window.outer((window.origin + low * MINUTE, window.origin + high * MINUTE))
    return window.moments(starts(mask, minutes // 15) & window.on_the_half_hour())


def truly_free(window: Window, spans, shifts, minutes: int) -> list[datetime]:
    free = naive_minutes(window, spans)
    for low, high in shifts:
        free -= {window.origin + n * MINUTE for n in range(low, high)}
    return naive_starts(window, free, minutes)


@settings(deadline=None)
@given(days, spans_of(15), shifts_on(15), st.sampled_from([60, 120, 135, 210]))
def test_what_is_sold_is_what_is_free_minute_by_minute(first, spans, shifts, minutes):
    window = Window(first, 3, NEW_YORK)
    assert sold(window, spans, shifts, minutes) == truly_free(window, spans, shifts, minutes)


@settings(deadline=None)
@given(days, spans_of(1), shifts_on(1), st.sampled_from([60, 120, 135, 210]))
def test_hours_beside_the_grid_never_sell_a_minute_that_is_not_free(first, spans, shifts, minutes):
    window = Window(first, 3, NEW_YORK)
    assert set(sold(window, spans, shifts, minutes)) <= set(truly_free(window, spans, shifts, minutes))


@given(st.integers(0, 2**200 - 1), st.integers(1, 40))
def test_doubling_finds_the_same_runs_as_looking_at_each_quarter(free, quarters):
    slow = sum(1 << bit for bit in range(200) if (free >> bit) % (1 << quarters) == (1 << quarters) - 1)
    assert starts(free, quarters) == slow


@given(st.lists(st.integers(0, 2**60), max_size=6), st.integers(1, 4))
def test_a_crew_is_free_where_enough_of_them_are(masks, crew):
    counted = sum(1 << bit for bit in range(61) if sum(mask >> bit & 1 for mask in masks) >= crew)
    assert at_least(masks, crew) == counted


def test_the_spring_night_is_an_hour_shorter_and_half_past_two_is_not_sold():
    window = Window(SPRING_FORWARD, 1, NEW_YORK)
    found = window.moments(worked(window, [(6 * 1440, 6 * 1440 + 300)]) & window.on_the_half_hour())
    local = [f"{moment.astimezone(NEW_YORK):%H:%M}" for moment in found]
    assert (window.size, local) == (23 * 4, ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30", "04:00", "04:30"])


def test_the_autumn_night_is_an_hour_longer_and_half_past_one_comes_twice():
    window = Window(FALL_BACK, 1, NEW_YORK)
    found = window.moments(worked(window, [(6 * 1440, 6 * 1440 + 180)]) & window.on_the_half_hour())
    local = [f"{moment.astimezone(NEW_YORK):%H:%M}" for moment in found]
    assert (window.size, local) == (
        25 * 4,
        ["00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"],
    )


def test_nine_in_the_morning_stays_nine_in_the_morning_over_both_nights():
    for first in (SPRING_FORWARD, FALL_BACK):
        window = Window(first - timedelta(days=1), 3, NEW_YORK)
        mornings = window.moments(worked(window, [(day * 1440 + 540, day * 1440 + 555) for day in range(7)]))
        assert [f"{moment.astimezone(NEW_YORK):%H:%M}" for moment in mornings] == ["09:00"] * 3


def test_hours_that_are_not_whole_quarters_lose_the_broken_ones():
    window = Window(date(2026, 6, 1), 1, NEW_YORK)
    assert worked(window, [(490, 550)]) == worked(window, [(495, 540)])


def test_a_day_off_covers_the_whole_local_day():
    window = Window(date(2026, 6, 1), 3, NEW_YORK)
    assert window.whole_days(date(2026, 6, 2), date(2026, 6, 2)) == ((1 << 96) - 1) << 96


def test_to_a_home_in_the_same_area_one_needs_the_least_time():
    assert travel_minutes(PARK_SLOPE, PARK_SLOPE, least=15) == 15


def test_from_park_slope_to_harlem_it_takes_over_an_hour():
    assert round(travel_minutes(PARK_SLOPE, HARLEM, least=15)) == 68


def test_the_nearest_times_come_in_order_and_the_earlier_of_two_as_near():
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    times = [noon + timedelta(hours=hours) for hours in (-3, -1, 1, 2, 4)]
    assert nearest(times, noon) == [times[1], times[2], times[3]]
    assert nearest(times, noon, 1) == [times[1]]
