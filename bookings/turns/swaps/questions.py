"""Swaps as one of the two sees them: what they would give, what they would get, and who has to answer."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from bookings.turns.open_board import warned
from bookings.turns.swaps.swaps import Swap
from bookings.visits.worker_schedule import Stop, stops
from members.models import Member


@dataclass(frozen=True)
class Question:
    """One swap as `reader` sees it; `gets` and `gives` are None where there is nothing in return.

    `warnings` are what they should know of their hours, were it carried out.
    """

    swap: Swap
    mine: bool
    gets: Stop | None
    gives: Stop | None
    warnings: list[str] = field(default_factory=list)


def questions(reader: Member, *, at: datetime) -> list[Question]:
    """What this member is asked, and then what they ask others, the most pressing first. Seven queries at most."""
    swaps = list(Swap.objects.to_answer(at).filter(Q(asker=reader) | Q(other=reader)).with_related())
    shifts = {one.pk: one for swap in swaps for one in (swap.shift, swap.back) if one}
    shown = {stop.shift.pk: stop for stop in stops(list(shifts.values()), at=at, home=reader.zip)}
    found = _with_warnings([_seen(swap, swap.asker_id == reader.pk, shown) for swap in swaps], reader, at=at)
    return sorted(found, key=lambda one: one.mine)


def _with_warnings(found: list[Question], reader: Member, *, at: datetime) -> list[Question]:
    pairs = [(one.gets.shift, one.gives.shift if one.gives else None) for one in found if one.gets]
    shifts, instead = [gets for gets, _gives in pairs], [gives for _gets, gives in pairs]
    said = iter(warned(reader, shifts, at=at, instead=instead) if shifts else [])
    return [replace(one, warnings=next(said)) if one.gets else one for one in found]


def _seen(swap: Swap, mine: bool, shown: dict[int, Stop]) -> Question:
    there, back = shown[swap.shift_id], shown[swap.back_id] if swap.back_id else None
    return Question(swap, mine, gets=back, gives=there) if mine else Question(swap, mine, gets=there, gives=back)
