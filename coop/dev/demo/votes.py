"""Three proposals of the demo: one that is the rule today, one that the members turned down, one to vote on now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import partial

from bookings.policies import LEAST_MINUTES, PAY_FLOOR, RESERVE_SHARE, WORKER_SHARE
from coop.dev.demo.days import Days
from coop.dev.demo.founding import NEW_YORK
from governance.models import Ballot, Proposal
from members.models import Member


@dataclass(frozen=True)
class Story:
    """What is proposed, how many of ten say yes, how many no, and what is said about it."""

    title: str
    text: str
    changes: Mapping[str, Fraction]
    yes: int
    no: int
    comments: tuple[str, ...] = ()
    wanted_on: date | None = None


FLOOR = Story(
    "Raise the pay floor to $23.00 an hour",
    "Rent went up again. No visit should pay less than $23.00 for an hour of work. "
    "Prices of the smallest cleanings rise by about a dollar; the others stay as they are.",
    {PAY_FLOOR.key: Fraction(2300)},
    yes=7,
    no=1,
    comments=("I lost no client when we did this last year.", "Sí. Es justo.", "Can we say it on the website too?"),
)
LONGER = Story(
    "No visit shorter than three hours",
    "Two hours of work with forty minutes on the train is a bad morning. Let us make three hours the shortest visit.",
    {LEAST_MINUTES.key: Fraction(180)},
    yes=3,
    no=5,
    comments=("My studio clients would leave.", "I like my short ones close to home."),
)


def savings(today: date) -> Story:
    """The proposal that is open now, to hold from the first of next month."""
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Story(
        "One cent more for our shared reserve",
        "The reserve pays us when a client does not, and when one of us is ill. It holds three weeks. "
        "Let us put one and a half cents of each dollar there instead of half a cent, out of the worker's part, "
        "until it holds three months.",
        {WORKER_SHARE.key: Fraction(94, 100), RESERVE_SHARE.key: Fraction(3, 200)},
        yes=6,
        no=2,
        comments=(
            "How long until it holds three months?",
            "About a year and a half, at today's hours.",
            "Entonces sí.",
        ),
        wanted_on=first,
    )


@dataclass
class Assembly:
    """Members who propose, discuss and vote."""

    days: Days
    members: list[Member]
    _spoken: int = field(default=0)

    def plan(self, story: Story, *, voting_from: datetime) -> None:
        """Tell a story whose voting opens on about that day: proposed a month before, noticed two weeks before."""
        author = self.days.dice.choice(self.members[10:] or self.members)
        begins = datetime.combine(voting_from.date() - timedelta(days=24), time(18), NEW_YORK)
        self.days.plan(begins, lambda: self._propose(story, author))

    def _propose(self, story: Story, author: Member) -> None:
        now = self.days.now
        proposal = Proposal.propose(
            title=story.title,
            text=story.text,
            changes=story.changes,
            wanted_on=story.wanted_on,
            at=now,
            by=author.user,
        )
        proposal.open_discussion(at=now, by=author.user)
        for n, words in enumerate(story.comments):
            who = self.days.dice.choice(self.members)
            self.days.plan(now + timedelta(days=1 + n, hours=n), partial(self._comment, proposal, words, who))
        self.days.plan(now + timedelta(days=8), lambda: self._notice(proposal, story, author))

    def _comment(self, proposal: Proposal, words: str, who: Member) -> None:
        proposal.comment(words, at=self.days.now, by=who.user)

    def _notice(self, proposal: Proposal, story: Story, author: Member) -> None:
        proposal.send_notice(at=self.days.now, by=author.user)
        opens_at, closes_at = proposal.window
        self.days.plan(opens_at, lambda: self._advance(proposal))
        for elector in proposal.roll.select_related("member__user"):
            mood = self.days.dice.random() * 10
            if mood < 8.5:
                choice = "yes" if mood < story.yes else "no" if mood < story.yes + story.no else "abstain"
                at = opens_at + (closes_at - opens_at) * min(0.97, self.days.dice.random() ** 1.5 + 0.01)
                self.days.plan(at, partial(self._cast, proposal, choice, elector.member))
        self.days.plan(closes_at + timedelta(minutes=1), lambda: self._advance(proposal))

    def _cast(self, proposal: Proposal, choice: str, who: Member) -> None:
        proposal.refresh_from_db()
        if Member.objects.owners(self.days.now.date()).filter(pk=who.pk).exists():  # else they left meanwhile
            proposal.cast(Ballot.Choice(choice), at=self.days.now, by=who.user)

    def _advance(self, proposal: Proposal) -> None:
        proposal.refresh_from_db()
        proposal.advance(at=self.days.now)
        if proposal.state == Proposal.State.PASSED and proposal.enactment_due:
            self.days.plan(proposal.enactment_due, lambda: self._advance(proposal))
