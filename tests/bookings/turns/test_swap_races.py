"""Agreeing to a swap at the moment at which something else happens to the shift: real threads.

The first two were seen to fail with the locks of `Swap.lock` taken out; the others are held by the lock on the shift
and by the promises of the database, too.
"""

import pytest

from bookings.models import Offer, Service, Shift, Swap
from members.models import Member
from tests import make
from tests.bookings.clock import NOW, local
from tests.bookings.visits.test_booking_races import ban, outcome, overlaps, sent_all_the_same, slowly
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
DAYS = range(11, 15)


@pytest.fixture
def work() -> Service:
    return make.service(minutes=120)


def accepted(work: Service, *, day: int, hour: int) -> Shift:
    """A shift that whoever's turn it was accepted."""
    return make.accepted(starts_at=local(day, hour), at=NOW, quote=make.quote(at=NOW, service=work))


def swaps(work: Service) -> list[Swap]:
    """One exchange a day; with two members at the same time, one of each."""
    found = []
    for day in DAYS:
        shift, back = (accepted(work, day=day, hour=hour) for hour in (9, 10))
        whole = Shift.objects.with_related().get(pk=shift.pk)
        found.append(Swap.ask(whole, other=back.member, back=back, at=NOW, by=shift.member.user))
    return found


def state(swap: Swap) -> tuple[str, tuple[str, int | None], tuple[str, int | None]]:
    rows = {row["pk"]: (row["state"], row["member"]) for row in Shift.objects.values("pk", "state", "member")}
    return Swap.objects.get(pk=swap.pk).state, rows[swap.shift_id], rows[swap.back_id]


def swapped(swap: Swap) -> tuple[str, tuple[str, int], tuple[str, int]]:
    return "agreed", ("accepted", swap.other_id), ("accepted", swap.asker_id)


def agree(swap: Swap) -> None:
    slowly(lambda: Swap.objects.get(pk=swap.pk).agree(at=NOW, by=swap.other.user))


def test_a_yes_tapped_twice_swaps_once(work, ana: Member, bo: Member) -> None:
    for swap in swaps(work):
        results = at_once(*[lambda swap=swap: agree(swap)] * 2)
        assert (outcome(results), state(swap)) == ({"done": 1, "WrongState": 1}, swapped(swap))
    assert overlaps() == []


def test_two_colleagues_who_are_both_asked_take_the_shift_once(work, ana: Member, bo: Member, cara: Member) -> None:
    for day in DAYS:
        shift = Shift.objects.with_related().get(pk=accepted(work, day=day, hour=9).pk)
        others = [member for member in (ana, bo, cara) if member != shift.member]
        both = [Swap.ask(shift, other=one, back=None, at=NOW, by=shift.member.user) for one in others]
        results = at_once(*(lambda swap=swap: agree(swap) for swap in both))
        assert outcome(results) == {"done": 1, "Refusal": 1}
        assert sum(Shift.objects.get(pk=shift.pk).member == one for one in others) == 1
    assert overlaps() == []


def test_a_yes_against_giving_the_shift_back(work, ana: Member, bo: Member) -> None:
    for swap in swaps(work):
        shift = Shift.objects.get(pk=swap.shift_id)
        results = at_once(
            lambda swap=swap: agree(swap), lambda shift=shift, swap=swap: shift.release(at=NOW, by=swap.asker.user)
        )
        found = state(swap)
        if isinstance(results[0], Exception):
            assert found == ("asked", ("open", None), ("accepted", swap.other_id))
        else:  # whoever released came later, and gave back what was the other's by then, or came too early for it
            assert (found[0], found[2]) == ("agreed", ("accepted", swap.asker_id))
    assert overlaps() == []


def test_a_yes_against_a_do_not_send(work, ana: Member, bo: Member) -> None:
    for swap in swaps(work):
        household = swap.shift.home.client
        results = at_once(
            lambda swap=swap: agree(swap),
            lambda household=household, swap=swap: slowly(lambda: ban(household, swap.other)),
        )
        assert set(outcome(results)) <= {"done", "Refusal"}
        assert (results[1], sent_all_the_same()) == (None, [])
    assert overlaps() == []


def test_a_yes_against_another_offer_for_the_same_hours(work, ana: Member, bo: Member) -> None:
    for day in DAYS:
        shift = Shift.objects.with_related().get(pk=accepted(work, day=day, hour=9).pk)
        other = bo if shift.member == ana else ana
        swap = Swap.ask(shift, other=other, back=None, at=NOW, by=shift.member.user)
        quote = make.quote(at=NOW, service=work)
        at_once(lambda swap=swap: agree(swap), lambda quote=quote, day=day: quote.choose_time(local(day, 10), at=NOW))
    assert overlaps() == []
    assert Offer.objects.waiting().count() == 0
