"""What the co-op offers and at what price."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bookings.policies import LEAST_MINUTES, PAY_FLOOR, shares_on
from bookings.quotes import Price, Tariff, price
from coop.policies import values


class Named(models.Model):
    """Something with a short code and a name in both languages."""

    code = models.SlugField(max_length=20, unique=True)
    name_en = models.CharField(max_length=60)
    name_es = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_es if (get_language() or "en").startswith("es") else self.name_en


class Service(Named):
    """A kind of visit. `skill` and `credential` are the codes that a worker must have; cents and minutes are whole."""

    summary_en = models.CharField(max_length=200)
    summary_es = models.CharField(max_length=200)
    skill = models.CharField(max_length=20)
    credential = models.CharField(max_length=20, blank=True)
    by_the_hour = models.BooleanField(default=False)
    cents_per_hour = models.PositiveIntegerField()
    fixed_cents = models.PositiveIntegerField(default=0)
    base_minutes = models.PositiveSmallIntegerField(default=0)
    bedroom_minutes = models.PositiveSmallIntegerField(default=0)
    bathroom_minutes = models.PositiveSmallIntegerField(default=0)
    crew = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("service")
        constraints = [models.CheckConstraint(condition=models.Q(crew__gte=1), name="a_crew_has_somebody")]

    @property
    def summary(self) -> str:
        return self.summary_es if (get_language() or "en").startswith("es") else self.summary_en

    def quote(
        self, *, on: date, bedrooms: int = 0, bathrooms: int = 0, minutes: int = 0, add_ons: Iterable["AddOn"] = ()
    ) -> Price:
        """The price of one visit under the rules of the day `on`. Two queries."""
        rules = values(on, (PAY_FLOOR, LEAST_MINUTES))
        tariff = Tariff(
            self.cents_per_hour, self.fixed_cents, self.base_minutes, self.bedroom_minutes, self.bathroom_minutes
        )
        return price(
            tariff,
            bedrooms=0 if self.by_the_hour else bedrooms,
            bathrooms=0 if self.by_the_hour else bathrooms,
            minutes=minutes if self.by_the_hour else 0,
            extras=[(extra.minutes, extra.cents) for extra in add_ons],
            least_minutes=rules[LEAST_MINUTES.key],
            floor=rules[PAY_FLOOR.key],
            shares=shares_on(on),
        )


class AddOn(Named):
    """Something extra for a fixed price and some more minutes."""

    cents = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()
    services = models.ManyToManyField(Service, related_name="add_ons")

    class Meta:
        verbose_name = _("extra")
