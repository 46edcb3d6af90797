"""How a vote is shown: what a page asks for, gathered in a fixed number of queries. Writes nothing."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coop.models import Event
from coop.money import split
from coop.policies import PART
from governance.ballots.ballots import Ballot, Elector
from governance.ballots.calendar import DAY, day_of
from governance.ballots.tally import quorum_needed
from governance.proposals.forms import CommentForm
from governance.proposals.proposals import Proposal
from governance.proposals.revisions import Change, Comment
from members.models import User

Parts = list[tuple[str, int]]
State = Proposal.State
SAYINGS: dict[str, Promise] = {
    "propose": _("wrote a draft"),
    "open_discussion": _("opened the discussion"),
    "revise": _("wrote a new version"),
    "comment": _("commented"),
    "withdraw": _("withdrew it"),
    "send_notice": _("sent notice of the vote"),
    "open_voting": _("Voting opened"),
    "remind": _("Those who had not voted were reminded"),
    "close": _("Voting closed"),
    "carry": _("Counted: it passed"),
    "reject": _("Counted: it did not pass"),
    "lapse": _("Counted: too few voted"),
    "enact": _("The new rule was written down"),
    "void": _("set aside"),
}


@dataclass(frozen=True)
class ProposalPage:
    """One proposal as one member sees it."""

    proposal: Proposal
    reader: User
    choices = Ballot.Choice.choices

    @cached_property
    def elector(self) -> Elector | None:
        """The reader's own line on the roll, with their ballot."""
        return self.proposal.roll.filter(member__user=self.reader).select_related("ballot").first()

    @cached_property
    def changes(self) -> list[Change]:
        return list(self.proposal.changes.order_by("pk"))

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.proposal.comments.select_related("member__user").order_by("at", "pk"))

    @cached_property
    def history(self) -> list[tuple[Event, Promise | str]]:
        """Every step with what it means; comments stand in the discussion already."""
        events = Event.objects.about(self.proposal).exclude(verb="comment").select_related("actor")
        return [(event, SAYINGS.get(event.verb, event.verb)) for event in events]

    @cached_property
    def ballots(self) -> list[Elector]:
        """Who voted how, once the count is certified; until then nobody is told."""
        if not hasattr(self.proposal, "count"):
            return []
        voted = self.proposal.roll.filter(voted=True).select_related("member__user", "ballot")
        return list(voted.order_by("member__user__name"))

    @cached_property
    def electors(self) -> int:
        """How many are on the roll."""
        return self.proposal.roll.count()

    @cached_property
    def voted(self) -> int:
        """How many have voted: the only number that is told before the close."""
        return self.proposal.roll.filter(voted=True).count()

    @property
    def turnout(self) -> Parts:
        return [("voted", self.voted), ("rest", self.electors - self.voted)]

    @property
    def quorum_needed(self) -> int:
        rule = self.proposal.rule
        return quorum_needed(self.electors, quorum=rule.quorum, least=rule.quorum_least)

    @property
    def quorum_part(self) -> Fraction:
        """Where the notch of the turnout stands."""
        return Fraction(self.quorum_needed, max(self.electors, 1))

    @property
    def result(self) -> Parts:
        """For and against; abstentions do not count towards the threshold, so they are told in words."""
        return [("yes", self.proposal.count.yes), ("no", self.proposal.count.no)]

    @property
    def expected_on(self) -> date | None:
        """The first day of the new values: as fixed by the count, else as it will be if the vote passes in time."""
        row = self.proposal
        if row.effective_on or not row.closes_at or row.rule.delay_days is None:
            return row.effective_on
        earliest = day_of(row.closes_at) + row.rule.delay_days * DAY
        return max(earliest, row.wanted_on or earliest)

    @property
    def threshold(self) -> str:
        """The part of votes for and against that those in favour must exceed: 1/2."""
        return PART.say(self.proposal.rule.threshold)

    @property
    def is_discussed(self) -> bool:
        return self.proposal.state in (State.DISCUSSING, State.NOTICED, State.VOTING)

    @property
    def is_open_to_revision(self) -> bool:
        return self.proposal.state in (State.DRAFT, State.DISCUSSING)

    @property
    def may_be_withdrawn(self) -> bool:
        return self.proposal.state in (State.DRAFT, State.DISCUSSING, State.NOTICED)

    @property
    def may_be_voided(self) -> bool:
        return self.proposal.state in (State.VOTING, State.PASSED, State.FAILED, State.NO_DECISION)

    @property
    def waits(self) -> bool:
        """Does the clock still have something to do here?"""
        row = self.proposal
        return row.state in (State.NOTICED, State.VOTING) or (row.state == State.PASSED and bool(row.effective_on))

    @property
    def is_over(self) -> bool:
        """Ended without any effect."""
        return self.proposal.state in (State.FAILED, State.NO_DECISION, State.WITHDRAWN, State.VOID)

    @property
    def comment_form(self) -> CommentForm:
        return CommentForm()

    @property
    def shares(self) -> list[tuple[str, Parts]]:
        """For a change of how a price is shared: where $100.00 go now and then; otherwise nothing."""
        if len(self.changes) < 2 or not all(change.policy.endswith("_share") for change in self.changes):
            return []
        now = {_name(change): change.was for change in self.changes}
        then = {_name(change): change.value for change in self.changes}
        return [("now", list(split(100_00, now).items())), ("then", list(split(100_00, then).items()))]


def _name(change: Change) -> str:
    return change.policy.partition(".")[2].removesuffix("_share")
