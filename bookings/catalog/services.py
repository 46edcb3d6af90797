"""What the co-op offers and at what price."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.catalog.price_rules import PriceRules
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.pricing import Asked, Price, Tariff, least_extra, least_rate, price
from bookings.policies import DISCOUNTS
from coop.errors import Refusal
from coop.models import Event
from coop.money import dollars
from members.models import User


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

    def log_price(self, said: str, *, from_day: date, at: datetime, by: User) -> None:
        """Write down for all members that somebody set a price."""
        note = f"{said}, {from_day}"
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb="set_price", actor=by, at=at, note=note)


class Service(Named):
    """A kind of visit. `skill` and `credential` are the codes that a worker must have; minutes are whole.

    What it costs stands in dated prices. `crew` is the least number of people who come together, `level` says which
    of the rooms' checklists it includes.
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
    base_minutes = models.PositiveSmallIntegerField(default=0)
    bedroom_minutes = models.PositiveSmallIntegerField(default=0)
    bathroom_minutes = models.PositiveSmallIntegerField(default=0)
    crew = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = gettext_lazy("service")
        constraints = [models.CheckConstraint(condition=models.Q(crew__gte=1), name="a_crew_has_somebody")]

    @property
    def is_care(self) -> bool:
        """Is it about a person and not about rooms?"""
        return bool(self.credential) or self.by_the_hour

    @property
    def summary(self) -> str:
        return self.summary_es if (get_language() or "en").startswith("es") else self.summary_en

    def price_on(self, day: date) -> ServicePrice:
        """The price in force on a day. One query."""
        found = self.prices.in_force(day).first()
        if found is None:
            raise Refusal(_("There is no price for that day."))
        return found

    def tariff(self, cents_per_hour: int, fixed_cents: int = 0) -> Tariff:
        """The service's minutes with these sums."""
        return Tariff(cents_per_hour, fixed_cents, self.base_minutes, self.bedroom_minutes, self.bathroom_minutes)

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
        """The price of one visit by the rules and prices of the day `on`, and how many come. At most three queries.

        With `every`, that of a later visit in a series that comes every so many weeks: one query more.
        """
        rules, listed = PriceRules.on(on), self.price_on(on)
        return price(
            self.tariff(listed.cents_per_hour, listed.fixed_cents),
            self.asked(bedrooms=bedrooms, bathrooms=bathrooms, minutes=minutes),
            extras=_extras(add_ons, on),
            crew=self.crew,
            crew_from=None if self.by_the_hour else rules.crew_from,
            least_minutes=rules.least_minutes,
            floor=rules.floor,
            shares=rules.shares,
            off=DISCOUNTS[every].on(on) if every else Fraction(0),
        )

    def asked(self, *, bedrooms: int, bathrooms: int, minutes: int) -> Asked:
        """What counts for this service: the rooms, or the time."""
        return Asked(minutes=minutes) if self.by_the_hour else Asked(bedrooms, bathrooms)

    def least_rate(self, *, fixed_cents: int, rules: PriceRules) -> int:
        """The least cents an hour with which everybody is paid the pay floor, whatever the home."""
        return least_rate(
            self.tariff(0, fixed_cents),
            homes=ASKED_BY_THE_HOUR if self.by_the_hour else ASKED_BY_ROOMS,
            least_minutes=rules.least_minutes,
            floor=rules.floor,
            shares=rules.shares,
        )

    @transaction.atomic
    def set_price(self, *, cents_per_hour: int, fixed_cents: int, from_day: date, at: datetime, by: User) -> None:
        """Charge these sums from a day on. Refused below the pay floor of that day, with the sum that would do."""
        today = _before(from_day, at)
        least = self.least_rate(fixed_cents=fixed_cents, rules=PriceRules.on(from_day))
        if cents_per_hour < least:
            raise Refusal(
                _("That would pay less than our pay floor. %(least)s an hour would do.") % {"least": dollars(least)},
                field="rate",
            )
        self.prices.create(
            cents_per_hour=cents_per_hour, fixed_cents=fixed_cents, effective_on=from_day, set_on=today, set_by=by
        )
        self.log_price(f"{dollars(cents_per_hour)} + {dollars(fixed_cents)}", from_day=from_day, at=at, by=by)


class AddOn(Named):
    """Something extra for a fixed price, which is dated, and some more minutes."""

    minutes = models.PositiveSmallIntegerField()
    services = models.ManyToManyField(Service, related_name="add_ons")

    class Meta:
        verbose_name = gettext_lazy("extra")

    @transaction.atomic
    def set_price(self, *, cents: int, from_day: date, at: datetime, by: User) -> None:
        """Charge this sum from a day on. Refused when its minutes would be paid below the floor of that day."""
        today, rules = _before(from_day, at), PriceRules.on(from_day)
        least = least_extra(self.minutes, floor=rules.floor, shares=rules.shares)
        if cents < least:
            raise Refusal(
                _("That would pay less than our pay floor. %(least)s would do.") % {"least": dollars(least)},
                field="price",
            )
        self.prices.create(cents=cents, effective_on=from_day, set_on=today, set_by=by)
        self.log_price(dollars(cents), from_day=from_day, at=at, by=by)


MOST_BEDROOMS = 6
MOST_BATHROOMS = 5
HOURS = range(120, 721, 30)
"""How many minutes of work by the hour can be asked for."""
ASKED_BY_ROOMS = [
    Asked(bedrooms, bathrooms) for bedrooms in range(MOST_BEDROOMS + 1) for bathrooms in range(1, MOST_BATHROOMS + 1)
]
ASKED_BY_THE_HOUR = [Asked(minutes=minutes) for minutes in HOURS]


def _before(from_day: date, at: datetime) -> date:
    """Today; refused unless the day that a price begins is still to come."""
    today = timezone.localdate(at)
    if from_day <= today:
        raise Refusal(_("A new price begins tomorrow at the earliest: what was agreed before stays."), field="from_day")
    return today


def _extras(add_ons: Iterable[AddOn], day: date) -> list[tuple[int, int]]:
    """Minutes and cents of each extra on a day."""
    wanted = list(add_ons)
    if not wanted:
        return []
    cents = AddOnPrice.objects.filter(add_on__in=wanted).cents(day)
    return [(extra.minutes, cents[extra.pk]) for extra in wanted]
