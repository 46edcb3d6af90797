"""What a proposal can be about: one policy, or several that must fit each other and are changed together."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coop.policies import Policy, Text, registry, together

AnyPolicy = Policy[int] | Policy[Fraction]

# What members most often want to change, in their words; everything else goes by its own label.
TITLES: dict[str, Text] = {
    "bookings.worker_share": _("How each dollar of a price is shared"),
    "bookings.pay_floor": _("The least that anyone is paid for an hour of work"),
}
ROOMS: dict[str, Text] = {
    "bookings": _("Visits, prices and turns"),
    "payouts": _("Money"),
    "governance": _("Votes"),
    "members": _("Membership"),
}


@dataclass(frozen=True)
class Subject:
    """One thing to propose about, named by the key of its first policy."""

    policies: tuple[AnyPolicy, ...]

    @property
    def key(self) -> str:
        return self.policies[0].key

    @property
    def title(self) -> Text:
        return TITLES.get(self.key, self.policies[0].label)

    @property
    def is_common(self) -> bool:
        """One of those that stand at the top of the choice."""
        return self.key in TITLES


@dataclass(frozen=True)
class Room:
    """The policies that one part of the co-op declares."""

    title: Text
    subjects: tuple[Subject, ...]


def subject(key: str) -> Subject | None:
    """The subject that a policy belongs to; None for a key that is not a policy."""
    if key not in registry:
        return None
    tied = {policy.key for rule in together for policy in rule.policies if key in {one.key for one in rule.policies}}
    return Subject(tuple(policy for policy in registry.values() if policy.key in tied | {key}))


def rooms() -> Iterator[Room]:
    """Everything that a vote can change, by room, each subject once."""
    found: dict[str, dict[str, Subject]] = {}
    for key in registry:
        about = subject(key)
        if about:
            found.setdefault(key.partition(".")[0], {})[about.key] = about
    for name, title in ROOMS.items():
        if name in found:
            yield Room(title, tuple(found[name].values()))
