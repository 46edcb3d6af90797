"""Swaps as one of the two sees them: what they would give, what they would get, and who has to answer."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bookings.day import Stop, stops
from bookings.models import Swap
from members.models import Member


@dataclass(frozen=True)
class Question:
    """One swap as `reader` sees it; `gets` and `gives` are None where there is nothing in return."""

    swap: Swap
    mine: bool
    gets: Stop | None
    gives: Stop | None


def questions(reader: Member, *, at: datetime) -> list[Question]:
    """What this member is asked, and then what they ask others, the most pressing first. Five queries at most."""
    swaps = list(Swap.objects.to_answer(at).filter(Q(asker=reader) | Q(other=reader)).whole())
    shifts = {one.pk: one for swap in swaps for one in (swap.shift, swap.back) if one}
    shown = {stop.shift.pk: stop for stop in stops(list(shifts.values()), at=at, home=reader.zip)}
    found = [_seen(swap, swap.asker_id == reader.pk, shown) for swap in swaps]
    return sorted(found, key=lambda one: one.mine)


def _seen(swap: Swap, mine: bool, shown: dict[int, Stop]) -> Question:
    there, back = shown[swap.shift_id], shown[swap.back_id] if swap.back_id else None
    return Question(swap, mine, gets=back, gives=there) if mine else Question(swap, mine, gets=there, gives=back)
