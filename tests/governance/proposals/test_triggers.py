"""What the database refuses to whoever writes SQL by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from governance.models import Ballot, Count, Elector, Proposal
from members.models import Member
from tests import make
from tests.governance import votes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql: str, *values: object, why: str) -> None:
    with pytest.raises(DatabaseError, match=why):
        run(sql, *values)


BALLOT = "INSERT INTO governance_ballot (elector_id, choice, cast_at) VALUES (%s, 'yes', %s)"
STATE = "UPDATE governance_proposal SET state = %s WHERE id = %s"


def elector_of(proposal: Proposal, member: Member) -> int:
    return proposal.roll.get(member=member).pk


def put(proposal: Proposal, **values: object) -> None:
    """Past every verb, straight into the row."""
    Proposal.objects.filter(pk=proposal.pk).update(**values)


def test_a_ballot_bears_a_time_within_the_vote(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    elector = elector_of(proposal, bo)
    for wrong in (votes.OPENS - HOUR, votes.CLOSES, votes.CLOSES + HOUR):
        refused(BALLOT, elector, wrong, why="not open")
    run(BALLOT, elector, votes.CLOSES - HOUR)
    assert Ballot.objects.get().elector_id == elector


def test_a_live_vote_closes_by_the_clock_of_the_database_whatever_time_a_ballot_claims(ana: Member, bo: Member) -> None:
    proposal = votes.live(ana)
    put(proposal, closes_at=timezone.now() + timedelta(milliseconds=200))
    run(BALLOT, elector_of(proposal, ana), timezone.now())
    run("SELECT pg_sleep(0.3)")
    refused(BALLOT, elector_of(proposal, bo), proposal.window[0] + HOUR, why="not open")
    refused("UPDATE governance_ballot SET choice = 'no'", why="not open")
    assert [ballot.choice for ballot in Ballot.objects.all()] == ["yes"]


@pytest.mark.parametrize("state", ["noticed", "counting", "passed"])
def test_no_ballot_is_cast_before_the_opening_or_after_the_close(state: str, ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    if state != "noticed":
        proposal.open_voting(at=votes.OPENS, by=None)
        votes.cast(proposal, ana="yes")
        votes.cast(proposal, bo="yes")
        proposal.close(at=votes.CLOSES, by=None)
    if state == "passed":
        proposal.certify(at=votes.CLOSES, by=None)
    refused(BALLOT, elector_of(proposal, bo), votes.VOTED, why="not open")
    before = list(Ballot.objects.values())
    if before:
        refused("UPDATE governance_ballot SET choice = 'no'", why="not open")
    assert list(Ballot.objects.values()) == before


def test_an_elector_has_one_ballot_and_keeps_it(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    run(BALLOT, elector_of(proposal, ana), votes.VOTED)
    refused(BALLOT, elector_of(proposal, ana), votes.VOTED, why="duplicate key")
    refused("UPDATE governance_ballot SET elector_id = %s", elector_of(proposal, bo), why="stays with its elector")
    refused("DELETE FROM governance_ballot", why="ballots are kept")
    refused("UPDATE governance_ballot SET choice = 'twice'", why="a_ballot_is_a_choice")


def test_a_ballot_needs_a_line_on_the_roll(ana: Member, bo: Member) -> None:
    votes.voting(ana)
    refused(BALLOT, 0, votes.VOTED, why="not open")


def test_the_roll_does_not_change_once_voting_is_open(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    eve = make.member("Eve Late")
    add = "INSERT INTO governance_elector (proposal_id, member_id, voted) VALUES (%s, %s, false)"
    refused(add, proposal.pk, eve.pk, why="roll is frozen")
    refused("DELETE FROM governance_elector WHERE proposal_id = %s", proposal.pk, why="roll is frozen")
    refused("UPDATE governance_elector SET member_id = %s WHERE member_id = %s", eve.pk, bo.pk, why="roll is frozen")
    votes.cast(proposal, ana="yes")
    refused("UPDATE governance_elector SET voted = false", why="roll is frozen")
    assert [(one.member, one.voted) for one in Elector.objects.order_by("pk")] == [(ana, True), (bo, False)]


def test_words_values_and_rule_are_frozen_at_notice(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    refused("UPDATE governance_proposal SET title = 'Something else'", why="frozen at notice")
    refused("UPDATE governance_proposal SET wanted_on = '2030-01-01'", why="frozen at notice")
    refused("UPDATE governance_change SET numerator = 1", why="frozen at notice")
    refused("DELETE FROM governance_change", why="frozen at notice")
    refused("UPDATE governance_rule SET quorum_numerator = 0", why="Cannot update")
    refused("UPDATE governance_revision SET title = 'Never said'", why="frozen at notice|Cannot update")
    refused(STATE, "discussing", proposal.pk, why="not taken back")


def test_a_closed_vote_is_never_opened_again(ana: Member, bo: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="no")
    for state in ("voting", "noticed", "draft"):
        refused(STATE, state, proposal.pk, why="opens once|not taken back")
    refused("UPDATE governance_proposal SET closes_at = '2030-01-01'", why="never closes later")


def test_an_open_vote_never_closes_later_than_it_said(ana: Member, bo: Member) -> None:
    votes.voting(ana)
    refused("UPDATE governance_proposal SET closes_at = closes_at + interval '1 day'", why="never closes later")
    refused("UPDATE governance_proposal SET opens_at = opens_at - interval '1 day'", why="never closes later")


def test_only_a_count_of_the_ballots_decides(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="no", bo="no")
    refused(STATE, "passed", proposal.pk, why="only a count decides")
    proposal.close(at=votes.CLOSES, by=None)
    refused(STATE, "passed", proposal.pk, why="only a count decides")
    refused(STATE, "enacted", proposal.pk, why="only what passed")
    forged = Count(
        proposal=proposal, electors=2, yes=2, no=0, abstain=0, quorum_needed=2, yes_needed=2, outcome="passed",
        certified_at=datetime(2026, 4, 29, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="count is of the ballots"), transaction.atomic():
        forged.save()
    proposal.certify(at=votes.CLOSES, by=None)
    refused(STATE, "passed", proposal.pk, why="only a count decides")
    refused("UPDATE governance_count SET yes = 2", why="Cannot update")
    assert proposal.state == "failed"


def test_a_proposal_begins_as_a_draft_and_is_kept(ana: Member) -> None:
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        Proposal.objects.create(
            author=ana, kind="ordinary", state="voting", title="T", text="W", proposed_at=votes.WRITTEN,
            noticed_at=votes.NOTICED, opens_at=votes.OPENS, closes_at=votes.CLOSES,
        )  # fmt: skip
    votes.draft(ana)
    refused("DELETE FROM governance_proposal", why="proposals are kept")


def test_what_was_said_is_never_changed(ana: Member) -> None:
    proposal = votes.discussing(ana)
    proposal.comment("I said it.", at=votes.WRITTEN, by=ana.user)
    refused("UPDATE governance_comment SET body = 'I did not.'", why="Cannot update")
    refused("DELETE FROM governance_comment", why="Cannot update")
