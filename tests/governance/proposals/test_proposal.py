"""The life of a proposal, from a draft to a rule."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse

from coop.errors import Refusal, WrongState
from coop.models import Amendment, Event
from governance.models import Ballot, Count, Proposal
from governance.policies import CHANGE, ORDINARY, QUORUM_LEAST
from members.models import Member, Notice, User
from tests.browsers import Browser
from tests.governance import votes

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOTICE_DAYS = ORDINARY.notice


def amend(key: str, value: int, *, on: date) -> None:
    """Something else was decided in the meantime."""
    Amendment.objects.create(
        policy=key, numerator=value, effective_on=on, enacted_at=votes.WRITTEN, source=f"founding:{key}:{on}"
    )


def test_a_whole_vote_changes_a_rule_on_its_day_and_not_before(ana: Member, bo: Member, sol: Member) -> None:
    proposal = votes.discussing(ana)
    proposal.comment("Good idea.", at=votes.WRITTEN, by=bo.user)
    proposal.send_notice(at=votes.NOTICED, by=ana.user)
    assert proposal.window == (votes.OPENS, votes.CLOSES)
    proposal.advance(at=votes.OPENS - MINUTE)
    assert proposal.state == "noticed"
    proposal.advance(at=votes.OPENS)
    votes.cast(proposal, ana="yes", bo="no", sol="yes")
    proposal.advance(at=votes.CLOSES - MINUTE)
    assert proposal.state == "voting"
    proposal.advance(at=votes.CLOSES)
    assert (proposal.state, proposal.effective_on) == ("passed", votes.EFFECTIVE_ON)
    assert not Amendment.objects.exists()
    proposal.advance(at=votes.CLOSES + 6 * DAY)
    assert proposal.state == "enacted"
    days = [votes.EFFECTIVE_ON - DAY, votes.EFFECTIVE_ON, votes.EFFECTIVE_ON + 30 * DAY]
    assert [NOTICE_DAYS.on(day) for day in days] == [7, 5, 5]
    assert [event.verb for event in Event.objects.about(proposal)] == [
        "propose", "open_discussion", "comment", "send_notice", "open_voting", "remind", "close", "carry", "enact",
    ]  # fmt: skip


def test_the_clock_may_come_by_twice_or_very_late_and_nothing_is_different(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="yes", bo="yes")
    twin = Proposal.objects.get(pk=proposal.pk)
    proposal.advance(at=votes.CLOSES)
    with pytest.raises(WrongState):
        twin.advance(at=votes.CLOSES)
    proposal.advance(at=votes.CLOSES + 90 * DAY)
    proposal.advance(at=votes.CLOSES + 90 * DAY)
    assert Amendment.objects.get().effective_on == votes.EFFECTIVE_ON
    assert Count.objects.get().tally.outcome == "passed"


def test_the_result_is_kept_with_what_was_needed(ana: Member, bo: Member, sol: Member, tess: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="yes", sol="abstain")
    assert Count.objects.values().get(proposal=proposal) == {
        "id": proposal.count.pk,
        "proposal_id": proposal.pk,
        "electors": 4,
        "yes": 2,
        "no": 0,
        "abstain": 1,
        "quorum_needed": 2,
        "yes_needed": 2,
        "outcome": "passed",
        "certified_at": votes.CLOSES,
    }


def test_a_tie_fails(ana: Member, bo: Member) -> None:
    assert votes.counted(ana, ana="yes", bo="no").state == "failed"


def test_too_few_voters_decide_nothing(ana: Member, bo: Member, sol: Member) -> None:
    assert votes.counted(ana, ana="yes").state == "no_decision"


def test_an_ordinary_decision_has_a_week_of_notice_and_holds_at_once(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana, changes={})
    assert proposal.window[0] == votes.OPENS - 7 * DAY
    proposal.advance(at=proposal.window[0])
    votes.cast_at(proposal, proposal.window[0], ana="yes", bo="yes")
    proposal.advance(at=proposal.window[1] + 60 * DAY)
    assert (proposal.kind, proposal.state, proposal.effective_on) == ("ordinary", "passed", None)


def test_a_later_day_that_the_author_wants_is_kept_and_an_earlier_one_is_not(ana: Member, bo: Member) -> None:
    later = votes.voting(ana, wanted_on=date(2026, 7, 1))
    sooner = votes.voting(ana, wanted_on=date(2026, 4, 30))
    for proposal in (later, sooner):
        votes.cast(proposal, ana="yes", bo="yes")
        proposal.advance(at=votes.CLOSES)
    assert (later.effective_on, sooner.effective_on) == (date(2026, 7, 1), votes.EFFECTIVE_ON)


def test_a_vote_keeps_the_rule_of_the_day_of_its_notice(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    amend(CHANGE.delay.key, 30, on=votes.NOTICED.date() + DAY)
    amend(QUORUM_LEAST.key, 3, on=votes.NOTICED.date() + DAY)
    proposal.advance(at=votes.OPENS)
    votes.cast(proposal, ana="yes", bo="yes")
    proposal.advance(at=votes.CLOSES)
    assert (proposal.state, proposal.effective_on) == ("passed", votes.EFFECTIVE_ON)


def test_the_roll_is_who_was_an_owner_at_notice_and_still_is_at_opening(
    ana: Member, bo: Member, cara: Member, sol: Member
) -> None:
    proposal = votes.noticed(ana)
    bo.go_on_leave(at=votes.NOTICED, by=bo.user)
    sol.leave_coop(at=votes.NOTICED, by=sol.user)
    cara.admit(at=votes.NOTICED, by=None)
    proposal.open_voting(at=votes.OPENS, by=None)
    assert [elector.member for elector in proposal.roll.order_by("pk")] == [ana, bo]
    with pytest.raises(Refusal, match="not on the roll"):
        proposal.cast("yes", at=votes.VOTED, by=cara.user)


def test_a_vote_that_opens_late_closes_late(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    proposal.advance(at=votes.OPENS + 3 * DAY)
    assert proposal.window == (votes.OPENS, votes.CLOSES + 3 * DAY)


def test_a_member_may_change_a_ballot_until_the_close(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    proposal.cast("no", at=votes.VOTED, by=ana.user)
    proposal.cast("yes", at=votes.CLOSES - MINUTE, by=ana.user)
    assert [(ballot.choice, ballot.cast_at) for ballot in Ballot.objects.all()] == [("yes", votes.CLOSES - MINUTE)]
    for late in (votes.CLOSES, votes.CLOSES + DAY):
        with pytest.raises(WrongState, match="not open"):
            proposal.cast("no", at=late, by=ana.user)
    assert Ballot.objects.get().choice == "yes"


def test_nobody_votes_before_the_opening_or_for_something_that_is_not_offered(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    with pytest.raises(WrongState, match="not open"):
        proposal.cast("yes", at=votes.OPENS, by=ana.user)
    proposal.open_voting(at=votes.OPENS, by=None)
    with pytest.raises(Refusal, match="For, Against or Abstain"):
        proposal.cast("perhaps", at=votes.VOTED, by=ana.user)
    assert not Ballot.objects.exists()


def test_those_who_have_not_voted_are_reminded_once_two_days_before_the_close(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="yes")
    proposal.advance(at=votes.CLOSES - 2 * DAY - MINUTE)
    assert not Notice.objects.filter(key__startswith="vote_reminder").exists()
    proposal.advance(at=votes.CLOSES - 2 * DAY)
    proposal.advance(at=votes.CLOSES - DAY)
    assert [notice.user for notice in Notice.objects.filter(key__startswith="vote_reminder")] == [bo.user]


def test_every_elector_is_told_of_notice_opening_and_result(ana: Member, bo: Member, cara: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="yes")
    told = Notice.objects.order_by("pk").values_list("key", flat=True)
    mails = ["vote_notice", "vote_open", "vote_result"]
    assert list(told) == [f"{mail}:{proposal.pk}:{one.user.pk}" for mail in mails for one in (ana, bo)]


def test_words_may_be_revised_in_discussion_and_every_version_stays_readable(ana: Member, bo: Member) -> None:
    proposal = votes.discussing(ana)
    changes = {NOTICE_DAYS.key: Fraction(3)}
    proposal.revise(title="Much shorter notice", text="A week.", changes=changes, at=votes.WRITTEN, by=ana.user)
    assert [revision.changes for revision in proposal.revisions.order_by("number")] == [
        {NOTICE_DAYS.key: [5, 1]},
        {NOTICE_DAYS.key: [3, 1]},
    ]
    assert [(change.was, change.value) for change in proposal.changes.all()] == [(7, 3)]
    proposal.send_notice(at=votes.NOTICED, by=ana.user)
    with pytest.raises(Refusal, match="propose it anew"):
        proposal.revise(title="Again", text="No.", changes={}, at=votes.NOTICED, by=ana.user)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({NOTICE_DAYS.key: Fraction(7)}, "already in force"),
        ({NOTICE_DAYS.key: Fraction(7, 2)}, "whole number"),
        ({NOTICE_DAYS.key: Fraction(900)}, "must be between"),
        ({"governance.nonsense": Fraction(1)}, "no rule called"),
    ],
)
def test_a_value_that_makes_no_sense_cannot_be_proposed(ana: Member, changes: dict[str, Fraction], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        votes.draft(ana, changes=changes)
    assert not Proposal.objects.exists()


def test_a_proposal_written_against_an_older_rule_is_looked_at_again_before_notice(ana: Member, bo: Member) -> None:
    proposal = votes.discussing(ana)
    amend(NOTICE_DAYS.key, 10, on=votes.NOTICED.date())
    with pytest.raises(Refusal, match="changed since"):
        proposal.send_notice(at=votes.NOTICED, by=ana.user)
    proposal.revise(title="T", text="W", changes=votes.SHORTER, at=votes.NOTICED, by=ana.user)
    proposal.send_notice(at=votes.NOTICED, by=ana.user)
    assert [change.was for change in proposal.changes.all()] == [10]


def test_a_proposal_may_be_withdrawn_until_voting_opens(ana: Member, bo: Member) -> None:
    proposal = votes.noticed(ana)
    proposal.withdraw(at=votes.NOTICED, by=ana.user)
    assert proposal.state == "withdrawn"
    opened = votes.voting(ana)
    with pytest.raises(WrongState):
        opened.withdraw(at=votes.VOTED, by=ana.user)


def test_a_vote_set_aside_has_its_reason_in_its_history_and_changes_nothing(ana: Member, bo: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="yes")
    with pytest.raises(Refusal, match="reason"):
        proposal.void(at=votes.CLOSES + DAY, by=bo.user, note=" ")
    proposal.void(at=votes.CLOSES + DAY, by=bo.user, note="The notice had the wrong day.")
    proposal.advance(at=votes.CLOSES + 60 * DAY)
    assert (proposal.state, Event.objects.about(proposal).last().note) == ("void", "The notice had the wrong day.")
    assert not Amendment.objects.exists()


def test_two_that_passed_on_one_rule_apply_by_order_of_enactment(ana: Member, bo: Member) -> None:
    first = votes.counted(ana, ana="yes", bo="yes")
    second = votes.counted(bo, changes={NOTICE_DAYS.key: Fraction(3)}, ana="yes", bo="yes")
    for proposal in (first, second):
        proposal.enact(at=votes.CLOSES + 6 * DAY, by=None)
    assert NOTICE_DAYS.on(votes.EFFECTIVE_ON) == 3


def test_drafts_are_their_authors_own_and_the_rest_is_for_members(
    ana: Member, bo: Member, cara: Member, lee: User
) -> None:
    draft, open_to_all = votes.draft(ana), votes.discussing(ana)
    seen = {person: set(Proposal.objects.visible_to(person)) for person in (ana.user, bo.user, cara.user, lee)}
    assert seen == {ana.user: {draft, open_to_all}, bo.user: {open_to_all}, cara.user: {open_to_all}, lee: set()}


def test_a_vote_waits_for_those_who_have_not_voted(ana: Member, bo: Member, cara: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="abstain")
    waiting = [list(Proposal.objects.waiting_for(one.user)) for one in (ana, bo, cara)]
    assert waiting == [[], [proposal], []]


def test_whoever_left_meanwhile_does_not_vote_as_a_candidate(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    with time_machine.travel(votes.VOTED, tick=False):
        bo.leave_coop(at=votes.VOTED, by=bo.user)
    due = votes.CLOSES - 2 * DAY
    with time_machine.travel(due, tick=False):
        proposal.advance(at=due)
        Member.objects.get(pk=bo.pk).return_as_candidate(at=due, by=ana.user, note="again")
        again = User.objects.get(pk=bo.user_id)
        browser = Browser()
        browser.force_login(again)
        answer = browser.post(reverse("cast_ballot", args=[proposal.pk]), {"choice": "yes"})
        page = browser.get(proposal.get_absolute_url())
        waiting = list(Proposal.objects.waiting_for(again))
    told = {notice.user for notice in Notice.objects.filter(key__startswith="vote_reminder")}
    assert (answer.status_code, Ballot.objects.exists(), bo.user in told) == (403, False, False)
    assert "You vote again once you are a member again." in page.content.decode()
    assert waiting == []


def test_a_single_member_cannot_decide_alone(ana: Member) -> None:
    proposal = votes.voting(ana)
    votes.cast(proposal, ana="yes")
    proposal.advance(at=votes.CLOSES)
    assert proposal.state == "no_decision"
