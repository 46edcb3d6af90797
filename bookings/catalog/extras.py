"""What can be had on top of a service."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.named import Named, NamedQuerySet, before
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.prices import AddOnPrice
from bookings.catalog.pricing import least_extra
from bookings.catalog.services import Service
from coop.errors import Refusal
from coop.money import dollars
from members.models import User


class AddOnQuerySet(NamedQuerySet["AddOn"]):
    def offered(self, day: date) -> Self:
        """What can be chosen for a new visit: not retired, and with a price on that day."""
        return self.on_list(day).filter(pk__in=AddOnPrice.objects.begun(day).values("add_on"))


class AddOn(Named):
    """Something extra for a fixed price, which is dated, as are the minutes that it takes.

    One can ask for `most` of it at once.
    """

    most = models.PositiveSmallIntegerField(default=1)
    services = models.ManyToManyField(Service, related_name="add_ons")

    objects = AddOnQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("extra")
        constraints = [models.CheckConstraint(condition=models.Q(most__gte=1), name="an_extra_can_be_had")]

    @classmethod
    @transaction.atomic
    def add(cls, *, name_en: str, name_es: str, at: datetime, by: User, **said: Any) -> Self:
        """Put something at the end of the extras, for these `services`. It can be chosen once it has a price."""
        services = said.pop("services", ())
        made = super().add(name_en=name_en, name_es=name_es, at=at, by=by, **said)
        made.services.set(services)
        return made

    @transaction.atomic
    def change(self, *, at: datetime, by: User, **said: Any) -> None:
        """Say it otherwise, or have it with other `services`; what was agreed keeps it."""
        services = set(said.pop("services", self.services.all()))
        super().change(at=at, by=by, **said)
        had = set(self.services.all())
        if had != services:
            self.services.set(services)
            self._log("change", f"{_names(had)} → {_names(services)}", at=at, by=by)

    @transaction.atomic
    def set_price(self, *, cents: int, from_day: date, at: datetime, by: User, minutes: int | None = None) -> None:
        """Charge this sum from a day on, for so many minutes (without them, for those of that day so far).

        Refused when its minutes would be paid below the floor of that day.
        """
        self._take()
        today, listed = timezone.localdate(at), self.prices.in_force(from_day).first()
        before(from_day, today, is_first=not self.prices.in_force(today).exists())
        minutes = minutes if minutes is not None else listed.minutes if listed else 0
        rules = PriceRules.on(from_day)
        least = least_extra(minutes, floor=rules.floor, shares=rules.shares)
        if cents < least:
            raise Refusal(
                _("That would pay less than our pay floor. %(least)s would do.") % {"least": dollars(least)},
                field="price",
            )
        self.prices.create(cents=cents, minutes=minutes, effective_on=from_day, set_on=today, set_by=by)
        said = dollars(cents) if listed and listed.minutes == minutes else f"{dollars(cents)}, {minutes} min"
        self.log_price(said, from_day=from_day, at=at, by=by)


def _names(services: Iterable[Service]) -> str:
    return ", ".join(sorted(one.name_en for one in services)) or "–"
