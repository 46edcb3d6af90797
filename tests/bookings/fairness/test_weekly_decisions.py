"""The decisions of a week that is over: never so few together that one home could be told from them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.fairness.weekly_decisions import LEAST_HOMES, Decided, decisions, grouped
from bookings.models import Turn
from tests import make
from tests.bookings.stage import signed_in, words

MONDAY = date(2026, 3, 9)
AT = datetime(2026, 3, 10, 15, tzinfo=UTC)
A_DAY = timedelta(days=1)
LATER = datetime(2026, 3, 17, 15, tzinfo=UTC)
decided = st.builds(
    Decided,
    day=st.dates(MONDAY, MONDAY + 6 * A_DAY),
    service=st.integers(1, 3),
    home=st.integers(1, 9),
    member=st.integers(1, 4),
    share=st.floats(0, 2),
    able=st.integers(1, 20),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(decided, max_size=60))
def test_whatever_is_told_apart_is_at_least_five_homes(found: list[Decided]) -> None:
    groups = grouped(found)
    assert all(len({one.home for one in group}) >= LEAST_HOMES for group in groups.values())
    told = Counter(one for group in groups.values() for one in group)
    assert told == (Counter(found) if len({one.home for one in found}) >= LEAST_HOMES else Counter())


def one(day: int, service: int, home: int) -> Decided:
    return Decided(MONDAY + day * A_DAY, service, home, member=1, share=0.5, able=3)


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ([one(0, 1, home) for home in range(5)], [(MONDAY, 1)]),
        ([one(0, 1, 1) for _again in range(9)], []),
        ([one(0, 1, home) for home in range(4)], []),
        ([one(0, 1, home) for home in range(5)] + [one(0, 2, 9)], [(MONDAY, None)]),
        ([one(0, 1, home) for home in range(5)] + [one(1, 1, 9)], [(None, 1)]),
        ([one(0, 1, home) for home in range(5)] + [one(1, 2, 9)], [(None, None)]),
    ],
)
def test_a_day_or_a_service_with_fewer_is_put_together_with_the_rest(found: list[Decided], kinds: list[object]) -> None:
    assert list(grouped(found)) == kinds


@pytest.mark.django_db
def test_a_week_shows_who_was_asked_without_home_area_or_hour(ana, bo, sol) -> None:
    booked = [make.confirmed(starts_at=AT + (2 + n) * A_DAY, at=AT) for n in range(5)]
    with time_machine.travel(LATER, tick=False):
        page = words(signed_in(ana).get(reverse("weekly_decisions")))
    (group,) = decisions(MONDAY)
    assert (group.day, group.service.code) == (AT.date(), "cleaning")
    assert sum(line.times for line in group.lines) == Turn.objects.count() == 5
    assert {line.name for line in group.lines} == {"Ana", "Bo"}
    assert [name in page for name in ("Ana", "Bo", "Fewer than 5 could come")] == [True] * 3
    hidden = {home for one in booked for home in (one.home.zip_id, one.home.street, one.client.user.name)}
    assert not [word for word in hidden if word in page.partition("<main")[2]]
    assert "AM" not in page.partition("<main")[2]


@pytest.mark.django_db
def test_a_week_is_shown_when_it_is_over(ana, bo) -> None:
    for n in range(5):
        make.confirmed(starts_at=AT + (2 + n) * A_DAY, at=AT)
    for moment, shown in ((AT + 5 * A_DAY, False), (datetime(2026, 3, 16, 4, 1, tzinfo=UTC), True)):
        with time_machine.travel(moment, tick=False):
            page = words(signed_in(ana).get(reverse("weekly_decisions"), {"week": "2026-03-11"}))
        assert ("March 9, 2026" in page and "Fewer than five homes" not in page) == shown


@pytest.mark.django_db
@pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31"])
def test_any_week_that_is_asked_for_is_answered(week: str, ana) -> None:
    assert signed_in(ana).get(reverse("weekly_decisions"), {"week": week}).status_code == 200
