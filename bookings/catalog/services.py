"""What the co-op offers."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.named import Named, NamedQuerySet, before
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.pricing import Asked, Price, Takes, Tariff, least_rate, price
from bookings.policies import DISCOUNTS
from coop.errors import Refusal
from coop.money import dollars
from coop.typed.text import in_language
from members.models import Credential, User

if TYPE_CHECKING:
    from bookings.catalog.extras import AddOn

WHO_MAY_COME = frozenset({"skill", "credential", "by_the_hour"})
"""What stays as it was agreed once a service was booked: nobody finds another person at their door for it."""

STAYS_ONCE_BOOKED = """
IF EXISTS (SELECT FROM bookings_booking b WHERE b.service_id = OLD.id) THEN
  RAISE EXCEPTION 'who_may_come_stays_once_booked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ServiceQuerySet(NamedQuerySet["Service"]):
    def without_holders(self, day: date) -> Self:
        """What can be chosen and needs a certificate that nobody holds on that day, so that nobody can come."""
        held = Credential.objects.held(day).order_by().values("kind")
        return self.offered(day).exclude(credential="").exclude(credential__in=held)

    def offered(self, day: date) -> Self:
        """What can be chosen for a new visit: not retired, and with a price on that day."""
        return self.on_list(day).filter(pk__in=ServicePrice.objects.begun(day).values("service"))


class Service(Named):
    """A kind of visit. `skill` and `credential` are the codes that a worker must have.

    What it costs and takes stands in dated prices. `level` says which of the rooms' checklists it includes.
    """

    class Level(models.TextChoices):
        REGULAR = "regular", gettext_lazy("every visit")
        DEEP = "deep", gettext_lazy("only a deep clean")

    summary_en = models.CharField(max_length=200)
    summary_es = models.CharField(max_length=200)
    skill = models.CharField(max_length=20)
    credential = models.CharField(max_length=20, blank=True)
    by_the_hour = models.BooleanField(default=False)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("service")
        triggers = [
            pgtrigger.Trigger(
                name="who_may_come_stays_once_booked",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("skill", "credential", "by_the_hour"),
                condition=pgtrigger.AnyChange("skill", "credential", "by_the_hour"),
                func=STAYS_ONCE_BOOKED,
            )
        ]

    @property
    def is_care(self) -> bool:
        """Is it about a person and not about rooms?"""
        return bool(self.credential) or self.by_the_hour

    @property
    def summary(self) -> str:
        return in_language(self.summary_en, self.summary_es)

    def price_on(self, day: date) -> ServicePrice:
        """The price in force on a day. One query."""
        found = self.prices.in_force(day).first()
        if found is None:
            raise Refusal(_("There is no price for that day."))
        return found

    def quote(
        self,
        *,
        on: date,
        bedrooms: int = 0,
        bathrooms: int = 0,
        minutes: int = 0,
        add_ons: Iterable["AddOn"] = (),
        every: int = 0,
    ) -> Price:
        """The price of one visit by the rules and prices of the day `on`, and how many come. At most four queries.

        An extra that is wanted twice stands twice among `add_ons`. With `every`, that of a later visit in a series
        that comes every so many weeks: one query more.
        """
        rules, listed = PriceRules.on(on, care=self.is_care), self.price_on(on)
        return price(
            listed.tariff,
            self.asked(bedrooms=bedrooms, bathrooms=bathrooms, minutes=minutes),
            extras=_extras(add_ons, on),
            crew_from=None if self.by_the_hour else rules.crew_from,
            least_minutes=rules.least_minutes,
            floor=rules.floor,
            shares=rules.shares,
            off=DISCOUNTS[every].on(on) if every else Fraction(0),
        )

    def asked(self, *, bedrooms: int, bathrooms: int, minutes: int) -> Asked:
        """What counts for this service: the rooms, or the time."""
        return Asked(minutes=minutes) if self.by_the_hour else Asked(bedrooms, bathrooms)

    def least_rate(self, *, fixed_cents: int, rules: PriceRules, takes: Takes) -> int:
        """The least cents an hour with which everybody is paid the pay floor, whatever the home."""
        return least_rate(
            Tariff(0, fixed_cents, takes),
            homes=ASKED_BY_THE_HOUR if self.by_the_hour else ASKED_BY_ROOMS,
            least_minutes=rules.least_minutes,
            floor=rules.floor,
            shares=rules.shares,
        )

    @transaction.atomic
    def set_price(
        self,
        *,
        cents_per_hour: int,
        fixed_cents: int,
        from_day: date,
        at: datetime,
        by: User,
        takes: Takes | None = None,
    ) -> None:
        """Charge these sums from a day on, and take so long with so many; without `takes`, as on that day so far.

        Refused below the pay floor of that day, with the sum that would do.
        """
        self._take()
        today, listed = timezone.localdate(at), self.prices.in_force(from_day).first()
        before(from_day, today, is_first=not self.prices.in_force(today).exists())
        takes = takes or (listed.takes if listed else Takes())
        least = self.least_rate(fixed_cents=fixed_cents, rules=PriceRules.on(from_day, care=self.is_care), takes=takes)
        if cents_per_hour < least:
            raise Refusal(
                _("That would pay less than our pay floor. %(least)s an hour would do.") % {"least": dollars(least)},
                field="rate",
            )
        sums = {"cents_per_hour": cents_per_hour, "fixed_cents": fixed_cents}
        self.prices.create(**sums, **vars(takes), effective_on=from_day, set_on=today, set_by=by)
        said = f"{dollars(cents_per_hour)} + {dollars(fixed_cents)}"
        if listed is None or listed.takes != takes:
            said += f", {takes.base_minutes} + {takes.bedroom_minutes} + {takes.bathroom_minutes} min × {takes.crew}"
        self.log_price(said, from_day=from_day, at=at, by=by)

    def _insist_that_it_may(self, changed: set[str]) -> None:
        if changed & WHO_MAY_COME and self.bookings.exists():
            raise Refusal(
                _(
                    "This was booked already, and who may come stays as it was agreed. Add another service for what is "
                    "new, and retire this one."
                )
            )


MOST_BEDROOMS = 6
MOST_BATHROOMS = 5
HOURS = range(120, 721, 30)
"""How many minutes of work by the hour can be asked for."""
ASKED_BY_ROOMS = [
    Asked(bedrooms, bathrooms) for bedrooms in range(MOST_BEDROOMS + 1) for bathrooms in range(1, MOST_BATHROOMS + 1)
]
ASKED_BY_THE_HOUR = [Asked(minutes=minutes) for minutes in HOURS]


def _extras(add_ons: Iterable["AddOn"], day: date) -> list[tuple[int, int]]:
    """Minutes and cents of each extra on a day."""
    wanted = list(add_ons)
    if not wanted:
        return []
    prices = {price.add_on_id: price for price in AddOnPrice.objects.filter(add_on__in=wanted).in_force(day)}
    return [(prices[extra.pk].minutes, prices[extra.pk].cents) for extra in wanted]
