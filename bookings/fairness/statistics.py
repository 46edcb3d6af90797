"""Pure: how evenly something is shared, what chance alone would do, and how long somebody waited. No rows, no clock."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import comb

FINE = 10_000
"""How finely a mean chance is counted, so that the whole numbers below stay short."""


def jain(shares: Iterable[Fraction | float]) -> float | None:
    """1 when all have the same share, 1/n when one of n has everything; None when there is nothing to share.

    (Σx)² / (n Σx²): Jain, Chiu and Hawe, DEC-TR-301, 1984.
    """
    parts = [float(share) for share in shares]
    squares = sum(part * part for part in parts)
    return min(sum(parts) ** 2 / (len(parts) * squares), 1.0) if squares else None


def at_least(hits: int, tries: int, chance: Fraction) -> Fraction:
    """How likely chance alone gives so many hits or more: the upper tail of the binomial distribution, exactly."""
    hit, of = chance.numerator, chance.denominator
    miss = of - hit
    if 2 * hits > tries:
        return Fraction(sum(comb(tries, n) * hit**n * miss ** (tries - n) for n in range(hits, tries + 1)), of**tries)
    return 1 - Fraction(sum(comb(tries, n) * hit**n * miss ** (tries - n) for n in range(hits)), of**tries)


@dataclass(frozen=True)
class Decided:
    """One turn that `giver` decided otherwise, for `receiver`; `able` could have come, in the order of the turn."""

    giver: int
    receiver: int
    able: tuple[int, ...]
    on: date

    @property
    def choice(self) -> frozenset[int]:
        """Whom the giver could choose: all who could come but the first, for to the first it would have gone anyway."""
        return frozenset(self.able[1:]) | {self.receiver}


@dataclass(frozen=True)
class Pair:
    """What one giver decided for one receiver: `given` of the `all` turns that they decided, with what chance would do.

    `expected` is how many the receiver would have got if each had gone to anybody of those who could come.
    """

    giver: int
    receiver: int
    given: int
    all: int
    expected: Fraction
    chance: Fraction


def pairs(decided: Collection[Decided]) -> list[Pair]:
    """Each giver with each who got a turn from them, the least likely first.

    Where the number of people to choose from differs from turn to turn, the mean of the chances counts: for a
    number above the expected one it makes the p-value larger, never smaller (Hoeffding, 1956).
    """
    met = sorted({(one.giver, one.receiver) for one in decided})
    found = [_pair(giver, receiver, [one for one in decided if one.giver == giver]) for giver, receiver in met]
    return sorted(found, key=lambda pair: (pair.chance, pair.giver, pair.receiver))


def _pair(giver: int, receiver: int, decided: Sequence[Decided]) -> Pair:
    chances = [Fraction(1, len(one.choice)) for one in decided if receiver in one.choice]
    given = sum(one.receiver == receiver for one in decided)
    expected = sum(chances, Fraction())
    mean = (expected / len(chances)).limit_denominator(FINE)
    return Pair(giver, receiver, given, len(decided), expected, at_least(given, len(chances), mean))


def days_there(first: date, last: date, away: Iterable[tuple[date, date]]) -> int:
    """The days from `first` to `last` as bits (the lowest is the first) but for spans of days, ends included."""
    there = _bits(first, first, last)
    for begins, ends in away:
        there &= ~_bits(first, max(begins, first), ends)
    return there


def _bits(origin: date, begins: date, ends: date) -> int:
    from_bit, until_bit = (begins - origin).days, (ends - origin).days + 1
    return (1 << until_bit) - (1 << from_bit) if until_bit > from_bit else 0


def longest_wait(there: int, asked: int) -> int:
    """The most days in a row on which somebody was there and not asked. Days away neither count nor end the wait."""
    longest = wait = day = 0
    while there >> day:
        if asked >> day & 1:
            wait = 0
        elif there >> day & 1:
            wait += 1
            longest = max(longest, wait)
        day += 1
    return longest
