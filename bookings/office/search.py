"""Finding a household, a home, a visit or a member by what somebody on the phone says, in few queries."""

import re
from dataclasses import dataclass, field

from django.db.models import Q

from bookings.households.clients import Client, Home
from bookings.visits.visits import Visit, VisitQuerySet
from coop.typed.folding import has_words
from members.models import Member

MOST_FOUND = 20
BIGGEST = 2**62


@dataclass(frozen=True)
class Found:
    """What fits, the first few of each kind."""

    clients: list[Client] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.clients or self.homes or self.visits or self.members)


def search(wanted: str) -> Found:
    """Whatever has these words in its name, number or address. Notes and private wishes are not looked at."""
    if not wanted:
        return Found()
    person = has_words("user__name", wanted) | Q(user__email__icontains=wanted)
    person |= Q(user__claimed_email__icontains=wanted)
    digits = re.sub(r"[^0-9]", "", wanted)
    if len(digits) >= 4:
        person |= Q(phone__contains=digits)
    address = has_words("street", wanted) | Q(zip=wanted) | Q(apartment__iexact=wanted)
    return Found(
        clients=list(Client.objects.filter(person).select_related("user").order_by("user__name", "pk")[:MOST_FOUND]),
        homes=list(Home.objects.filter(address, removed_at=None).with_related()[:MOST_FOUND]),
        visits=list(_visits(wanted).with_related().order_by("-starts_at")[:MOST_FOUND]),
        members=list(
            Member.objects.filter(person)
            .select_related("user")
            .prefetch_related("stretches")
            .order_by("user__name", "pk")[:MOST_FOUND]
        ),
    )


def _visits(wanted: str) -> VisitQuerySet:
    """By number, or by street: homes are few and visits many, so the homes are found first."""
    homes = list(Home.objects.filter(has_words("street", wanted)).values_list("pk", flat=True))
    found = Visit.objects.filter(booking__home__in=homes).values("pk")
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit() and int(number) < BIGGEST:
        found = found.union(Visit.objects.filter(pk=int(number)).values("pk"))
    return Visit.objects.filter(pk__in=found)
