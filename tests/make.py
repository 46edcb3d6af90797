"""Builders: the fewest words that put a person or a thing of the co-op into the database.

Everything reaches its state through its own verbs, as it would in the house.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

import zipcodes
from allauth.mfa.models import Authenticator
from django.utils.text import slugify

from bookings.catalog.pricing import Takes
from bookings.models import (
    Booking,
    Client,
    HouseholdMember,
    LeastWage,
    Offer,
    Quote,
    Series,
    Service,
    ServicePrice,
    Shift,
)
from coop.models import ZipCode
from coop.policies import policy_cache
from members.models import Application, Availability, Credential, Member, Role, Standing, User
from payouts.models import PayKind
from tests import keys

SPRING = datetime(2026, 3, 2, 14, tzinfo=UTC)
"""When the cast joined: a Monday morning in New York."""
FIRST_DAY = SPRING.date()
EVER = date(2000, 1, 1)

_numbers = count(1)


def zip_code(code: str = "11215") -> ZipCode:
    """A postal area that the co-op serves, as it really lies."""
    found = _place(code)
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


@cache
def _place(code: str) -> dict[str, str]:
    """What is known of a postal area; looking through all of them takes a while."""
    found: dict[str, str] = zipcodes.matching(code)[0]
    return found


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
    """A member who works all week in `hours` (whole hours of the day; None for no time at all), also on holidays."""
    made = Member.objects.take_in(
        user(name, language=language),
        on=FIRST_DAY,
        at=SPRING,
        by=None,
        zip=zip_code(zip),
        minutes_wanted=minutes_wanted,
        skills=list(skills),
        languages=list(languages),
        works_on_holidays=True,
    )
    if not candidate:
        stand(Member.State.MEMBER, made)
    if hours:
        starts, ends = time(hours[0]), time(hours[1])
        week = (Availability(member=made, weekday=weekday, starts=starts, ends=ends) for weekday in range(7))
        Availability.objects.bulk_create(week)
    for kind in roles:
        role(made, kind)
    return made


def stand(state: str, *members: Member, since: date = FIRST_DAY) -> None:
    """They have been so since a day, whatever else was said before; nothing follows from it."""
    for member in members:
        Standing.objects.create(member=member, state=state, starts_on=since, decided_at=SPRING)
        getattr(member, "_prefetched_objects_cache", {}).pop("stretches", None)


def available(member: Member, *, weekday: int, starts: int, ends: int) -> Availability:
    """One more span of a weekday (Monday is 0), in whole hours."""
    return Availability.objects.create(member=member, weekday=weekday, starts=time(starts), ends=time(ends))


def key(person: User) -> None:
    """A key to their account (an app that makes codes), so that their office acts."""
    Authenticator.objects.bulk_create(
        [Authenticator(user=person, type=Authenticator.Type.TOTP, data={"secret": keys.NOTHING})], ignore_conflicts=True
    )


def role(member: Member, kind: str, *, starts_on: date = FIRST_DAY, ends_on: date | None = None) -> Role:
    """An office for a term; without an end, until further notice. Whoever holds it has the key that it needs."""
    key(member.user)
    if kind == Role.Kind.TREASURER:
        pay_kind()
    return Role.objects.create(member=member, kind=kind, starts_on=starts_on, ends_on=ends_on)


def pay_kind(kind: str = "draw", *, member: Member | None = None, since: date = EVER) -> PayKind:
    """How a member is paid, or whoever comes; by draws the first time, as a treasurer says before the first pay."""
    if member is None and (said := PayKind.objects.usual().first()):
        return said
    return PayKind.objects.create(member=member, kind=kind, starts_on=since, said_at=SPRING)


def application(
    email: str = "nora-diaz@example.org", *, at: datetime = SPRING, by: User | None = None, **answers: Any
) -> Application:
    """Somebody would like to work here; nobody has shown yet that the address is theirs, but for who is signed in."""
    told = {
        "phone": "+17185550123",
        "zip": zip_code(),
        "minutes_wanted": 1200,
        "days": [0, 2],
        "languages": ["es"],
        "may_work": True,
        "words": "I cleaned offices.",
    }
    return Application.send(name="Nora Diaz", email=email, language="es", at=at, by=by, **told | answers)


def credential(
    member: Member, kind: str = "hha", *, issued_on: date = FIRST_DAY, expires_on: date | None = None
) -> Credential:
    """A certificate from before they were checked on a page."""
    return Credential.objects.create(member=member, kind=kind, issued_on=issued_on, expires_on=expires_on)


def client(name: str = "", *, since: datetime = SPRING) -> Client:
    """A household that has booked before."""
    return Client.objects.create(user=user(name), since=since)


def at_home(name: str, client: Client, *, person: User | None = None, at: datetime = SPRING) -> HouseholdMember:
    """Somebody who was invited into a household and said yes."""
    person = person or user(name)
    invited = HouseholdMember.invite(client, email=person.email, at=at, by=client.user)
    invited.join(at=at, by=person)
    return invited


def service(
    code: str = "", *, minutes: int = 120, crew: int = 1, credential: str = "", skill: str = "cleaning"
) -> Service:
    """Work of so many minutes at 40.00 an hour; a crew shares the minutes."""
    made = Service.objects.create(
        code=code or f"service-{next(_numbers)}",
        name_en="Cleaning",
        name_es="Limpieza",
        skill=skill,
        credential=credential,
    )
    price(made, takes=Takes(base_minutes=minutes, crew=crew))
    return made


def price(
    service: Service, *, cents_per_hour: int = 4000, fixed_cents: int = 0, takes: Takes | None = None
) -> ServicePrice:
    """What a service has cost ever since; without `takes` it takes as long as it did."""
    known = service.prices.in_force(EVER).first()
    takes = takes or (known.takes if known else Takes())
    sums = {"cents_per_hour": cents_per_hour, "fixed_cents": fixed_cents}
    return ServicePrice.objects.create(service=service, effective_on=EVER, **sums, **vars(takes))


def least_wage(cents: int, *, state: str = "", locality: str = "", work: str = "all", since: date = EVER) -> LeastWage:
    """What the law says an hour pays at least, wherever the co-op works unless a place is given."""
    facts = {"state": state, "locality": locality, "work": work, "citation": "Minimum Wage Act 1"}
    return LeastWage.objects.create(cents_per_hour=cents, effective_on=since, **facts)


@policy_cache()
def quote(
    *,
    at: datetime,
    service: Service | None = None,
    client: Client | None = None,
    zip: str = "11215",
    street: str = "",
    access_note: str = "",
    every: int = 0,
    browser: UUID | None = None,
) -> Quote:
    """What somebody wants, with name and address filled in; without a client, of somebody new.

    With the mark of a browser, it was typed there.
    """
    number = next(_numbers)
    service = service or Service.objects.get(code="cleaning")
    found = service.quote(on=at.date(), bedrooms=1, bathrooms=1)
    return Quote.objects.create(
        made_at=at,
        service=service,
        bedrooms=0 if service.by_the_hour else 1,
        bathrooms=0 if service.by_the_hour else 1,
        zip=zip_code(zip),
        every=every,
        minutes=found.minutes,
        cents=found.cents,
        crew=found.crew,
        name=client.user.name if client else f"Client {number}",
        email=client.user.email if client else f"client-{number}@example.org",
        street=street or f"{number} Garfield Place",
        access_note=access_note,
        browser=browser,
    )


@policy_cache()
def booking(
    *, starts_at: datetime, at: datetime, quote: Quote | None = None, client: Client | None = None, **wish: Any
) -> Booking:
    """A booking that waits for a card."""
    drafted = quote or _quote(at=at, client=client, **wish)
    drafted.choose_time(starts_at, at=at, client=client)
    return Booking.request(drafted, at=at, by=client.user if client else booker(drafted))


def booker(quote: Quote) -> User:
    """Whoever asks for a quote, signed in with its address."""
    return User.objects.meet(quote.email, quote.name, language=quote.language)


@policy_cache()
def claimed(*, starts_at: datetime, at: datetime, email: str = "", **wish: Any) -> Booking:
    """A booking of somebody who was not signed in; with an address, it is somebody else's perhaps."""
    drafted = _quote(at=at, **wish)
    if email:
        drafted.email = email
        drafted.save(update_fields=["email"])
    drafted.choose_time(starts_at, at=at)
    return Booking.request(drafted, at=at, by=None)


