"""The presets: what kind of co-op each is for, and the value of each rule with why and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from bookings.policies import (
    CREW_MINUTES,
    FREE_CANCEL_HOURS,
    INCIDENT_DAYS,
    LATE_FEE,
    LATE_HOURS,
    MOST_PASSES,
    OPERATIONS_SHARE,
    PAY_FLOOR,
    REGULAR_POINTS,
    RESERVE_SHARE,
    SUBSTITUTE_HOURS,
    UP_AND_GO,
    UPKEEP_SHARE,
    WORKER_SHARE,
)
from coop.policies import Policy, Text

AnyPolicy = Policy[int] | Policy[Fraction]
OWN = _("Our own reckoning")
STRIPE = _("Stripe's price list: 2.9% and 30 cents a payment, which was 3.15% of what visits cost")
CONTINUITY = _("New York home care: continuity of .71 under 3 hours a day, .62 for 3 to 7, .41 above (Bice-Boxerman)")


@dataclass(frozen=True)
class Choice:
    """The value of one rule in a preset, with why and from where."""

    policy: AnyPolicy
    value: Fraction
    why: Text
    source: Text


@dataclass(frozen=True)
class Preset:
    """A set of values for a kind of co-op."""

    key: str
    title: Text
    lead: Text
    choices: tuple[Choice, ...]


def _choice(policy: AnyPolicy, value: int | Fraction, why: Text, source: Text) -> Choice:
    return Choice(policy, Fraction(value), why, source)


def _shares(worker: Fraction, operations: Fraction, why: Text) -> Iterator[Choice]:
    """All four parts of a price, which add up to the whole."""
    half = Fraction(1, 200)
    yield _choice(WORKER_SHARE, worker, _("As much as the card fees and running the co-op leave."), UP_AND_GO)
    yield _choice(OPERATIONS_SHARE, operations, why, STRIPE)
    yield _choice(RESERVE_SHARE, half, _("A little is laid by from each visit."), OWN)
    yield _choice(UPKEEP_SHARE, half, _("A little for the people who build this software."), OWN)


def _cancelling() -> Iterator[Choice]:
    yield _choice(FREE_CANCEL_HOURS, 24, _("A day before, the time can still be given to somebody else."), UP_AND_GO)
    yield _choice(LATE_HOURS, 2, _("So shortly before, whoever was to come is on the way."), UP_AND_GO)
    yield _choice(LATE_FEE, 2500, _("Whoever lost the work gets their part of it."), UP_AND_GO)


FLOOR = _choice(
    PAY_FLOOR, 2225, _("What cleaning co-ops in New York paid, where the mean of the area was $17.27."), UP_AND_GO
)
PRESETS = (
    Preset(
        "cleaning",
        _("Home cleaning co-op"),
        _("Cleaners who come regularly or once, alone or as two."),
        (
            FLOOR,
            *_shares(Fraction(95, 100), Fraction(4, 100), _("Card fees come out of it, and something is left.")),
            *_cancelling(),
        ),
    ),
    Preset(
        "care",
        _("Home care co-op"),
        _("Aides who come to the same people week after week."),
        (
            FLOOR,
            *_shares(Fraction(95, 100), Fraction(4, 100), _("Card fees come out of it, and something is left.")),
            *_cancelling(),
            _choice(
                REGULAR_POINTS,
                Fraction(30, 100),
                _("Whoever knows the home stays for longer: other faces again and again harm those who are cared for."),
                CONTINUITY,
            ),
            _choice(SUBSTITUTE_HOURS, 120, _("Whoever is cared for hears sooner that somebody else comes."), OWN),
            _choice(INCIDENT_DAYS, 30, _("What went wrong with a person is often said later than a broken vase."), OWN),
        ),
    ),
    Preset(
        "three",
        _("Small, of three"),
        _("Three people who begin together and do all of it."),
        (
            FLOOR,
            *_shares(Fraction(94, 100), Fraction(5, 100), _("Card fees, and fixed costs on few visits.")),
            *_cancelling(),
            _choice(MOST_PASSES, 2, _("After two passes all three were asked."), OWN),
            _choice(CREW_MINUTES, 480, _("Two at one home leave one for all others."), OWN),
        ),
    ),
)


def preset(key: str) -> Preset | None:
    """The preset of this key, if there is one."""
    return next((one for one in PRESETS if one.key == key), None)


def touched() -> list[AnyPolicy]:
    """Every rule that some preset has a value for, in the order in which they come."""
    return list({choice.policy.key: choice.policy for one in PRESETS for choice in one.choices}.values())
