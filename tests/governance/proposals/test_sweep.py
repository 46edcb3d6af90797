"""The clock's own work, as beat starts it, and the split of the price that comes of it."""

from datetime import timedelta
from fractions import Fraction

import pgtrigger
import pytest
from django.utils import timezone

from bookings.policies import OPERATIONS_SHARE, WORKER_SHARE, shares_on
from coop.models import Amendment, Event, Heartbeat
from governance.ballots.calendar import day_of
from governance.models import Ballot, Proposal
from governance.proposals.tasks import sweep_proposals
from members.models import Member
from tests.governance import votes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def split(*hundredths: float) -> dict[str, Fraction]:
    """What the worker, operations, the reserve and upkeep get of a price."""
    parts = ("worker", "operations", "reserve", "upkeep")
    return {part: Fraction(number) / 100 for part, number in zip(parts, hundredths, strict=True)}


def test_a_sweep_moves_whatever_is_due_and_a_second_one_moves_nothing(ana: Member, bo: Member) -> None:
    waiting, passing, discussed = votes.noticed(ana), votes.voting(ana), votes.discussing(ana)
    votes.cast(passing, ana="yes", bo="yes")
    for _ in range(2):
        sweep_proposals()
    states = [Proposal.objects.get(pk=one.pk).state for one in (waiting, passing, discussed)]
    # The one that waited opens now, months late, and so it is open for its full seven days from now.
    assert states == ["voting", "passed", "discussing"]
    assert Proposal.objects.get(pk=waiting.pk).window[1] > timezone.now() + 7 * DAY
    assert Event.objects.about(passing).filter(verb="carry").count() == 1
    assert Heartbeat.objects.get(sweep="governance.sweep_proposals").trouble == ""


def test_a_new_split_of_the_price_holds_on_its_day_and_not_before(ana: Member, bo: Member) -> None:
    passed = votes.counted(ana, changes=votes.NEW_SPLIT, ana="yes", bo="yes")
    passed.advance(at=votes.CLOSES + 10 * DAY)
    assert [shares_on(votes.EFFECTIVE_ON + days * DAY) for days in (-1, 0, 400)] == [
        split(95, 4, 0.5, 0.5),
        split(94, 3, 2, 1),
        split(94, 3, 2, 1),
    ]
    assert list(Amendment.objects.values_list("source", flat=True).distinct()) == [passed.source]


def test_a_decision_that_no_longer_fits_the_rules_is_set_aside_and_says_why(ana: Member, bo: Member) -> None:
    first = votes.counted(ana, changes=votes.NEW_SPLIT, ana="yes", bo="yes")
    # Half of a split: it fitted the old shares when it was written, and does not fit the new ones any more.
    half = {WORKER_SHARE.key: Fraction(93, 100), OPERATIONS_SHARE.key: Fraction(6, 100)}
    second = votes.counted(bo, changes=half, ana="yes", bo="yes")
    for proposal in (first, second):
        proposal.advance(at=votes.CLOSES + 10 * DAY)
    assert (first.state, second.state) == ("enacted", "void")
    assert "must add up to exactly 100%" in Event.objects.about(second).get(verb="void").note
    assert shares_on(day_of(votes.CLOSES + 30 * DAY)) == split(94, 3, 2, 1)


def test_one_proposal_in_trouble_does_not_hold_up_the_others(ana: Member, bo: Member) -> None:
    broken, sound = votes.voting(ana), votes.voting(bo)
    votes.cast(broken, ana="yes")
    votes.cast(sound, ana="yes", bo="yes")
    broken.close(at=votes.CLOSES, by=None)
    _lose_a_ballot(broken)
    sweep_proposals()
    assert [Proposal.objects.get(pk=one.pk).state for one in (broken, sound)] == ["counting", "passed"]
    beat = Heartbeat.objects.get(sweep="governance.sweep_proposals")
    assert (beat.trouble, len(beat.rows), "count is of the ballots" in beat.rows[0]) == ("", 1, True)


def _lose_a_ballot(proposal: Proposal) -> None:
    """As a torn restore would: the roll says that somebody voted, and the ballot is gone."""
    with pgtrigger.ignore("governance.Ballot:a_ballot_is_cast_while_the_vote_is_open"):
        Ballot.objects.filter(elector__proposal=proposal).delete()
