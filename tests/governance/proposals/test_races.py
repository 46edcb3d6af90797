"""Many at once, on a real PostgreSQL: one elector, one ballot, and no ballot after the close."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from coop.errors import Refusal, WrongState
from coop.models import Amendment, Event
from governance.ballots.calendar import DAY
from governance.models import Ballot, Count, Elector, Proposal
from governance.proposals.tasks import sweep_proposals
from members.models import Member
from tests.governance import votes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all of them in the same moment, each on a connection of its own; a refusal is its result."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


def test_one_elector_who_casts_twenty_times_at_once_has_one_ballot(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    choices = ["yes", "no"] * 10
    cast = [lambda choice=choice: fresh(proposal).cast(choice, at=votes.VOTED, by=ana.user) for choice in choices]
    results = at_once(*cast)
    assert [type(result) for result in results] == [Ballot] * 20
    assert Ballot.objects.count() == 1
    assert Elector.objects.filter(voted=True).count() == 1


def test_every_ballot_that_was_taken_is_counted_when_the_close_comes_between(ana: Member, bo: Member) -> None:
    voters = [ana, bo, *votes.owners(10)]
    proposal = votes.voting(ana)

    def close() -> None:
        fresh(proposal).close(at=votes.CLOSES, by=None)
        fresh(proposal).certify(at=votes.CLOSES, by=None)

    cast = [lambda one=one: fresh(proposal).cast("yes", at=votes.VOTED, by=one.user) for one in voters]
    results = at_once(*cast[:6], close, *cast[6:])
    taken = sum(isinstance(result, Ballot) for result in results)
    turned_away = sum(isinstance(result, WrongState) for result in results)
    assert taken + turned_away == len(voters)
    assert (Count.objects.get().yes, Ballot.objects.count(), Elector.objects.filter(voted=True).count()) == (taken,) * 3


def test_two_clocks_that_come_by_at_once_count_and_enact_once(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="yes", bo="yes")
    late = votes.CLOSES + 30 * DAY
    at_once(*[lambda: fresh(proposal).advance(at=late) for _ in range(6)], sweep_proposals)
    fresh(proposal).advance(at=late + 30 * DAY)
    assert (Count.objects.count(), Amendment.objects.count()) == (1, 1)
    steps = Event.objects.about(proposal).filter(verb__in=["close", "carry", "enact"]).order_by("pk")
    assert [event.verb for event in steps] == ["close", "carry", "enact"]
