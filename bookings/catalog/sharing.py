"""Pure: where each cent of a visit goes. No rows, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from coop.money import split

FUNDS = ("operations", "reserve", "upkeep")
NOBODY = -1
"""Stands for the part of the work that nobody has."""


@dataclass(frozen=True)
class Shares:
    """What a visit's price becomes, in cents.

    `workers` is what each shift gets out of the price, `funds` what the co-op keeps, `topped_up` what each shift gets
    on top from what the co-op has in hand. Workers and funds together are the price; top-ups are not part of it.
    """

    workers: dict[int, int]
    funds: dict[str, int]
    topped_up: dict[int, int]


def floor_of(minutes: int, *, floor: int) -> int:
    """The least pay for so many minutes at `floor` cents an hour, rounded up to the cent."""
    return -(-floor * minutes // 60)


def share_out(price: int, *, minutes: Mapping[int, int], shares: Mapping[str, Fraction], floor: int) -> Shares:
    """Share a price among the shifts of a visit (`minutes` by shift) and the co-op's funds.

    `shares` has worker, operations, reserve, upkeep and sums to 1; the workers' part is divided by minutes.
    A shift below the pay floor is topped up from the co-op's share of this price: operations first, then reserve,
    then upkeep; whatever is still short comes from what operations has in hand.
    """
    parts = split(price, {name: shares[name] for name in ("worker", *FUNDS)})
    workers = split(parts.pop("worker"), {shift: minutes[shift] for shift in sorted(minutes)})
    short = {shift: max(0, floor_of(minutes[shift], floor=floor) - pay) for shift, pay in workers.items()}
    found, parts = _take(sum(short.values()), parts)
    from_price = _fill(found, short)
    return Shares(
        workers={shift: pay + from_price[shift] for shift, pay in workers.items()},
        funds=parts,
        topped_up={shift: short[shift] - from_price[shift] for shift in workers if short[shift] > from_price[shift]},
    )


@dataclass(frozen=True)
class FeeShares:
    """What a fee becomes, in cents: what each who lost the work gets, and what the co-op keeps."""

    workers: dict[int, int]
    funds: dict[str, int]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """As a split bar shows it."""
        return [("worker", sum(self.workers.values())), *self.funds.items()]


def share_fee(cents: int, *, minutes: Mapping[int, int], vacant: int, shares: Mapping[str, Fraction]) -> FeeShares:
    """Share a fee like a price among those who lost the work (`minutes` by member) and the co-op's funds.

    Nobody worked, so no pay floor applies. The workers' part of `vacant` minutes, which nobody had taken on yet,
    is nobody's loss and goes to the reserve that all share.
    """
    parts = split(cents, {name: shares[name] for name in ("worker", *FUNDS)})
    lost = {member: minutes[member] for member in sorted(minutes)} | {NOBODY: vacant if minutes else 1}
    workers = split(parts.pop("worker"), lost)
    parts["reserve"] += workers.pop(NOBODY)
    return FeeShares(workers=workers, funds=parts)


def _take(wanted: int, parts: dict[str, int]) -> tuple[int, dict[str, int]]:
    """As much of `wanted` as the funds can give, in their order; and what is left of each."""
    found, left = 0, dict(parts)
    for name in FUNDS:
        given = min(wanted - found, left[name])
        found, left[name] = found + given, left[name] - given
    return found, left


def _fill(cents: int, wanted: dict[int, int]) -> dict[int, int]:
    """Share what was found among the shifts by what each is short of."""
    return split(cents, wanted) if any(wanted.values()) else dict.fromkeys(wanted, 0)
