"""Two hundred rounds of each race for an offer: real threads, each with a connection of its own.

In each round exactly one of the two is done, the other is refused, and the database tells one story: one holder at
most, one answer, and a record of a turn for every offer. What is printed is who was first how often.
"""

import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Client, Offer, Service, Shift, Turn
from tests import make
from tests.bookings.clock import NOW, local
from tests.bookings.visits.test_booking_races import overlaps
from tests.races import Step, at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200
WEEK = range(11, 16)
Race = Callable[[Offer, Offer], tuple[Step, Step]]


def accept_or_pass(one: Offer, other: Offer) -> tuple[Step, Step]:
    who = one.member.user
    return lambda: one.accept(at=NOW, by=who), lambda: other.pass_on(at=NOW, by=who)


def accept_twice(one: Offer, other: Offer) -> tuple[Step, Step]:
    who = one.member.user
    return lambda: one.accept(at=NOW, by=who), lambda: other.accept(at=NOW, by=who)


def accept_or_expire(one: Offer, other: Offer) -> tuple[Step, Step]:
    who, last = one.member.user, one.answer_by
    return lambda: one.accept(at=last, by=who), lambda: other.pass_on(at=last, by=None)


def undo_or_move_on(one: Offer, other: Offer) -> tuple[Step, Step]:
    one.say_no(at=NOW, by=one.member.user, why="time")
    last = one.undo_until
    assert last is not None
    whole = Offer.objects.select_related("shift__zip", "member__user").get(pk=one.pk)
    return lambda: whole.undo(at=last - timedelta(seconds=1), by=whole.member.user), lambda: other.move_on(at=last)


RACES: dict[str, tuple[Race, set[tuple[str, str, int]]]] = {
    "accept against pass": (accept_or_pass, {("accepted", "accepted", 1), ("passed", "offered", 2)}),
    "two accepts": (accept_twice, {("accepted", "accepted", 1)}),
    "accept against expiry": (accept_or_expire, {("accepted", "accepted", 1), ("expired", "offered", 2)}),
    "undo against the sweep": (undo_or_move_on, {("made", "offered", 1), ("passed", "offered", 2)}),
}
"""The two who race, and what may be found afterwards: state of the offer, of the shift, how many were asked."""


@pytest.mark.parametrize("name", RACES)
def test_two_hundred_rounds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    race, outcomes = RACES[name]
    work, household = make.service(minutes=120), make.client()
    for _member in range(2):
        make.member()
    first: Counter[str] = Counter()
    for number in range(ROUNDS):
        offer = _offer(work, household, day=WEEK[number % len(WEEK)])
        twin = Offer.objects.select_related("shift__zip", "member__user").get(pk=offer.pk)
        results = at_once(*race(offer, twin))
        shift = Shift.objects.get(pk=offer.shift_id)
        found = Offer.objects.get(pk=offer.pk).state, shift.state, shift.offers.count()
        assert found in outcomes, (number, found, results)
        assert (shift.member_id is not None, shift.offers.filter(state="made").count()) == (True, found[1] == "offered")
        assert Turn.objects.filter(shift=shift).count() == Offer.objects.filter(shift=shift).count()
        assert overlaps() == []
        first["the first" if results[0] is None and found[0] in ("accepted", "made") else "the second"] += 1
        shift.visit.cancel(at=NOW, by=household.user, note="the round is over")
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {ROUNDS} rounds, done {dict(first)}, one outcome each time\n")


def _offer(work: Service, household: Client, *, day: int) -> Offer:
    made = make.confirmed(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=work, client=household))
    return Offer.objects.select_related("shift__zip", "member__user").get(shift__visit__booking=made)
