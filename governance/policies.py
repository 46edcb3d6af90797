"""How the co-op votes, which is itself changed by vote.

A vote keeps the numbers of the day on which its notice went out, whatever is decided while it runs.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coop.policies import COUNT, DAYS, PART, Policy

MODEL_ARTICLES = "Co-operatives UK, model articles for worker co-operatives"
OWN = _("Our own starting value, until the members decide otherwise")
HALF = Fraction(1, 2)

QUORUM_LEAST = Policy(
    "governance.quorum_least", _("Fewest people who can decide anything"), COUNT, 2, 2, 50, source=OWN
)
REMINDER_DAYS = Policy(
    "governance.reminder_days",
    _("Reminder before a vote closes, to those who have not voted"),
    DAYS,
    2,
    1,
    7,
    source=OWN,
)


@dataclass(frozen=True)
class Terms:
    """The policies that govern one kind of vote.

    `threshold` is the part of votes for and against that those in favour must exceed, `quorum` the part of the
    roll that must take part, `notice` the clear days between sending notice and the day of opening, `opened` the
    days the vote stays open, `delay` the days from the count to the first day of the new rule.
    """

    threshold: Policy[Fraction]
    quorum: Policy[Fraction]
    notice: Policy[int]
    opened: Policy[int]
    delay: Policy[int] | None = None


ORDINARY = Terms(
    threshold=Policy(
        "governance.ordinary_threshold",
        _("An ordinary decision passes with more than this part of the votes for and against"),
        PART,
        HALF,
        HALF,
        Fraction(9, 10),
        source=MODEL_ARTICLES,
    ),
    quorum=Policy(
        "governance.ordinary_quorum",
        _("Part of the members who must take part in an ordinary decision"),
        PART,
        HALF,
        Fraction(1, 10),
        Fraction(1),
        source="Catalyst Cooperative, bylaws: a majority is a quorum",
    ),
    notice=Policy(
        "governance.ordinary_notice_days",
        _("Clear days of notice before an ordinary vote"),
        DAYS,
        7,
        0,
        60,
        source=OWN,
        help=_("Clear days leave out the day on which notice is sent and the day on which voting opens."),
    ),
    opened=Policy("governance.ordinary_open_days", _("Days an ordinary vote stays open"), DAYS, 7, 1, 60, source=OWN),
)

CHANGE = Terms(
    threshold=Policy(
        "governance.change_threshold",
        _("A change of a rule passes with more than this part of the votes for and against"),
        PART,
        HALF,
        HALF,
        Fraction(9, 10),
        source=MODEL_ARTICLES,
    ),
    quorum=Policy(
        "governance.change_quorum",
        _("Part of the members who must take part in a change of a rule"),
        PART,
        HALF,
        Fraction(1, 10),
        Fraction(1),
        source="Catalyst Cooperative, bylaws: a majority is a quorum",
    ),
    notice=Policy(
        "governance.change_notice_days",
        _("Clear days of notice before a vote on a rule"),
        DAYS,
        14,
        0,
        60,
        source=MODEL_ARTICLES,
        help=_("Clear days leave out the day on which notice is sent and the day on which voting opens."),
    ),
    opened=Policy("governance.change_open_days", _("Days a vote on a rule stays open"), DAYS, 7, 1, 60, source=OWN),
    delay=Policy(
        "governance.change_delay_days",
        _("Days from the count to the first day of a new rule"),
        DAYS,
        7,
        0,
        60,
        source=OWN,
    ),
)

# By the kind of proposal (`Proposal.Kind`).
TERMS = {"ordinary": ORDINARY, "change": CHANGE}
