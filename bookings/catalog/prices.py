"""What things cost from a day on. Rows are written once: the past keeps its prices, and a later row corrects."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.models import append_only
from members.models import User


class ServicePriceQuerySet(models.QuerySet["ServicePrice"]):
    def in_force(self, day: date) -> "ServicePriceQuerySet":
        """The one price of each service on `day`; of two for the same day, the one that was set later."""
        started = self.filter(effective_on__lte=day).order_by("service", "-effective_on", "-pk")
        return started.distinct("service")

    def coming(self, day: date) -> "ServicePriceQuerySet":
        """What was set for the days after `day`, soonest first."""
        return self.filter(effective_on__gt=day).order_by("effective_on", "pk")


class AddOnPriceQuerySet(models.QuerySet["AddOnPrice"]):
    def in_force(self, day: date) -> "AddOnPriceQuerySet":
        """The one price of each extra on `day`; of two for the same day, the one that was set later."""
        return self.filter(effective_on__lte=day).order_by("add_on", "-effective_on", "-pk").distinct("add_on")

    def coming(self, day: date) -> "AddOnPriceQuerySet":
        """What was set for the days after `day`, soonest first."""
        return self.filter(effective_on__gt=day).order_by("effective_on", "pk")

    def cents(self, day: date) -> dict[int, int]:
        """What each extra costs on `day`, by its id. One query."""
        return {price.add_on_id: price.cents for price in self.in_force(day)}


class DatedPrice(models.Model):
    """A price from `effective_on` on, set on a day before by somebody of the office.

    Nobody set the prices that the co-op began with.
    """

    effective_on = models.DateField()
    set_on = models.DateField(null=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(set_by__isnull=True, set_on__isnull=True)
                | models.Q(set_by__isnull=False, effective_on__gt=models.F("set_on")),
                name="a_%(class)s_is_set_before_its_day",
            )
        ]


class ServicePrice(DatedPrice):
    """Cents an hour, and a fixed part of each visit in cents."""

    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="prices")
    cents_per_hour = models.PositiveIntegerField()
    fixed_cents = models.PositiveIntegerField(default=0)

    objects = ServicePriceQuerySet.as_manager()

    class Meta(DatedPrice.Meta):
        verbose_name = _("price of a service")
        indexes = [models.Index(fields=["service", "-effective_on", "-id"], name="service_price_in_force")]
        triggers = append_only("service_prices_are_never_changed")

    def __str__(self) -> str:
        return f"{self.service_id}: {self.cents_per_hour} + {self.fixed_cents}, {self.effective_on}"


class AddOnPrice(DatedPrice):
    """The price of one extra, in cents."""

    add_on = models.ForeignKey("bookings.AddOn", on_delete=models.PROTECT, related_name="prices")
    cents = models.PositiveIntegerField()

    objects = AddOnPriceQuerySet.as_manager()

    class Meta(DatedPrice.Meta):
        verbose_name = _("price of an extra")
        indexes = [models.Index(fields=["add_on", "-effective_on", "-id"], name="add_on_price_in_force")]
        triggers = append_only("add_on_prices_are_never_changed")

    def __str__(self) -> str:
        return f"{self.add_on_id}: {self.cents}, {self.effective_on}"
