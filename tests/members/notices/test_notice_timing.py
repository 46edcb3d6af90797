"""When people are told: at once what cannot wait, and the rest by day, where they live."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from members.models import Member, Notice, User
from members.notices import notice_timing
from members.notices.notice_timing import Kind
from tests import make

NIGHT = datetime(2026, 3, 11, 2, 30, tzinfo=UTC)
"""Half past ten in the evening in New York."""
MORNING = datetime(2026, 3, 11, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def due(mail: str, to: User, *, at: datetime, starts_in: float = 0) -> datetime:
    return notice_timing.due(
        mail, to=to, at=at, about={"visit": SimpleNamespace(starts_at=at + timedelta(hours=starts_in))}
    )


def test_every_mail_that_a_room_speaks_of_exists() -> None:
    texts = {path.stem for path in (Path(settings.BASE_DIR) / "templates" / "mail").glob("*.txt")}
    assert set(notice_timing.declared()) <= texts


@pytest.mark.parametrize(
    ("mail", "starts_in", "expected"),
    [
        ("vote_open", 0, MORNING),
        ("booking_confirmed", 100, NIGHT),
        ("visit_cancelled", 6, NIGHT),
        ("visit_cancelled", 60, MORNING),
        ("offer_made", 60, NIGHT),
    ],
)
def test_at_night_only_what_cannot_wait_is_told(dan: User, mail: str, starts_in: float, expected: datetime) -> None:
    assert due(mail, dan, at=NIGHT, starts_in=starts_in) == expected


def test_by_day_nothing_waits(dan: User) -> None:
    assert due("vote_open", dan, at=MORNING) == MORNING
    assert due("vote_open", dan, at=MORNING - timedelta(minutes=1)) == MORNING


@pytest.mark.parametrize("minutes", [0, 30, 59])
def test_the_night_begins_at_nine(dan: User, minutes: int) -> None:
    nine = NIGHT.replace(hour=1, minute=0)
    assert due("vote_open", dan, at=nine + timedelta(minutes=minutes)) == MORNING
    assert due("vote_open", dan, at=nine - timedelta(minutes=minutes + 1)) == nine - timedelta(minutes=minutes + 1)


def test_the_night_is_where_the_person_lives(dan: User) -> None:
    far = make.member("Wes West", zip="90012")
    assert due("vote_open", far.user, at=NIGHT) == NIGHT
    assert notice_timing.zone_of(far.user).key == "America/Los_Angeles"
    assert notice_timing.zone_of(dan).key == settings.TIME_ZONE


def test_a_household_lives_where_its_home_is(ana: Member) -> None:
    shift = make.accepted(starts_at=MORNING + timedelta(days=3), at=MORNING)
    home = shift.home
    home.zip = make.zip_code("90012")
    home.save()
    assert notice_timing.zone_of(User.objects.get(pk=home.client.user.pk)).key == "America/Los_Angeles"


def test_a_night_in_which_the_clocks_change_ends_at_the_same_hour(dan: User) -> None:
    evening = datetime(2026, 3, 8, 3, 30, tzinfo=UTC)
    assert due("vote_open", dan, at=evening) == datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert notice_timing.kind_of("vote_open") == Kind.NEWS


def test_an_offer_made_at_night_is_told_when_the_time_to_answer_begins_to_run(ana: Member) -> None:
    make.confirmed(starts_at=MORNING + timedelta(days=3), at=NIGHT)
    assert Notice.objects.get(user=ana.user).due_at == datetime(2026, 3, 11, 11, tzinfo=UTC)
