"""What a shift pays whoever does it, and where the rest of the price of its visit goes."""

from collections.abc import Iterable
from fractions import Fraction

from bookings.catalog.sharing import share_out
from bookings.policies import PAY_FLOOR, SHARES
from bookings.visits.shifts.shifts import Shift
from coop.policies import values_by_day

Parts = list[tuple[str, int]]


def pay_for(shifts: Iterable[Shift]) -> dict[int, Parts]:
    """Where the cents of each shift's visit go, by the id of the shift: `worker` is what this shift pays, `crew` what
    the others of the visit get, then the funds.

    By the rules of each visit's day. Two queries, whatever the number of shifts, whose visits' shifts are at hand.
    """
    shifts = list(shifts)
    days = {shift.visit.day for shift in shifts if shift.visit}
    shares, floors = values_by_day(days, SHARES), values_by_day(days, [PAY_FLOOR])
    found = {}
    for shift in shifts:
        assert shift.visit is not None
        day = shift.visit.day
        found[shift.pk] = _parts(shift, _by_name(shares[day]), floors[day][PAY_FLOOR.key])
    return found


def _by_name(shares: dict[str, Fraction]) -> dict[str, Fraction]:
    return {key.removeprefix("bookings.").removesuffix("_share"): share for key, share in shares.items()}


def _parts(shift: Shift, shares: dict[str, Fraction], floor: int) -> Parts:
    assert shift.visit is not None
    crew = {_key(mate): mate.minutes for mate in shift.visit.shifts.all() if not mate.is_off}
    crew[_key(shift)] = shift.minutes
    shared = share_out(shift.visit.cents, minutes=crew, shares=shares, floor=floor)
    pay = {key: cents + shared.topped_up.get(key, 0) for key, cents in shared.workers.items()}
    mine = pay.pop(_key(shift))
    mates = sum(pay.values())
    return [("worker", mine), *([("crew", mates)] if mates else []), *shared.funds.items()]


def _key(shift: Shift) -> int:
    """Shares of a crew go by member, as in the books; a part that nobody has yet has a number of its own."""
    return shift.member_id or -shift.pk
