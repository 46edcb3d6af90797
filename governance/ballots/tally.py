"""What a vote decided, in whole numbers and exact fractions. Pure: no rows, no clock, no rounding."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

YES, NO, ABSTAIN = "yes", "no", "abstain"
PASSED, FAILED, NO_DECISION = "passed", "failed", "no_decision"


@dataclass(frozen=True)
class Tally:
    """The numbers of one vote and what follows from them.

    `quorum_needed` counts people, `yes_needed` counts votes in favour.
    """

    electors: int
    yes: int
    no: int
    abstain: int
    quorum_needed: int
    yes_needed: int

    @property
    def turnout(self) -> int:
        """How many took part; abstaining is taking part."""
        return self.yes + self.no + self.abstain

    @property
    def outcome(self) -> str:
        """Too few voters decide nothing; otherwise enough votes in favour pass."""
        if self.turnout < self.quorum_needed:
            return NO_DECISION
        return PASSED if self.yes >= self.yes_needed else FAILED


def quorum_needed(electors: int, *, quorum: Fraction, least: int) -> int:
    """How many must take part: at least the `quorum` part of the roll and never fewer than `least` people."""
    return max(ceil(quorum * electors), least)


def yes_needed(yes_and_no: int, *, threshold: Fraction) -> int:
    """The fewest votes in favour that are more than the `threshold` part of those for and against.

    A tie is not more than half, so it fails; nobody has a casting vote.
    """
    return floor(threshold * yes_and_no) + 1


def tally(choices: Iterable[str], *, electors: int, threshold: Fraction, quorum: Fraction, least: int) -> Tally:
    """Count `choices` (yes, no, abstain) of a roll of `electors`. Abstentions count for the quorum only.

    Raises ValueError when there are more ballots than electors, or a choice that nobody was offered.
    """
    count = Counter(choices)
    if count.total() > electors or count.keys() - {YES, NO, ABSTAIN}:
        raise ValueError(f"These are not the ballots of {electors} electors: {dict(count)}")
    return Tally(
        electors=electors,
        yes=count[YES],
        no=count[NO],
        abstain=count[ABSTAIN],
        quorum_needed=quorum_needed(electors, quorum=quorum, least=least),
        yes_needed=yes_needed(count[YES] + count[NO], threshold=threshold),
    )
