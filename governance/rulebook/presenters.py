"""How rules are shown: what the page asks for, in a fixed number of queries. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from coop.models import Amendment
from governance.ballots.calendar import day_of
from governance.proposals.proposals import Proposal
from governance.proposals.revisions import Change
from governance.proposals.subjects import AnyPolicy, Subject, rooms

AT_FOUNDING = "governance.preset:"
"""How the source of a value begins that the founders chose with the rules to begin with."""


@dataclass(frozen=True)
class Step:
    """A value of a policy from a day on, and the proposal that decided it, if one did, or the founders."""

    says: str
    since: date
    proposal_id: int | None
    at_founding: bool = False


@dataclass(frozen=True)
class PolicyLine:
    """One policy on the page of rules."""

    policy: AnyPolicy
    subject: Subject
    says: str
    first: str
    past: list[Step]
    coming: list[Step]


class RulesPage:
    """Every policy with what it is, was and will be, in two queries whatever their number."""

    def __init__(self, at: datetime) -> None:
        self.today = day_of(at)
        self._steps: dict[str, list[tuple[date, Fraction, int | None, bool]]] = defaultdict(list)
        for amendment in Amendment.objects.order_by("effective_on", "pk"):
            source = amendment.source.removeprefix("governance.proposal:")
            number = int(source) if source.isdecimal() else None
            chosen = amendment.source.startswith(AT_FOUNDING)
            self._steps[amendment.policy].append((amendment.effective_on, amendment.value, number, chosen))
        waiting = Change.objects.filter(proposal__state=Proposal.State.PASSED).select_related("proposal")
        for change in waiting.order_by("proposal__effective_on", "pk"):
            if change.proposal.effective_on and change.moves:
                step = (change.proposal.effective_on, change.value, change.proposal_id, False)
                self._steps[change.policy].append(step)

    def rooms(self) -> Iterator[tuple[str, list[PolicyLine]]]:
        """Room by room, the lines of its policies."""
        for room in rooms():
            yield str(room.title), [self._line(one, about) for about in room.subjects for one in about.policies]

    def _line(self, policy: AnyPolicy, about: Subject) -> PolicyLine:
        steps = [
            Step(policy.say(value), since, number, chosen) for since, value, number, chosen in self._steps[policy.key]
        ]
        past = [step for step in steps if step.since <= self.today]
        coming = [step for step in steps if step.since > self.today]
        says = past[-1].says if past else policy.say(policy.default)
        return PolicyLine(policy, about, says, policy.say(policy.default), past[::-1], coming)
