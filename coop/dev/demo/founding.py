"""The people of the demo: members with their weeks and offices, clients with their homes and habits."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from bookings.catalog.pricing import Price
from bookings.models import AddOn, Client, Home, Quote, Service
from coop.dev.demo import people
from coop.models import ZipCode
from members.models import Credential, Member, Role, User
from members.people.spans import Span

NEW_YORK = ZoneInfo("America/New_York")
WEEKS = {  # weekdays, from, to, hours wanted
    "full": (range(5), time(8), time(18), 16),
    "early": (range(5), time(7), time(14), 12),
    "long": (range(6), time(8), time(19), 20),
    "late": (range(1, 6), time(11), time(19), 12),
    "some": ((0, 2, 4), time(8), time(18), 8),
    "ends": ((4, 5, 6), time(9), time(18), 10),
}
REACHED = {
    "name": "Sunrise Home Co-op",
    "zone": "America/New_York",
    "language": "en",
    "phone": "+17185550100",
    "email": "hello@coop.example.com",
    "address": "48 4th Avenue, Brooklyn, NY 11217",
    "hours_en": "Monday to Saturday, 7 am to 8 pm",
    "hours_es": "lunes a sábado, de 7 a. m. a 8 p. m.",
}
OFFICES = (
    (Role.Kind.COORDINATOR, 1),
    (Role.Kind.TREASURER, 2),
    (Role.Kind.BOARD, 3),
    (Role.Kind.TREASURER, 4),
    (Role.Kind.MEMBERSHIP, 5),
    (Role.Kind.SAFETY, 6),
    (Role.Kind.MENTOR, 7),
    (Role.Kind.ELECTIONS, 8),
    (Role.Kind.BOARD, 9),
    (Role.Kind.COORDINATOR, 10),
)


@dataclass
class Household:
    """A client of the demo and when they like us to come: every so many days from `first_at` on."""

    client: Client
    service: Service
    street: str
    apartment: str
    zip: str
    bedrooms: int
    bathrooms: int
    minutes: int
    every_days: int
    next_at: datetime
    extras: list[AddOn] = field(default_factory=list)
    visits: int = 0

    def price(self, day: date) -> Price:
        """What a visit costs by the rules and prices of a day."""
        return self.service.quote(
            on=day,
            bedrooms=self.bedrooms,
            bathrooms=self.bathrooms,
            minutes=self.minutes,
            add_ons=self.extras,
        )

    def quote(self, price: Price, starts_at: datetime, *, at: datetime, every: int = 0) -> Quote:
        """What this household asks for at that price, not saved yet."""
        user = self.client.user
        return Quote(
            made_at=at,
            service=self.service,
            bedrooms=self.bedrooms,
            bathrooms=self.bathrooms,
            hours_minutes=self.minutes,
            zip_id=self.zip,
            minutes=price.minutes,
            cents=price.cents,
            crew=price.crew,
            starts_at=starts_at,
            name=user.name,
            email=user.email,
            phone=self.client.phone,
            street=self.street,
            apartment=self.apartment,
            language=user.language,
            every=every,
        )

    def move_in(self, dice: Random, *, at: datetime) -> Home:
        """The home as it is known after a first booking, with how to get in."""
        where = ZipCode.objects.get(pk=self.zip)
        with transaction.atomic():
            home = Home.at(self.client, street=self.street, apartment=self.apartment, zip=where)
            home.keep_note(people.note(dice), at=at)
        return home


def found_members(dice: Random, count: int, *, start: date, today: date) -> list[Member]:
    """`count` people who work here: owners, two candidates, one on leave; the first ten hold the offices."""
    members = []
    for n, name in enumerate(people.names(dice, count, first=people.FIRST, last=people.LAST, at="members.example.com")):
        newcomer = n >= count - 2
        since = today - timedelta(days=60) if newcomer else start - timedelta(days=dice.randint(30, 900))
        members.append(_member(dice, name, since=since, candidate=newcomer))
    owners = members[: count - 2]
    for kind, place in OFFICES:
        Role.objects.create(member=owners[place % len(owners)], kind=kind, starts_on=start - timedelta(days=30))
    for member in dice.sample(members[10:], k=min(6, max(0, count - 12))):
        first = today - timedelta(days=dice.randint(20, 160))
        member.take_leave(first=first, last=first + timedelta(days=dice.randint(3, 12)), today=first)
    return members


def _member(dice: Random, name: people.Name, *, since: date, candidate: bool) -> Member:
    week = dice.choice(list(WEEKS))
    weekdays, begins, ends, hours = WEEKS[week]
    at = datetime.combine(since, time(9), NEW_YORK)
    speaks = dice.choice([["es"], ["es", "en"], ["en"], ["es", "en"], ["en", "fr"]])
    user = User.objects.create_user(name.email, name.full, language="es" if speaks[0] == "es" else "en", joined_at=at)
    skills = ["cleaning"] if dice.random() < 0.72 else ["cleaning", "care"]
    member = Member.objects.take_in(
        user,
        on=since,
        at=at,
        by=None,
        note="" if candidate else "Admitted by the founding meeting",
        phone=f"+1718555{dice.randint(1000, 9999)}",
        zip_id=dice.choice(people.AREAS),
        minutes_wanted=hours * 60,
        skills=skills,
        languages=speaks,
    )
    if not candidate:
        member.admit(at=at, by=None, note="Admitted by the founding meeting")
    member.open_week((Span(day, begins, ends) for day in weekdays), holidays=len(name.full) % 3 == 0)
    if "care" in skills:
        Credential.objects.create(
            member=member,
            kind="hha",
            number=f"HHA-{dice.randint(100000, 999999)}",
            issued_on=since - timedelta(days=90),
            expires_on=since + timedelta(days=3650),
        )
    return member


def find_households(dice: Random, count: int, *, start: datetime, end: datetime) -> list[Household]:
    """`count` clients who come one by one over the months, most of them regular."""
    services = {service.code: service for service in Service.objects.prefetch_related("add_ons")}
    found = people.names(dice, count, first=people.CALLED, last=people.HOUSEHOLDS, at="clients.example.com")
    return [_household(dice, name, services, start=start, end=end) for name in found]


def _household(
    dice: Random, name: people.Name, services: dict[str, Service], *, start: datetime, end: datetime
) -> Household:
    code = dice.choices(["cleaning", "deep", "moving", "aide"], weights=[64, 16, 5, 15])[0]
    begins = start + (end - start) * dice.random() ** 0.85
    user = User.objects.create_user(
        name.email, name.full, language=dice.choice(["en", "en", "en", "es"]), joined_at=begins
    )
    client = Client.objects.create(user=user, phone=f"+1347555{dice.randint(1000, 9999)}", since=begins)
    street, apartment = people.street(dice)
    add_ons = list(services[code].add_ons.all())
    return Household(
        client=client,
        service=services[code],
        street=street,
        apartment=apartment,
        zip=dice.choice(people.AREAS),
        bedrooms=dice.choice([1, 1, 2, 2, 3]),
        bathrooms=dice.choice([1, 1, 2]),
        minutes=dice.choice([120, 180, 240]) if code == "aide" else 0,
        every_days={"moving": 0, "deep": dice.choice([0, 28])}.get(code, dice.choice([0, 0, 7, 14, 28, 28, 28])),
        next_at=begins,
        extras=dice.sample(add_ons, k=min(len(add_ons), dice.choice([0, 0, 1, 1, 2]))),
    )
