"""Days of notice and of voting on the co-op's calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from governance.ballots.calendar import closing, opening

NEW_YORK = ZoneInfo("America/New_York")


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


def test_clear_days_leave_out_the_day_of_notice_and_the_day_of_opening() -> None:
    assert opening(local(2026, 4, 6, 11), clear_days=14) == local(2026, 4, 21, 8)


def test_notice_late_in_the_evening_counts_from_that_day_in_new_york() -> None:
    assert opening(datetime(2026, 4, 7, 3, tzinfo=UTC), clear_days=14) == local(2026, 4, 21, 8)


def test_seven_days_are_never_fewer_than_seven_times_a_day_and_night() -> None:
    assert closing(local(2026, 4, 21, 8), days=7) == local(2026, 4, 28, 20)
    assert closing(local(2026, 4, 21, 20, 1), days=7) == local(2026, 4, 29, 20)


def test_the_hour_that_spring_takes_away_does_not_move_the_close() -> None:
    assert closing(local(2026, 3, 3, 8), days=7) == local(2026, 3, 10, 20)
