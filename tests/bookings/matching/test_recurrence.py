"""The days of a series: local dates first, moments after; clocks may change as they like."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.matching.recurrence import Occasion, Rule, first_in_week, from_here, moment, next_few, occasions

NEW_YORK = ZoneInfo("America/New_York")
NINE = time(9)
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("America/New_York", "America/Phoenix", "Europe/Madrid", "Australia/Lord_Howe")]
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
A_DAY = timedelta(days=1)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    since = draw(DAYS)
    first = since + draw(st.integers(0, 13)) * A_DAY
    return Rule(since, first, draw(st.sampled_from([1, 2, 4])), draw(CLOCKS))


many_rules = st.lists(rules(), min_size=1, max_size=4, unique_by=lambda rule: rule.since)


def test_every_two_weeks_is_the_same_weekday_at_the_same_time_over_the_spring_change():
    rule = Rule(date(2026, 2, 25), date(2026, 2, 25), 2, NINE)
    assert next_few(rule, NEW_YORK, count=3) == [
        datetime(2026, 2, 25, 14, tzinfo=UTC),
        datetime(2026, 3, 11, 13, tzinfo=UTC),
        datetime(2026, 3, 25, 13, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (date(2026, 3, 8), time(3, 0), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (date(2026, 11, 1), time(2, 0), datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_jumped_over_is_the_next_and_of_a_time_shown_twice_it_is_the_first(day, clock, utc):
    assert moment(day, clock, NEW_YORK) == utc


@given(day=DAYS, clock=CLOCKS, zone=ZONES)
def test_the_local_time_is_kept_or_at_most_an_hour_later_where_it_does_not_exist(day, clock, zone):
    shown = moment(day, clock, zone).astimezone(zone).replace(tzinfo=None)
    assert timedelta() <= shown - datetime.combine(day, clock) <= timedelta(hours=1)
    assert shown == datetime.combine(day, clock) or shown.time() in (time(0), time(1), time(2, 30), time(3))


@given(found=many_rules, start=DAYS, length=st.integers(0, 400))
def test_rules_follow_each_other_without_a_day_of_both_and_without_one_that_neither_has(found, start, length):
    end = start + length * A_DAY
    days = occasions(found, start, end)
    assert [one.day for one in days] == sorted({one.day for one in days})
    order = sorted(found, key=lambda rule: rule.since)
    for day in (start + number * A_DAY for number in range(length + 1)):
        holding = [rule for rule in order if rule.since <= day][-1:]
        due = [rule for rule in holding if day >= rule.first and (day - rule.first).days % (7 * rule.every) == 0]
        assert [one for one in days if one.day == day] == [Occasion(day, rule) for rule in due]


@given(rule=rules(), start=DAYS, parts=st.lists(st.integers(0, 60), max_size=5))
def test_looking_piece_by_piece_finds_the_same_days_as_looking_once(rule, start, parts):
    ends = [start]
    for part in parts:
        ends.append(ends[-1] + part * A_DAY)
    pieces = [day for a, b in pairwise(ends) for day in rule.days(a, b - A_DAY)]
    assert pieces == rule.days(start, ends[-1] - A_DAY)


@given(found=many_rules, new=rules(), end=DAYS)
def test_this_and_later_changes_nothing_before_it_and_everything_from_it_on(found, new, end):
    changed = occasions(from_here(found, new), date.min, end)
    before = [one for one in occasions(found, date.min, end) if one.day < new.since]
    assert [one for one in changed if one.day < new.since] == before
    assert {one.rule for one in changed if one.day >= new.since} <= {new}


@given(found=many_rules, end=DAYS)
def test_taking_the_same_rule_again_from_any_of_its_days_on_changes_no_day(found, end):
    days = occasions(found, date.min, end)
    for one in days[:3]:
        again = Rule(one.day, one.day, one.rule.every, one.rule.clock)
        later = [rule for rule in found if rule.since > one.day]
        again_days = occasions([*from_here(found, again), *later], date.min, end)
        assert [other.day for other in again_days] == [other.day for other in days]


@given(day=DAYS, weekday=st.integers(0, 6), wait=st.integers(-10, 30))
def test_another_weekday_is_in_the_same_week_unless_that_is_too_soon(day, weekday, wait):
    not_before = day + wait * A_DAY
    found = first_in_week(day, weekday, not_before=not_before)
    assert (found.weekday(), found >= not_before) == (weekday, True)
    assert found.isocalendar()[:2] == day.isocalendar()[:2] or found - not_before < timedelta(days=7)
