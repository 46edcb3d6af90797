"""A certificate that ends soon is spoken of 60, 30 and 7 days before, once each, to its member and to membership."""

from datetime import UTC, datetime, timedelta

import pytest

from members.credentials.expiry import warn_of_expiry
from members.models import Member, Notice
from tests import make

START = datetime(2026, 4, 1, 14, tzinfo=UTC)
ENDS = (START + timedelta(days=100)).date()

pytestmark = pytest.mark.django_db


def told(member: Member) -> list[datetime]:
    rows = Notice.objects.filter(user=member.user, key__startswith="credential").order_by("due_at")
    return [row.due_at for row in rows]


def days(first: int, last: int) -> None:
    """The sweep comes by twice a day."""
    for half in range(2 * first, 2 * last):
        warn_of_expiry(at=START + timedelta(hours=12 * half))


def test_the_member_and_membership_hear_of_it_three_times(ana: Member) -> None:
    mem = make.member("Mem Berson", hours=None, roles=["membership"])
    make.credential(ana, expires_on=ENDS)
    days(0, 101)
    expected = [START + timedelta(days=100 - left) for left in (60, 30, 7)]
    assert (told(ana), told(mem)) == (expected, expected)
    assert "HHA" in Notice.objects.filter(user=ana.user, key__startswith="credential")[0].subject


def test_of_one_seen_late_only_the_nearest_warning_is_given(ana: Member) -> None:
    make.credential(ana, expires_on=(START + timedelta(days=5)).date())
    days(0, 4)
    assert told(ana) == [START]


def test_who_has_a_newer_one_or_has_left_hears_nothing(ana: Member, bo: Member) -> None:
    for member in (ana, bo):
        make.credential(member, expires_on=ENDS)
    make.credential(ana, issued_on=START.date(), expires_on=ENDS + timedelta(days=365))
    bo.leave_coop(at=START, by=None)
    days(60, 70)
    assert (told(ana), told(bo)) == ([], [])
