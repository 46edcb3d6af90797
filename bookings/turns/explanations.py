"""Why this person: the recorded turns of a shift in words, for whoever was asked and for the office.

An explanation tells by what it leaves out: whoever knows their own day can tell a private reason from all others. So
nobody reads a line about themselves but in the turn that chose them, and who could not come is read by the office only,
the same whether they were at work, off, lacked a skill, or for a private reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.matching.legal_hours import BY_LIMIT, LIMITS, Rules, briefly
from bookings.matching.rotation import ABLE, Candidate
from bookings.policies import DAYS_AHEAD, DAYS_BACK, REGULAR_POINTS
from bookings.turns.offers.offers import Offer, Turn
from bookings.turns.overrides.overrides import Override
from coop.policies import values
from coop.templatetags.coop import in_hours
from members.models import Member

AROUND = 6
"""How many rows tell enough about one turn on a phone."""


@dataclass(frozen=True)
class PlaceInTurn:
    """One member in the order of a turn; `kind` as the turn list knows it."""

    name: str
    why: str
    kind: str
    you: bool


@dataclass(frozen=True)
class Overruled:
    """A turn that was decided otherwise (`given`); `due`: who came first by the rule, if that is somebody else."""

    given: Override
    due: Member | None


@dataclass(frozen=True)
class Explained:
    """One turn: its rows, smallest share first, and how many more there are; `regular` when they kept the visit.

    `overruled` when a coordinator decided it otherwise.
    """

    turn: Turn
    rows: list[PlaceInTurn]
    more: int
    regular: bool
    overruled: Overruled | None


def explain(
    turns: Iterable[Turn], *, reader: Member | None, most: int | None = None, everybody: bool = False
) -> list[Explained]:
    """The turns with names and reasons, of `everybody` or of those who could come; two queries.

    With `most`, the chosen one and whoever is around them.
    """
    turns = list(turns)
    named = {candidate["member"] for turn in turns for candidate in turn.candidates}
    members = Member.objects.select_related("user").in_bulk(named)
    rules = values(timezone.localdate(), LIMITS)
    return [
        _explain(turn, _told(turn, reader=reader, everybody=everybody), members, reader, most, rules) for turn in turns
    ]


def overruled(overrides: Iterable[Override]) -> list[Overruled]:
    """Turns that were decided otherwise, with who came first by the rule. One query."""
    turns = [given.turn for given in overrides]
    members = Member.objects.select_related("user").in_bulk({turn.due for turn in turns if turn.due})
    return [found for turn in turns if (found := _overruled(turn, members))]


def _overruled(turn: Turn, members: dict[int, Member]) -> Overruled | None:
    given = getattr(turn, "override", None)
    if given is None:
        return None
    due = members[turn.due] if turn.due and turn.due != given.receiver_id else None
    return Overruled(given, due)


def in_short(candidates: Iterable[Candidate], *, at: datetime) -> list[str]:
    """What each of these had, and what they should know who give them a shift. One query."""
    rules = values(timezone.localdate(at), LIMITS)
    return [
        "; ".join(
            [
                _had(candidate.as_record(), you=False),
                *briefly(candidate.over, rules),
                *([_("passed before")] if candidate.against else []),
            ]
        )
        for candidate in candidates
    ]


def numbers(day: date) -> dict[str, int | str]:
    """The voted numbers by which turns are explained on a day."""
    counts = {"back": DAYS_BACK, "ahead": DAYS_AHEAD, **BY_LIMIT}
    found = values(day, counts.values())
    return {name: found[policy.key] for name, policy in counts.items()} | {
        "points": REGULAR_POINTS.say(REGULAR_POINTS.on(day))
    }


def _told(turn: Turn, *, reader: Member | None, everybody: bool) -> list[dict[str, Any]]:
    """Of whom this reader reads a line, smallest share first."""
    own = None if reader is None or reader.pk == turn.chosen_id else reader.pk
    told = [one for one in turn.candidates if one["member"] != own and (everybody or one["against"] in ABLE)]
    return sorted(told, key=lambda candidate: candidate["share"])


def _explain(
    turn: Turn,
    order: list[dict[str, Any]],
    members: dict[int, Member],
    reader: Member | None,
    most: int | None,
    rules: Rules,
) -> Explained:
    shown = _around(order, turn.chosen_id, most) if most else order
    able = (candidate["member"] for candidate in turn.candidates if candidate in order and not candidate["against"])
    following = next((member for member in able if member != turn.chosen_id), None)
    rows = [
        PlaceInTurn(
            name=members[candidate["member"]].short_name,
            why=_why(candidate, you=reader is not None and candidate["member"] == reader.pk, rules=rules),
            kind=_kind(candidate, turn, following),
            you=reader is not None and candidate["member"] == reader.pk,
        )
        for candidate in shown
    ]
    regular = any(candidate.get("regular") for candidate in order)
    return Explained(turn, rows, len(order) - len(shown), regular, _overruled(turn, members))


def _around(order: list[dict[str, Any]], chosen: int | None, most: int) -> list[dict[str, Any]]:
    """The nearest to the chosen one: at most half before them, and whoever can come after them."""
    place = next((index for index, candidate in enumerate(order) if candidate["member"] == chosen), 0)
    before = order[max(0, place - most // 2) : place]
    after = [candidate for candidate in order[place + 1 :] if not candidate["against"]]
    return [*before, *order[place : place + 1], *after[: most - len(before) - 1]]


def _kind(candidate: dict[str, Any], turn: Turn, following: int | None) -> str:
    if candidate["member"] == turn.chosen_id:
        return _answered(turn)
    if candidate["against"]:
        return "passed" if candidate["against"] == "passed" else "skipped"
    return "next" if candidate["member"] == following else "waiting"


def _answered(turn: Turn) -> str:
    """What became of the offer of this turn."""
    return "offered" if turn.offer.state == Offer.State.MADE else str(turn.offer.state)


def _why(candidate: dict[str, Any], *, you: bool, rules: Rules) -> str:
    if candidate["against"] not in ("", "passed"):
        return _("could not come then")
    past = [] if candidate["against"] else briefly(candidate.get("over", ()), rules)
    return "; ".join([_had(candidate, you=you), *past])


def _had(candidate: dict[str, Any], *, you: bool) -> str:
    had = {"had": in_hours(round(candidate["received"] / 30) * 30), "wanted": round(candidate["wanted"] / 60)}
    if candidate.get("wished"):
        return _("this household asked for them; %(had)s h of %(wanted)s h asked for") % had
    if candidate.get("regular"):
        return _("the regular person here; %(had)s h of %(wanted)s h asked for") % had
    if you:
        return _("%(had)s h of the %(wanted)s h you asked for") % had
    return _("%(had)s h of %(wanted)s h asked for") % had
