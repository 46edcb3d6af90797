"""Undoing at the moment at which somebody else goes on with it: real threads, each with a connection of its own."""

from datetime import timedelta

import pytest

from bookings.models import Offer, Shift
from tests import make
from tests.bookings.clock import NOW
from tests.bookings.visits.test_booking_races import offers, outcome, overlaps
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
SOON = timedelta(seconds=1)


def whole(offer: Offer) -> Offer:
    return Offer.objects.select_related("shift__zip", "member__user").get(pk=offer.pk)


def test_undo_tapped_twice_undoes_once(ana):
    for offer in offers(make.service(minutes=120)):
        offer.accept(at=NOW, by=ana.user)
        both = [whole(offer), whole(offer)]
        results = at_once(*(lambda each=each: each.undo(at=NOW + SOON, by=ana.user) for each in both))
        assert outcome(results) == {"done": 1, "WrongState": 1}
        assert (whole(offer).state, whole(offer).shift.state, whole(offer).shift.member) == ("made", "offered", ana)


def test_undoing_a_pass_against_the_sweep_that_asks_the_next(ana, bo):
    for offer in offers(make.service(minutes=120)):
        offer.say_no(at=NOW, by=offer.member.user, why="time")
        mine, sweep, last = whole(offer), whole(offer), offer.undo_until
        results = at_once(
            lambda mine=mine, last=last: mine.undo(at=last - SOON, by=mine.member.user),
            lambda sweep=sweep, last=last: sweep.move_on(at=last),
        )
        waiting = Offer.objects.waiting().get(shift=offer.shift_id)
        shift = Shift.objects.get(pk=offer.shift_id)
        assert (waiting.member_id == offer.member_id) == (results[0] is None)
        assert (shift.state, shift.member_id, shift.offers.filter(state="made").count()) == (
            *("offered", waiting.member_id),
            1,
        )
    assert overlaps() == []


def test_undoing_a_yes_against_the_start(ana):
    for offer in offers(make.service(minutes=120)):
        offer.accept(at=offer.answer_by - 2 * SOON, by=ana.user)
        Shift.objects.filter(pk=offer.shift_id).update(starts_at=offer.starts_at)
        mine, shift = whole(offer), Shift.objects.with_related().get(pk=offer.shift_id)
        results = at_once(
            lambda mine=mine: mine.undo(at=mine.answer_by - SOON, by=ana.user),
            lambda shift=shift: shift.start(at=shift.start_from, by=ana.user),
        )
        found = (whole(offer).state, whole(offer).shift.state)
        assert found == (("made", "offered") if results[0] is None else ("accepted", "started"))
        assert sum(result is None for result in results) == 1
