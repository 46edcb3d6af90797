"""Builders of this room: a proposal on its way, taken there by its own verbs at given times.

The default life: notice on Monday 6 April 2026, voting from Tuesday 21 April 8:00 to Tuesday 28 April 20:00 in New
York, fourteen clear days and seven days open; a change that passes holds from 5 May on.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import count

from django.utils import timezone

from bookings.policies import SHARES
from governance.ballots.calendar import DAY
from governance.models import Proposal
from governance.policies import ORDINARY
from members.models import Member
from tests import make

WRITTEN = datetime(2026, 4, 1, 15, tzinfo=UTC)
NOTICED = datetime(2026, 4, 6, 15, tzinfo=UTC)
OPENS = datetime(2026, 4, 21, 12, tzinfo=UTC)
VOTED = datetime(2026, 4, 22, 18, tzinfo=UTC)
CLOSES = datetime(2026, 4, 29, 0, tzinfo=UTC)
EFFECTIVE_ON = date(2026, 5, 5)
NEW_SPLIT = {policy.key: Fraction(number, 100) for policy, number in zip(SHARES, (94, 3, 2, 1), strict=True)}
SHORTER = {ORDINARY.notice.key: Fraction(5)}

_numbers = count(1)


def draft(
    author: Member,
    *,
    changes: Mapping[str, Fraction] = SHORTER,
    title: str = "",
    at: datetime = WRITTEN,
    wanted_on: date | None = None,
) -> Proposal:
    """A proposal to shorten the notice of ordinary votes, unless told otherwise."""
    return Proposal.propose(
        title=title or f"Shorter notice {next(_numbers)}",
        text="Two weeks is long.",
        changes=changes,
        wanted_on=wanted_on,
        at=at,
        by=author.user,
    )


def discussing(author: Member, *, changes: Mapping[str, Fraction] = SHORTER, wanted_on: date | None = None) -> Proposal:
    proposal = draft(author, changes=changes, wanted_on=wanted_on)
    proposal.open_discussion(at=WRITTEN, by=author.user)
    return proposal


def noticed(author: Member, *, changes: Mapping[str, Fraction] = SHORTER, wanted_on: date | None = None) -> Proposal:
    proposal = discussing(author, changes=changes, wanted_on=wanted_on)
    proposal.send_notice(at=NOTICED, by=author.user)
    return proposal


def voting(author: Member, *, changes: Mapping[str, Fraction] = SHORTER, wanted_on: date | None = None) -> Proposal:
    proposal = noticed(author, changes=changes, wanted_on=wanted_on)
    proposal.open_voting(at=OPENS, by=None)
    return proposal


def live(author: Member) -> Proposal:
    """An ordinary vote that opened yesterday and is open now; who owns the co-op now did when notice went out."""
    now = timezone.now()
    make.stand("member", *Member.objects.owners(), since=timezone.localdate(now - 20 * DAY))
    proposal = draft(author, changes={}, at=now - 40 * DAY)
    proposal.open_discussion(at=now - 39 * DAY, by=author.user)
    proposal.send_notice(at=now - 20 * DAY, by=author.user)
    proposal.open_voting(at=now - DAY, by=None)
    return proposal


def cast(proposal: Proposal, **choices: str) -> None:
    """Ballots by first name, for example `ana="yes"`."""
    cast_at(proposal, VOTED, **choices)


def cast_at(proposal: Proposal, at: datetime, **choices: str) -> None:
    """The same at another time."""
    for name, choice in choices.items():
        elector = proposal.roll.select_related("member__user").get(member__user__name__istartswith=name)
        proposal.cast(choice, at=at, by=elector.member.user)


def counted(author: Member, *, changes: Mapping[str, Fraction] = SHORTER, **choices: str) -> Proposal:
    """A vote that is over and counted, with these ballots by first name."""
    proposal = voting(author, changes=changes)
    cast(proposal, **choices)
    proposal.close(at=CLOSES, by=None)
    proposal.certify(at=CLOSES, by=None)
    return proposal


def owners(number: int) -> list[Member]:
    """So many more members in good standing."""
    return [make.member(hours=None) for _ in range(number)]
