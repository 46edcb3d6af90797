"""Which extras a quote and a booking have, and how many of each."""

from collections import Counter
from collections.abc import Iterable
from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.catalog.extras import AddOn

Row = TypeVar("Row", bound="Wanted")


class WantedManager(models.Manager[Row]):
    """Always with what is wanted, in the order of the catalogue, so that a list of them is one query."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().select_related("addon").order_by("addon__position", "addon")


class Wanted(models.Model):
    """So many of one extra."""

    addon = models.ForeignKey(AddOn, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)

    objects = WantedManager()

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gte=1), name="a_%(class)s_is_wanted")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.addon}" if self.quantity > 1 else str(self.addon)

    @property
    def each(self) -> list[AddOn]:
        """The extra as often as it is wanted."""
        return [self.addon] * self.quantity

    @classmethod
    def count(cls, extras: Iterable[AddOn], **of: models.Model) -> list[Self]:
        """Rows, not saved yet, for extras of which each stands as often as it is wanted."""
        return [cls(addon=extra, quantity=quantity, **of) for extra, quantity in Counter(extras).items()]


class QuoteExtra(Wanted):
    """What a quote asks for on top."""

    quote = models.ForeignKey("bookings.Quote", on_delete=models.CASCADE, related_name="extras")

    class Meta(Wanted.Meta):
        verbose_name = _("extra of a quote")
        db_table = "bookings_quote_add_ons"
        unique_together = [("quote", "addon")]


class BookingExtra(Wanted):
    """What was agreed on top."""

    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="extras")

    class Meta(Wanted.Meta):
        verbose_name = _("extra of a booking")
        db_table = "bookings_booking_add_ons"
        unique_together = [("booking", "addon")]
