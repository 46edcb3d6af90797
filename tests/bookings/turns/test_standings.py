"""When somebody's standing changes, their work follows at once: it goes on in turn, and what is free comes back."""

from datetime import timedelta

import pytest
from django.db import transaction

from bookings.matching.errors import TimeTaken
from bookings.models import Offer, Shift
from members.models import Member, Notice, Standing
from tests import make
from tests.bookings.clock import NINE, NOW

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def week(ana: Member) -> list[Shift]:
    """Ana's visits of tomorrow, in four days, and in eight."""
    return [make.accepted(starts_at=NINE + days * A_DAY, at=NOW) for days in (0, 3, 7)]


def held(week: list[Shift]) -> list[str]:
    """Who has each, or what becomes of it."""
    found = Shift.objects.select_related("member__user").in_bulk([shift.pk for shift in week])
    return [found[one.pk].member.user.first_name if found[one.pk].member else found[one.pk].state for one in week]


def planned(member: Member, state: str) -> Standing:
    return member.standings.valid().get(state=state)


def test_on_leave_shifts_of_those_days_go_on_and_no_others(ana, week):
    day = week[1].starts_at.date()
    ana.go_on_leave(on=day, until=day, at=NOW, by=ana.user)
    assert held(week) == ["Ana", "open", "Ana"]
    assert Notice.objects.filter(key__startswith="person_changes:standing:").count() == 1


def test_who_gave_notice_works_until_the_day_and_not_on_it(ana, week):
    ana.give_notice(gone_on=week[1].starts_at.date(), at=NOW, by=ana.user)
    assert held(week) == ["Ana", "open", "open"]


def test_what_nobody_took_meanwhile_is_theirs_again_when_notice_is_taken_back(ana, week):
    ana.give_notice(gone_on=week[1].starts_at.date(), at=NOW, by=ana.user)
    bo = make.member("Bo Lindgren")
    Shift.objects.get(pk=week[2].pk).take(bo, at=NOW, by=bo.user)
    planned(ana, "former").take_back(at=NOW, by=ana.user)
    assert held(week) == ["Ana", "Ana", "Bo"]


def test_whoever_comes_back_early_has_again_what_nobody_has(ana, week, clock):
    ana.go_on_leave(at=NOW, by=ana.user)
    assert held(week) == ["open"] * 3
    ana.come_back(on=week[2].starts_at.date(), at=NOW, by=ana.user)
    assert held(week) == ["open", "open", "Ana"]


def test_a_suspension_and_an_end_free_everything_at_once(ana, week):
    ana.suspend(at=NOW, by=None, note="A report is looked into.")
    assert held(week) == ["open"] * 3
    ana.reinstate(at=NOW, by=None)
    assert held(week) == ["Ana"] * 3
    ana.leave_coop(at=NOW, by=None)
    assert held(week) == ["open"] * 3


def test_an_offer_for_such_a_day_waits_no_more(ana):
    make.confirmed(starts_at=NINE, at=NOW)
    ana.go_on_leave(at=NOW, by=ana.user)
    offer = Offer.objects.get()
    assert (offer.state, Shift.objects.get().state) == ("withdrawn", "open")


def test_what_was_given_back_for_another_reason_stays_given_back(ana, week):
    Shift.objects.get(pk=week[0].pk).release(at=NOW, by=ana.user, note="cannot")
    ana.go_on_leave(at=NOW, by=ana.user)
    ana.come_back(at=NOW, by=ana.user)
    assert held(week) == ["open", "Ana", "Ana"]


def test_nobody_is_asked_for_days_on_which_they_are_away_and_is_for_those_after(ana):
    ana.go_on_leave(until=TODAY + 4 * A_DAY, at=NOW, by=ana.user)
    with pytest.raises(TimeTaken):
        make.confirmed(starts_at=NINE, at=NOW)
    back = make.confirmed(starts_at=NINE + 7 * A_DAY, at=NOW)
    offer = Offer.objects.waiting().get()
    assert (offer.shift, offer.member) == (back.first_visit().shifts.get(), ana)
    assert ana.user.has_perm("bookings.accept_offer", offer)


def test_times_are_only_sold_of_people_who_are_there(ana):
    quote = make.quote(at=NOW)
    before = {moment.date() for moment in quote.openings(first=TODAY, days=14, at=NOW)}
    ana.give_notice(gone_on=TODAY + 7 * A_DAY, at=NOW, by=ana.user)
    after = {moment.date() for moment in quote.openings(first=TODAY, days=14, at=NOW)}
    assert (max(before) > TODAY + 7 * A_DAY, max(after)) == (True, TODAY + 6 * A_DAY)


def test_a_step_that_fails_moves_no_shift(ana, week):
    with transaction.atomic():
        ana.leave_coop(at=NOW, by=None)
        transaction.set_rollback(True)
    assert held(week) == ["Ana"] * 3
