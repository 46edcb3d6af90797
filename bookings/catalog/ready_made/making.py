"""Templates become services and extras of the co-op: what is on the list already is left as it is."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.catalog.extras import AddOn
from bookings.catalog.named import Named as Offered
from bookings.catalog.pricing import Tariff
from bookings.catalog.ready_made.templates import Named, ReadyExtra, ReadyService
from bookings.catalog.services import Service
from coop.errors import Refusal
from coop.typed.folding import folded
from members.models import CredentialType, Skill, User

Beside = Mapping[str, Collection[str]]
"""The codes of the extras that can be had with each service, by its code."""


def on_the_list(kind: type[Offered]) -> set[str]:
    """By what services (or extras) are known again, also retired ones: their codes, and their names, folded."""
    rows = kind._default_manager.values_list("code", "name_en", "name_es")
    return {word for code, *names in rows for word in (code, *map(folded, names))}


def is_there(ready: Named, known: set[str]) -> bool:
    """Is it on the list already, or something of that name?"""
    return not known.isdisjoint({ready.code, folded(ready.name_en), folded(ready.name_es)})


@transaction.atomic
def make(
    services: Mapping[ReadyService, Tariff],
    extras: Mapping[ReadyExtra, int],
    beside: Beside,
    *,
    at: datetime,
    by: User,
) -> list[Offered]:
    """Offer these services and extras (cents each) from today on; what was made. Twice is once, also of two at once.

    What a service asks for, a skill or a kind of certificate, is named if nobody has. Extras can be had with what
    `beside` says and with nothing else. Refused below the pay floor, and for an extra without a service.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bookings.catalog'))")
    known = on_the_list(Service)
    made = [_service(ready, tariff, at=at, by=by) for ready, tariff in services.items() if not is_there(ready, known)]
    _lend_extras(made, beside, at=at, by=by)
    known = on_the_list(AddOn)
    more = [_extra(one, cents, beside, at=at, by=by) for one, cents in extras.items() if not is_there(one, known)]
    return [*made, *more]


def _service(ready: ReadyService, tariff: Tariff, *, at: datetime, by: User) -> Service:
    if not Skill.objects.filter(code=ready.skill.code).exists():
        Skill.add(**vars(ready.skill), at=at, by=by)
    if ready.credential and not CredentialType.objects.filter(code=ready.credential.code).exists():
        CredentialType.add(**vars(ready.credential), months=None, needs_evidence=True, at=at, by=by)
    draft = ready.draft()
    said = ("code", "name_en", "name_es", "summary_en", "summary_es", "skill", "credential", "by_the_hour", "level")
    made = Service.add(**{name: getattr(draft, name) for name in said}, at=at, by=by)
    made.set_price(
        cents_per_hour=tariff.cents_per_hour,
        fixed_cents=tariff.fixed_cents,
        takes=tariff.takes,
        from_day=timezone.localdate(at),
        at=at,
        by=by,
    )
    return made


def _lend_extras(made: list[Service], beside: Beside, *, at: datetime, by: User) -> None:
    """What was an extra before can be had with the new services, where it is ticked beside them."""
    for extra in AddOn.objects.standing().prefetch_related("services"):
        new = [service for service in made if extra.code in beside.get(service.code, ())]
        if new:
            extra.change(services=[*extra.services.all(), *new], at=at, by=by)


def _extra(ready: ReadyExtra, cents: int, beside: Beside, *, at: datetime, by: User) -> AddOn:
    codes = [code for code, had in beside.items() if ready.code in had]
    services = list(Service.objects.standing().filter(code__in=codes))
    if not services:
        name = ready.name_en
        raise Refusal(_("Tick a service with which “%(extra)s” can be had, too.") % {"extra": name})
    names = {"code": ready.code, "name_en": ready.name_en, "name_es": ready.name_es}
    made = AddOn.add(**names, most=ready.most, services=services, at=at, by=by)
    made.set_price(cents=cents, minutes=ready.minutes, from_day=timezone.localdate(at), at=at, by=by)
    return made
