"""When somebody takes work: weeks in turn, single days, holidays, days off."""

from datetime import date, timedelta

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from members.hours.free_hours import Hours, day_number, is_a_week
from members.hours.public_holidays import public_holidays

MONDAY, CHRISTMAS = date(2026, 3, 9), date(2026, 12, 25)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
EVERY_DAY = dict.fromkeys(range(14), ((540, 1020),))


@given(days)
def test_weeks_take_turns_without_end(day: date) -> None:
    week, next_week = is_a_week(day), is_a_week(day + timedelta(days=7))
    monday = day - timedelta(days=day.weekday())
    assert (week, {is_a_week(monday + timedelta(days=n)) for n in range(7)}) == (not next_week, {week})


def test_the_year_with_53_weeks_does_not_put_two_alike_side_by_side() -> None:
    last, first = date(2026, 12, 28), date(2027, 1, 4)
    assert (last.isocalendar().week % 2, first.isocalendar().week % 2) == (1, 1)
    assert is_a_week(last) is not is_a_week(first)


@given(days, st.booleans())
def test_what_was_said_for_one_day_counts_on_that_day_alone(day: date, holiday: bool) -> None:
    hours = Hours(EVERY_DAY, single={day_number(day): ((600, 660),)})
    around = [hours.on(day + timedelta(days=n), holiday=holiday) for n in (-1, 0, 1)]
    usual = () if holiday else ((540, 1020),)
    assert around == [usual, ((600, 660),), usual]


@given(days)
def test_a_day_off_counts_before_all_else(day: date) -> None:
    number = day_number(day)
    hours = Hours(EVERY_DAY, single={number: ((600, 660),)}, off=((number, number),), holidays=True)
    assert hours.on(day, holiday=True) == ()


def test_nobody_works_on_a_holiday_who_did_not_say_so() -> None:
    worked = [Hours(EVERY_DAY, holidays=also).on(CHRISTMAS, holiday=True) for also in (False, True)]
    assert worked == [(), ((540, 1020),)]


def test_each_state_keeps_its_own_holidays() -> None:
    first, last = date(2026, 2, 1), date(2026, 3, 31)
    found = {
        state: [str(name) for name in public_holidays(state, first, last).values()] for state in ("NY", "TX", "AE")
    }
    assert found == {
        "NY": ["Lincoln's Birthday", "Susan B. Anthony Day", "Washington's Birthday"],
        "TX": ["Presidents' Day", "Texas Independence Day", "Cesar Chavez Day"],
        "AE": ["Washington's Birthday"],
    }


def test_holidays_are_found_over_the_end_of_the_year() -> None:
    found = public_holidays("NJ", date(2026, 12, 20), date(2027, 1, 2))
    assert list(found) == [CHRISTMAS, date(2027, 1, 1)]


def test_holidays_have_names_in_spanish_also_two_on_one_day() -> None:
    found = public_holidays("NY", date(2027, 2, 15), date(2027, 2, 15)) | public_holidays(
        "NY", date(2026, 11, 1), date(2026, 12, 31)
    )
    with override("es"):
        names = [str(name) for name in found.values()]
    assert names[0] == "Día de Susan B. Anthony; Natalicio de Washington"
    assert not [name for name in names if "Day" in name]
