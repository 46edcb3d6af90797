"""What a standing means: one table, which the code asks, and which docs/standing.md prints.

Of two that could hold on a day the one decided for the later day holds; of the same day, the one decided last.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberState(models.TextChoices):
    """Where somebody stands with the co-op on a day. Who has no standing yet counts as an applicant."""

    APPLICANT = "applicant", _("applicant")
    CANDIDATE = "candidate", _("candidate")
    MEMBER = "member", _("member")
    ON_LEAVE = "on_leave", _("on leave")
    SUSPENDED = "suspended", _("suspended")
    LEAVING = "leaving", _("leaving")
    FORMER = "former", _("former member")


@dataclass(frozen=True)
class Meaning:
    """What holds for somebody in a state. The fields are the columns of docs/standing.md, told by `COLUMNS`."""

    is_asked: bool = False
    keeps_shifts: bool = False
    holds_offices: bool = False
    acts: bool = False
    votes: bool = False
    hours_count: bool = False
    bears: bool = False
    is_told: bool = False
    reads: bool = False


COLUMNS = {
    "is_asked": "Asked for work: in turn, from the board, in a swap, by hand",
    "keeps_shifts": "Keeps shifts that were accepted",
    "holds_offices": "Holds offices, and reads what they read",
    "acts": "Acts for their offices, and stands in for others",
    "votes": "On the roll, and counted for the quorum",
    "hours_count": "Days count for how even the work is",
    "bears": "Pay can bear a part of a refund, with a second person",
    "is_told": "Told what all members are told",
    "reads": "Reads what members read",
}

_WORKS = Meaning(is_asked=True, keeps_shifts=True, hours_count=True, bears=True, is_told=True, reads=True)
_OWNS = Meaning(
    is_asked=True,
    keeps_shifts=True,
    holds_offices=True,
    acts=True,
    votes=True,
    hours_count=True,
    bears=True,
    is_told=True,
    reads=True,
)
_AWAY = Meaning(holds_offices=True, votes=True, bears=True, is_told=True, reads=True)

MEANING = {
    MemberState.APPLICANT: Meaning(),
    MemberState.CANDIDATE: _WORKS,
    MemberState.MEMBER: _OWNS,
    MemberState.ON_LEAVE: _AWAY,
    MemberState.SUSPENDED: _AWAY,
    MemberState.LEAVING: _OWNS,
    MemberState.FORMER: Meaning(),
}


def states_where(holds: Callable[[Meaning], bool]) -> tuple[MemberState, ...]:
    """The states of which this is true."""
    return tuple(state for state, meaning in MEANING.items() if holds(meaning))


ASKED = states_where(lambda meaning: meaning.is_asked)
KEEPING = states_where(lambda meaning: meaning.keeps_shifts)
HOLDING = states_where(lambda meaning: meaning.holds_offices)
ACTING = states_where(lambda meaning: meaning.acts)
VOTING = states_where(lambda meaning: meaning.votes)
COUNTING = states_where(lambda meaning: meaning.hours_count)
BEARING = states_where(lambda meaning: meaning.bears)
TOLD = states_where(lambda meaning: meaning.is_told)
HERE = states_where(lambda meaning: meaning.reads)
