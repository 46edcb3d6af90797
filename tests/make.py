"""Builders: the fewest words that put a person or a thing of the co-op into the database.

Everything reaches its state through its own verbs, as it would in the house.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import count

import zipcodes
from django.utils.text import slugify

from coop.models import ZipCode
from members.models import Availability, Credential, Member, Role, User

SPRING = datetime(2026, 3, 2, 14, tzinfo=UTC)
"""When the cast joined: a Monday morning in New York."""
FIRST_DAY = SPRING.date()

_numbers = count(1)


def zip_code(code: str = "11215") -> ZipCode:
    """A postal area that the co-op serves, as it really lies."""
    found = zipcodes.matching(code)[0]
    return ZipCode.objects.get_or_create(
        code=code,
        defaults={
            "city": found["city"],
            "county": found["county"],
            "state": found["state"],
            "latitude": float(found["lat"]),
            "longitude": float(found["long"]),
            "zone": found["timezone"],
        },
    )[0]


def user(name: str = "", *, email: str = "", language: str = "en") -> User:
    """Somebody who can sign in; without a name, the next person who comes along."""
    name = name or f"Person {next(_numbers)}"
    return User.objects.create_user(email or f"{slugify(name)}@example.org", name, language=language)


def member(
    name: str = "",
    *,
    candidate: bool = False,
    zip: str = "11215",
    minutes_wanted: int = 1440,
    skills: Iterable[str] = ("cleaning",),
    languages: Iterable[str] = ("en",),
    hours: tuple[int, int] | None = (8, 18),
    roles: Iterable[str] = (),
    language: str = "en",
) -> Member:
    """A member who works all week in `hours` (whole hours of the day; None for no time at all)."""
    made = Member.objects.create(
        user=user(name, language=language),
        zip=zip_code(zip),
        minutes_wanted=minutes_wanted,
        skills=list(skills),
        languages=list(languages),
        started_on=FIRST_DAY,
    )
    if not candidate:
        made.admit(at=SPRING, by=None)
    if hours:
        for weekday in range(7):
            available(made, weekday=weekday, starts=hours[0], ends=hours[1])
    for kind in roles:
        role(made, kind)
    return made


def available(member: Member, *, weekday: int, starts: int, ends: int) -> Availability:
    """One more span of a weekday (Monday is 0), in whole hours."""
    return Availability.objects.create(member=member, weekday=weekday, starts=time(starts), ends=time(ends))


def role(member: Member, kind: str, *, starts_on: date = FIRST_DAY, ends_on: date | None = None) -> Role:
    """An office for a term; without an end, until further notice."""
    return Role.objects.create(member=member, kind=kind, starts_on=starts_on, ends_on=ends_on)


def credential(
    member: Member, kind: str = "hha", *, issued_on: date = FIRST_DAY, expires_on: date | None = None
) -> Credential:
    """A certificate, seen by the member themselves."""
    return Credential.objects.create(
        member=member, kind=kind, issued_on=issued_on, expires_on=expires_on, verified_by=member
    )