@policy_cache()
def confirmed(*, starts_at: datetime, at: datetime, client: Client | None = None, **wish: Any) -> Booking:
    """A booking with a card: its shifts are offered to those whose turn it is."""
    made = booking(starts_at=starts_at, at=at, client=client, **wish)
    made.card_saved(at=at, by=None)
    return made


@policy_cache()
def accepted(*, starts_at: datetime, at: datetime, client: Client | None = None, **wish: Any) -> Shift:
    """A shift (of a crew, the first) that the member whose turn it was has accepted, like the others of its visit."""
    visit = confirmed(starts_at=starts_at, at=at, client=client, **wish).first_visit()
    for offer in Offer.objects.waiting().filter(shift__visit=visit).order_by("pk"):
        offer.accept(at=at, by=offer.member.user)
    first: Shift = visit.shifts.order_by("pk")[0]
    return first


@policy_cache()
def series(*, starts_at: datetime, at: datetime, every: int = 1, take: bool = True, **wish: Any) -> Series:
    """A series booked as far ahead as it should be; with `take`, whoever's turn the first was has said yes to it."""
    made = confirmed(starts_at=starts_at, at=at, every=every, **wish)
    if take:
        offer = Offer.objects.waiting().get(shift__visit__booking=made)
        offer.accept(at=at, by=offer.member.user)
    found: Series = Series.objects.with_related().get(booking=made)
    found.extend(at=at)
    for shift in Shift.objects.to_ask(at).with_related().filter(visit__booking=made).order_by("starts_at"):
        shift.offer_next(at=at)
    return Series.objects.with_related().get(pk=found.pk)


_quote = quote
