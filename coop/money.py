"""Whole cents and exact shares: nothing else divides money."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import ceil
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def split(cents: int, weights: Mapping[Key, Fraction | int]) -> dict[Key, int]:
    """Share `cents` out by `weights` so that the parts sum to the whole (largest remainder, Hamilton 1792).

    Ties go to the key that comes first. A negative amount is shared as its positive twin.
    Raises ValueError when a weight is negative or all are zero.
    """
    if any(weight < 0 for weight in weights.values()) or not sum(weights.values()):
        raise ValueError("Shares need weights that are not negative and not all zero.")
    if cents < 0:
        return {key: -part for key, part in split(-cents, weights).items()}
    total = Fraction(sum(weights.values()))
    exact = {key: cents * Fraction(weight) / total for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    left = cents - sum(parts.values())
    for key in sorted(exact, key=lambda key: parts[key] - exact[key])[:left]:
        parts[key] += 1
    return parts


def least_price(pay: int, share: Fraction) -> int:
    """The smallest price, in cents, that pays at least `pay` cents when split into `share` and the rest.

    Half a cent goes to the worker, so the price need only bring half a cent less: 22.25 at 95 % takes 23.42.
    """
    return max(0, ceil((pay - Fraction(1, 2)) / share))


def dollars(cents: int) -> str:
    """Cents as people in the United States read them in both languages: 123456 is $1,234.56, -5 is −$0.05."""
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def percent(share: Fraction) -> str:
    """A share as a percentage with at most two decimals: 19/20 is 95%, 1/3 is 33.33%."""
    return f"{float(share) * 100:.2f}".rstrip("0").rstrip(".") + "%"
