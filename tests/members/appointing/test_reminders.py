"""A term that ends is told of a month and a week before, once each, to its holder and to the membership office."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from coop.errors import Refusal
from members.appointing.reminders import remind_of_ends
from members.models import Member, Notice, Role
from tests import make
from tests.bookings.stage import NOW

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
A_DAY = timedelta(days=1)


@pytest.fixture
def mia(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mia Falk", hours=None, roles=["membership"])


def term(member: Member, *, last: date, first: date = TODAY - 90 * A_DAY, office: str = "treasurer") -> Role:
    return Role.objects.create(member=member, kind=office, starts_on=first, ends_on=last, decision="Meeting")


def told(at_day: date) -> list[tuple[str, str]]:
    """Who has heard of what by that day, however often the sweep came by."""
    at = NOW + (at_day - TODAY)
    for _ in range(2):
        remind_of_ends(at=at)
    rows = Notice.objects.filter(key__startswith="term_ends:").order_by("pk")
    return [(one.user.name, one.key.split(":")[3]) for one in rows.select_related("user")]


def test_both_hear_thirty_and_seven_days_before_and_never_twice(ana: Member, mia: Member) -> None:
    last = TODAY + 40 * A_DAY
    term(ana, last=last)
    assert told(last - 31 * A_DAY) == []
    month = [("Mia Falk", "30"), ("Ana Reyes", "30")]
    assert told(last - 30 * A_DAY) == month
    assert told(last - 8 * A_DAY) == month
    assert told(last - 7 * A_DAY) == told(last) == [*month, ("Mia Falk", "7"), ("Ana Reyes", "7")]


def test_a_term_that_goes_on_is_over_or_is_short_is_not_told_of(ana: Member, bo: Member, mia: Member) -> None:
    last = TODAY + 20 * A_DAY
    term(ana, last=last)
    term(ana, first=last + A_DAY, last=last + 300 * A_DAY)
    term(bo, last=last).end(at=NOW, by=None, note="")
    term(bo, first=TODAY, last=last, office="safety")
    assert told(TODAY) == []
    assert told(last - 7 * A_DAY) == [("Mia Falk", "7"), ("Bo Lindgren", "7")]


def test_whoever_looks_after_membership_hears_of_their_own_once(mia: Member) -> None:
    term(mia, last=TODAY + 10 * A_DAY)
    assert told(TODAY) == [("Mia Falk", "30")]


@time_machine.travel(NOW, tick=False)
def test_an_office_given_again_before_notice_is_taken_back_is_said_in_a_sentence(ana: Member) -> None:
    first = Role.objects.create(member=ana, kind="treasurer", starts_on=TODAY - A_DAY)
    ana.give_notice(gone_on=TODAY + 20 * A_DAY, at=NOW, by=ana.user)
    Role.objects.create(member=ana, kind="treasurer", starts_on=TODAY, leaves_on=TODAY + 20 * A_DAY)
    with pytest.raises(Refusal, match="given to them again"):
        ana.standings.latest("pk").take_back(at=NOW, by=ana.user)
    first.end(at=NOW, by=None, note="twice")
    ana.standings.filter(state="former").latest("pk").take_back(at=NOW, by=ana.user)
    assert [one.leaves_on for one in ana.terms.filter(ended_at=None)] == [None]
