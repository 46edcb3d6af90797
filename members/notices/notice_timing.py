"""How and when people are told: what cannot wait, where somebody lives, and when nobody is disturbed.

Each room says in which of these ways its mails are meant; what it does not name is news, which can wait.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from coop.policies import values
from members.people.users import User
from members.policies import NEAR_HOURS, NOTICE_FROM, NOTICE_UNTIL

About = Mapping[str, Any]
Begins = Callable[[About], datetime]
Place = Callable[[User], str | None]


class Kind(Enum):
    """How a message is meant."""

    URGENT = auto()
    """Somebody has to act or to know soon; at night only if what it is about begins soon."""
    ANSWER = auto()
    """It answers what somebody has just done, and they look out for it."""
    NEWS = auto()
    """Everything else: never at night."""


_kinds: dict[str, tuple[Kind, Begins | None]] = {"digest": (Kind.ANSWER, None)}
_places: list[Place] = []


def declare(kind: Kind, *mails: str, begins: Begins | None = None) -> None:
    """Say how some mails are meant, and when what they are about `begins`.

    Urgent mails without a beginning are sent when they are written: whoever writes them minds the night.
    """
    for mail in mails:
        _kinds[mail] = (kind, begins)


def declared() -> list[str]:
    """The mails of which a room has said how they are meant."""
    return sorted(_kinds)


def kind_of(mail: str) -> Kind:
    """How this mail is meant."""
    return _kinds[mail][0] if mail in _kinds else Kind.NEWS


def live(place: Place) -> None:
    """Let a room say in which time zone somebody lives, if it knows."""
    if place not in _places:
        _places.append(place)


def zone_of(user: User) -> ZoneInfo:
    """Where this person lives: as a member, else where their home is, else where the co-op is."""
    if user.membership:
        return ZoneInfo(user.membership.zip.zone)
    found = (place(user) for place in _places)
    return ZoneInfo(next(filter(None, found), timezone.get_current_timezone_name()))


def due(mail: str, *, to: User, at: datetime, about: About) -> datetime:
    """When to send it: at once, or, if it can wait and it is night where they live, in the morning."""
    kind, begins = _kinds.get(mail, (Kind.NEWS, None))
    if kind is Kind.ANSWER or (kind is Kind.URGENT and begins is None):
        return at
    if kind is Kind.URGENT and begins and begins(about) - at < timedelta(hours=NEAR_HOURS.on(timezone.localdate(at))):
        return at
    return by_day(at, zone_of(to))


def by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `at` on at which people there are written to."""
    hours = values(timezone.localdate(at), (NOTICE_FROM, NOTICE_UNTIL))
    local = at.astimezone(zone)
    if local.hour < hours[NOTICE_FROM.key]:
        return _at_hour(local, hours[NOTICE_FROM.key])
    if local.hour < hours[NOTICE_UNTIL.key]:
        return at
    return _at_hour(local + timedelta(days=1), hours[NOTICE_FROM.key])


def next_hour(at: datetime, zone: ZoneInfo, *, hour: int) -> datetime:
    """The next time after `at` that clocks there show this hour."""
    local = at.astimezone(zone)
    return _at_hour(local if local.hour < hour else local + timedelta(days=1), hour)


def _at_hour(local: datetime, hour: int) -> datetime:
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)
