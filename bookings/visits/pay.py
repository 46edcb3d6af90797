"""What a shift pays whoever does it, and where the rest of the price of its visit goes."""

from collections.abc import Iterable
from fractions import Fraction

from bookings.catalog.sharing import share_out
from bookings.catalog.wages.floors import Floors
from bookings.policies import SHARES
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.policies import values_by_day

Parts = list[tuple[str, int]]


def pay_for(shifts: Iterable[Shift]) -> dict[int, Parts]:
    """Where the cents of each shift's visit go, by the id of the shift: `worker` is what this shift pays, `crew` what
    the others of the visit get, then the funds.

    By the rules of each visit's day. Three queries, whatever the number of shifts, whose visits' shifts are at hand.
    """
    shifts = list(shifts)
    days = {shift.visit.day for shift in shifts if shift.visit}
    shares, floors = values_by_day(days, SHARES), Floors.on(days)
    found = {}
    for shift in shifts:
        assert shift.visit is not None
        found[shift.pk] = _parts(shift, _by_name(shares[shift.visit.day]), floor_at(shift.visit, floors))
    return found


def floor_at(visit: Visit, floors: Floors | None = None) -> int:
    """Cents that an hour of a visit pays at least, by the law and the rules of its day and its place."""
    floors = floors or Floors.on([visit.day])
    if not floors.rises(visit.day):
        return floors.own[visit.day]
    return floors.at(visit.day, visit.booking.home.zip, care=visit.booking.service.is_care)


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
