"""What an hour of work was paid, for whoever thinks of working here."""

from datetime import date, timedelta

import pytest

from members.joining import worked
from members.joining.worked import minutes_of, usual_pay
from members.models import Member
from payouts.ledger.hourly import hourly
from tests.payouts import stage

pytestmark = pytest.mark.django_db


def test_what_was_paid_for_a_visit_is_told_by_the_hour(ana: Member) -> None:
    visit = stage.done_visit()
    shift = visit.shifts.get()
    assert shift.member == ana
    earned = ana.accounts.with_balance().get(kind="pay").balance
    day = visit.starts_at.astimezone(visit.zone).date()
    assert hourly(day, day) == [earned * 60 // shift.minutes]
    assert hourly(day + timedelta(days=1), day + timedelta(days=9)) == []
    assert minutes_of([ana]) == {ana.pk: shift.minutes}


def test_of_fewer_than_five_people_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    paid = [2100, 2500, 2300, 2200, 2900]
    monkeypatch.setattr(worked, "_hourly", [lambda _first, _last: paid])
    day = date(2026, 3, 2)
    five = usual_pay(day, day)
    paid.pop()
    assert (five, usual_pay(day, day)) == (2300, None)
