"""Households are reminded of their visits three days and one day before, by day, once, and of nothing private."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client as Browser

from bookings.models import Client, Visit
from bookings.visits.reminders import list_tomorrow, remind
from members.models import Member, Notice, Reach
from tests import make

THURSDAY = datetime(2026, 3, 12, 14, tzinfo=UTC)
"""Ten in the morning in New York."""
BOOKED = THURSDAY - timedelta(days=8)

pytestmark = pytest.mark.django_db


@pytest.fixture
def household() -> Client:
    return make.client("Lee Jordan")


def visit(household: Client, *, starts_at: datetime = THURSDAY, at: datetime = BOOKED) -> Visit:
    shift = make.accepted(client=household, starts_at=starts_at, at=at)
    return Visit.objects.with_related().get(pk=shift.visit_id)


def reminders() -> list[tuple[str, datetime]]:
    rows = Notice.objects.filter(key__startswith="reminder").order_by("pk")
    return [(row.subject, row.due_at) for row in rows]


def hours(since: datetime, until: datetime) -> None:
    """The sweep comes by each full hour."""
    while since <= until:
        remind(at=since)
        since += timedelta(hours=1)


def test_a_household_is_reminded_three_days_and_one_day_before_and_once_each(ana: Member, household: Client) -> None:
    visit(household)
    hours(THURSDAY - timedelta(hours=80), THURSDAY)
    subject = "Your visit is on Thursday, March 12 at 10:00 AM"
    assert reminders() == [(subject, THURSDAY - timedelta(hours=before)) for before in (72, 24)]


def test_a_reminder_says_who_comes_by_first_name_and_not_for_what(ana: Member, household: Client) -> None:
    visit(household)
    remind(at=THURSDAY - timedelta(hours=24))
    body = Notice.objects.get(key__startswith="reminder").body
    assert "your visit is on Thursday, March 12 at 10:00 AM. Ana comes to you." in body
    assert ("Cleaning" in body, "Reyes" in body, "Garfield" in body) == (False, False, False)


def test_a_reminder_that_falls_into_the_night_goes_out_in_the_morning(ana: Member, household: Client) -> None:
    early = datetime(2026, 3, 13, 11, tzinfo=UTC)  # seven in the morning in New York
    morning = early - timedelta(hours=71)
    make.available(ana, weekday=4, starts=6, ends=8)
    visit(household, starts_at=early)
    hours(early - timedelta(hours=73), early - timedelta(hours=70))
    assert [due for _subject, due in reminders()] == [morning]


def test_who_booked_just_now_needs_no_reminder(ana: Member, household: Client) -> None:
    visit(household, at=THURSDAY - timedelta(hours=60))
    hours(THURSDAY - timedelta(hours=60), THURSDAY)
    assert [due for _subject, due in reminders()] == [THURSDAY - timedelta(hours=24)]


def test_a_visit_at_another_time_is_reminded_of_anew(ana: Member, household: Client, sol: Member) -> None:
    moved = visit(household)
    remind(at=THURSDAY - timedelta(hours=72))
    monday = THURSDAY + timedelta(days=4)
    moved.move(monday, at=THURSDAY - timedelta(hours=70), by=sol.user)
    hours(THURSDAY - timedelta(hours=30), monday)
    assert [due for _subject, due in reminders()] == [
        THURSDAY - timedelta(hours=72),
        monday - timedelta(hours=72),
        monday - timedelta(hours=24),
    ]


def test_nobody_is_reminded_of_what_was_called_off(ana: Member, household: Client, sol: Member) -> None:
    off = visit(household)
    off.cancel(at=BOOKED + timedelta(hours=1), by=sol.user, note="")
    hours(THURSDAY - timedelta(hours=80), THURSDAY)
    assert reminders() == []


def test_a_late_sweep_does_not_remind_of_what_has_long_been_due(ana: Member, household: Client) -> None:
    visit(household)
    remind(at=THURSDAY - timedelta(hours=59))
    assert reminders() == []


def test_who_wishes_so_gets_a_list_of_tomorrows_shifts_each_evening(ana: Member, bo: Member, household: Client) -> None:
    visit(household)
    other = visit(household, starts_at=THURSDAY + timedelta(hours=3))
    mine = [shift.member for shift in other.shifts.all()]
    Reach.objects.create(user=mine[0].user, tomorrow=True)
    now = datetime(2026, 3, 11, 21, 45, tzinfo=UTC)  # a quarter to six in the evening in New York
    for _quarter in range(20):
        list_tomorrow(at=now)
        now += timedelta(minutes=15)
    told = Notice.objects.get(key__startswith="tomorrow")
    told.send(at=now)
    way_out = mail.outbox[-1].extra_headers
    assert way_out["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = way_out["List-Unsubscribe"].strip("<>").removeprefix(settings.BASE_URL)
    stranger = Browser(enforce_csrf_checks=True)
    assert (stranger.get(address).status_code, Reach.of(told.user).tomorrow) == (200, True)
    assert (stranger.post(address).status_code, Reach.of(told.user).tomorrow) == (302, False)
    assert stranger.post(f"{address}x").status_code == 404
    assert (told.user, told.due_at) == (mine[0].user, datetime(2026, 3, 11, 22, tzinfo=UTC))
    assert ("1:00 PM to" in told.body, "in 11215 Brooklyn" in told.body, "Garfield" in told.body) == (True, True, False)
