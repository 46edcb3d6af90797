"""What the members may change by vote: named values with a unit, bounds, and a history by day.

A `Policy` is declared in the `policies.py` of the room that reads it. Its value changes only through an
`Amendment`, which a passed proposal writes; the past keeps the rule of its day.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coop.errors import Refusal
from coop.money import dollars, percent

if TYPE_CHECKING:
    from coop.models import Amendment, AmendmentQuerySet

V = TypeVar("V", int, Fraction)
R = TypeVar("R")
Text = str | Promise
registry: dict[str, "Policy[int] | Policy[Fraction]"] = {}
retired: dict[str, "Policy[int] | Policy[Fraction]"] = {}
"""What a vote could change once: read where it stands in old proposals, and on no ballot any more."""
together: list["PolicyConstraint"] = []
bounds: list["LawBound"] = []


@dataclass(frozen=True, eq=False)
class Unit(Generic[V]):
    """How a value is counted and how a person reads it. Told apart by identity: its name changes with the language."""

    name: Text
    read: Callable[[Fraction], V]
    say: Callable[[V], str]


CENTS = Unit(gettext_lazy("dollars"), int, dollars)
CENTS_PER_HOUR = Unit(gettext_lazy("dollars an hour"), int, lambda n: _("%s an hour") % dollars(n))
MINUTES = Unit(gettext_lazy("minutes"), int, lambda n: ngettext("%d minute", "%d minutes", n) % n)
HOURS = Unit(gettext_lazy("hours"), int, lambda n: ngettext("%d hour", "%d hours", n) % n)
DAYS = Unit(gettext_lazy("days"), int, lambda n: ngettext("%d day", "%d days", n) % n)
MONTHS = Unit(gettext_lazy("months"), int, lambda n: ngettext("%d month", "%d months", n) % n)
HOUR_OF_DAY = Unit(gettext_lazy("hour of the day"), int, lambda hour: f"{hour}:00")
METERS = Unit(gettext_lazy("meters"), int, lambda n: ngettext("%d meter", "%d meters", n) % n)
YES_NO = Unit(gettext_lazy("1 for yes, 0 for no"), int, lambda n: _("yes") if n else _("no"))
COUNT = Unit(gettext_lazy("number"), int, str)
SHARE = Unit(gettext_lazy("share"), Fraction, percent)
PART = Unit(gettext_lazy("fraction"), Fraction, lambda f: f"{f.numerator}/{f.denominator}")


@dataclass(frozen=True, eq=False)
class Policy(Generic[V]):
    """One value that a vote may change. `source` says where its default comes from.

    One that is not `on_ballot` was voted on in the past and is only read there.
    """

    key: str
    label: Text
    unit: Unit[V]
    default: V
    least: V
    most: V
    source: Text
    help: Text = field(default="")
    on_ballot: bool = True

    def __post_init__(self) -> None:
        (registry if self.on_ballot else retired)[self.key] = self

    def on(self, day: date) -> V:
        """The value in force on `day` (a day of the co-op's calendar). One query."""
        return values(day, [self])[self.key]

    def say(self, value: Fraction | int) -> str:
        """The value with its unit, for people."""
        return self.unit.say(self.unit.read(Fraction(value)))

    def check(self, value: Fraction) -> None:
        """Refuse a value that does not fit the unit or the bounds."""
        if self.unit.read(value) != value:
            raise Refusal(_("“%(label)s” must be a whole number.") % {"label": self.label})
        if not self.least <= value <= self.most:
            raise Refusal(
                _("“%(label)s” must be between %(least)s and %(most)s.")
                % {"label": self.label, "least": self.say(self.least), "most": self.say(self.most)}
            )


@dataclass(frozen=True, eq=False)
class PolicyConstraint:
    """Policies that must fit each other; `holds` sees their values by key."""

    policies: tuple[Policy[Fraction], ...]
    holds: Callable[[dict[str, Fraction]], bool]
    why_not: Text

    def __post_init__(self) -> None:
        together.append(self)


@dataclass(frozen=True, eq=False)
class LawBound:
    """The least that the law allows for a policy: `least` knows it by day. A vote may only go higher."""

    policy: Policy[int]
    least: Callable[[date], int]
    why_not: Text

    def __post_init__(self) -> None:
        bounds.append(self)

    def check(self, value: Fraction, *, day: date) -> None:
        """Refuse a value below the law of that day; `why_not` has a place for it (`%(least)s`)."""
        if value < (least := self.least(day)):
            raise Refusal(str(self.why_not) % {"least": self.policy.say(least)})


def named(key: str) -> "Policy[int] | Policy[Fraction]":
    """The policy of this key, also one that no vote changes any more."""
    return registry.get(key) or retired[key]


@dataclass
class _Reading:
    amendments: "list[Amendment] | None" = None
    kept: dict[str, Any] = field(default_factory=dict)


_reading: ContextVar[_Reading | None] = ContextVar("one reading of the amendments", default=None)


@contextmanager
def policy_cache() -> Iterator[None]:
    """Within this block (a request, a replay of the past) the amendments are read once, not at each question.
    So is what the law says by day (`read_once`).

    A block inside another reads with it.
    """
    if _reading.get():
        yield
        return
    token = _reading.set(_Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def reset_cache() -> None:
    """An amendment, or something that is read once, was added: what was read before no longer counts."""
    reading = _reading.get()
    if reading:
        reading.amendments = None
        reading.kept.clear()


def read_once(name: str, read: Callable[[], R]) -> R:
    """What `read` gives; within a reading it is asked once, and again after `reset_cache`."""
    reading = _reading.get()
    if reading is None:
        return read()
    if name not in reading.kept:
        reading.kept[name] = read()
    found: R = reading.kept[name]
    return found


def _amendments() -> "AmendmentQuerySet":
    from coop.models import Amendment

    return Amendment.objects.all()


def _amended(day: date, keys: Iterable[str]) -> dict[str, Fraction]:
    if _reading.get() is None:
        return _amendments().in_force(day, keys=keys)
    return {row.policy: row.value for row in _history(keys) if row.effective_on <= day}


def _history(keys: Iterable[str]) -> "list[Amendment]":
    """Every amendment of these policies in the order in which they count; in a reading, from what was read before."""
    reading, wanted = _reading.get(), set(keys)
    if reading is None:
        return list(_amendments().filter(policy__in=wanted).order_by("effective_on", "pk"))
    if reading.amendments is None:
        reading.amendments = list(_amendments().order_by("effective_on", "pk"))
    return [row for row in reading.amendments if row.policy in wanted]


def values(day: date, policies: Iterable[Policy[V]]) -> dict[str, V]:
    """The values of several policies on one day, by key, in one query."""
    wanted = {policy.key: policy for policy in policies}
    amended = _amended(day, wanted)
    return {key: policy.unit.read(amended[key]) if key in amended else policy.default for key, policy in wanted.items()}


def values_by_day(days: Iterable[date], policies: Iterable[Policy[V]]) -> dict[date, dict[str, V]]:
    """The values of several policies on several days, in one query whatever their number."""
    wanted = {policy.key: policy for policy in policies}
    amended = _history(wanted)
    found = {}
    for day in set(days):
        values = {key: policy.default for key, policy in wanted.items()}
        for row in amended:
            if row.effective_on <= day:
                values[row.policy] = wanted[row.policy].unit.read(row.value)
        found[day] = values
    return found


def check_all(changes: dict[str, Fraction], *, day: date) -> None:
    """Refuse changes that break a bound, alone or together with what will be in force on `day`."""
    for key, value in changes.items():
        _check_one(key, value, day=day)
    for rule in together:
        if any(policy.key in changes for policy in rule.policies):
            found = {key: Fraction(value) for key, value in values(day, rule.policies).items()}
            if not rule.holds({key: changes.get(key, value) for key, value in found.items()}):
                raise Refusal(str(rule.why_not))


def _check_one(key: str, value: Fraction, *, day: date) -> None:
    if key in retired:
        raise Refusal(_("“%s” is written in the law, and no vote changes it.") % retired[key].label)
    if key not in registry:
        raise Refusal(_("There is no rule called “%s”.") % key)
    registry[key].check(value)
    for bound in bounds:
        if bound.policy.key == key:
            bound.check(value, day=day)
