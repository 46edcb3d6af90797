"""What things cost, how long they take and how many come, from a day on (`dated`)."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.catalog.dated import Dated, DatedQuerySet, written_once
from bookings.catalog.pricing import Takes, Tariff
from coop.models import Event
from members.models import User


class ServicePriceQuerySet(DatedQuerySet["ServicePrice"]):
    def in_force(self, day: date) -> Self:
        """The one price of each service on `day`; of two for the same day, the one that was set later."""
        started = self.begun(day).order_by("service", "-effective_on", "-pk")
        return started.distinct("service")


class AddOnPriceQuerySet(DatedQuerySet["AddOnPrice"]):
    def in_force(self, day: date) -> Self:
        """The one price of each extra on `day`; of two for the same day, the one that was set later."""
        started = self.begun(day).order_by("add_on", "-effective_on", "-pk")
        return started.distinct("add_on")

    def cents(self, day: date) -> dict[int, int]:
        """What each extra costs on `day`, by its id. One query."""
        return {price.add_on_id: price.cents for price in self.in_force(day)}


class ServicePrice(Dated):
    """Cents an hour, and a fixed part of each visit in cents; the minutes of work, and the least number who come.

    Work by the hour takes the minutes that are asked for, and none by rooms.
    """

    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="prices")
    cents_per_hour = models.PositiveIntegerField()
    fixed_cents = models.PositiveIntegerField(default=0)
    base_minutes = models.PositiveSmallIntegerField(default=0)
    bedroom_minutes = models.PositiveSmallIntegerField(default=0)
    bathroom_minutes = models.PositiveSmallIntegerField(default=0)
    crew = models.PositiveSmallIntegerField(default=1)

    objects = ServicePriceQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("price of a service")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=models.Q(crew__gte=1), name="a_crew_has_somebody"),
        ]
        indexes = [models.Index(fields=["service", "-effective_on", "-id"], name="service_price_in_force")]
        triggers = written_once("service_prices", of="service_id")

    def __str__(self) -> str:
        return f"{self.service_id}: {self.cents_per_hour} + {self.fixed_cents}, {self.effective_on}"

    @property
    def takes(self) -> Takes:
        return Takes(self.base_minutes, self.bedroom_minutes, self.bathroom_minutes, self.crew)

    @property
    def tariff(self) -> Tariff:
        return Tariff(self.cents_per_hour, self.fixed_cents, self.takes)

    def log_taking_back(self, *, at: datetime, by: User) -> None:
        _log_taking_back(self.service, self, at=at, by=by)


class AddOnPrice(Dated):
    """The price of one extra, in cents, and its minutes."""

    add_on = models.ForeignKey("bookings.AddOn", on_delete=models.PROTECT, related_name="prices")
    cents = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField(default=0)

    objects = AddOnPriceQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("price of an extra")
        indexes = [models.Index(fields=["add_on", "-effective_on", "-id"], name="add_on_price_in_force")]
        triggers = written_once("add_on_prices", of="add_on_id")

    def __str__(self) -> str:
        return f"{self.add_on_id}: {self.cents}, {self.effective_on}"

    def log_taking_back(self, *, at: datetime, by: User) -> None:
        _log_taking_back(self.add_on, self, at=at, by=by)


def _log_taking_back(of: models.Model, price: Dated, *, at: datetime, by: User) -> None:
    kind, note = of._meta.label_lower, str(price.effective_on)
    Event.objects.create(kind=kind, subject=of.pk, verb="take_back_price", actor=by, at=at, note=note)
