"""Rows that belong to no other app: what happened, what was voted, where we serve, what still beats."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from coop.contact import ContactFacts as ContactFacts
from coop.events import Event as Event
from coop.events import append_only as append_only
from coop.installation import Installation as Installation
from coop.policies import named, reset_cache
from coop.readiness.trials import Finding as Finding

A_DAY = timedelta(days=1)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def in_force(self, day: date, *, keys: Iterable[str]) -> dict[str, Fraction]:
        """The amended values on `day`, by policy key; a policy never amended is not among them."""
        rows = self.filter(policy__in=list(keys), effective_on__lte=day)
        latest = rows.order_by("policy", "-effective_on", "-pk").distinct("policy")
        return {row.policy: row.value for row in latest}


class Amendment(models.Model):
    """A voted value of one policy from a day on, as an exact fraction; written only when a proposal is enacted.

    Two amendments of one policy for the same day count in the order in which they were enacted.
    `source` names the decision, for example `governance.proposal:12`.
    """

    policy = models.CharField(max_length=60)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)
    effective_on = models.DateField()
    enacted_at = models.DateTimeField()
    source = models.CharField(max_length=80)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "policy"], name="a_decision_amends_a_policy_once"),
            models.CheckConstraint(condition=models.Q(denominator__gt=0), name="an_amendment_is_a_fraction"),
        ]
        indexes = [models.Index(fields=["policy", "-effective_on", "-id"], name="amendment_in_force")]
        triggers = append_only("amendments_are_never_changed")

    def __str__(self) -> str:
        return f"{named(self.policy).label}: {named(self.policy).say(self.value)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        reset_cache()

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


def always() -> list[DateRange]:
    """The days of an area that is served as long as nobody said anything else."""
    return [DateRange()]


class AnyOf(models.Func):
    """Does a day, or a range of days, stand to any of the days of an area as `arg_joiner` says?"""

    template = "(%(expressions)s))"
    output_field = models.BooleanField()


class ZipCodeQuerySet(models.QuerySet["ZipCode"]):
    def served(self, day: date) -> "ZipCodeQuerySet":
        """Those in which visits of that day can be booked."""
        return self.filter(served_on(models.Value(day), "served_days"))

    def served_from(self, day: date) -> "ZipCodeQuerySet":
        """Those in which visits of that day or of a later one can be booked."""
        to_come = models.Value(DateRange(day, None), output_field=DateRangeField())
        return self.filter(AnyOf(to_come, "served_days", arg_joiner=" && ANY ("))


def served_on(day: models.Expression | models.F, days: str) -> AnyOf:
    """For a filter: is an area served on a day? `days` names its column."""
    return AnyOf(day, days, arg_joiner=" <@ ANY (")


class ZipCode(models.Model):
    """A postal area with its middle point (degrees) and its time zone: one that the co-op serves, or somebody's.

    `served_days` are the days of the visits that can be booked there, in order and apart from each other.
    """

    code = models.CharField(max_length=5, primary_key=True)
    city = models.CharField(max_length=60)
    county = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone = models.CharField(max_length=40)
    served_days = ArrayField(DateRangeField(), default=always)

    objects = ZipCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.city}"

    def is_served(self, day: date) -> bool:
        """Can a visit of that day be booked here?"""
        return any(day in days for days in self.served_days)

    def next_served(self, day: date) -> date | None:
        """The first day from `day` on of which a visit can be booked here, if any is known."""
        for days in self.served_days:
            if days.upper is None or days.upper > day:
                return max(day, days.lower or day)
        return None

    def last_served(self, day: date) -> date | None:
        """The last day of which a visit can be booked before the service ends that holds on `day`, or ended before."""
        begun = [days for days in self.served_days if days.lower is None or days.lower <= day]
        return begun[-1].upper - A_DAY if begun and begun[-1].upper else None


class Heartbeat(models.Model):
    """When a sweep last ran to its end, and what went wrong if it did not; `rows` are those that it passed by.

    `well_since` is when the last one began that had no trouble: all before it was seen.
    """

    sweep = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    well_since = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    rows = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.sweep
