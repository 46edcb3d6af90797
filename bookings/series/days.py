"""The rules of a series over time, and what became of each of its days."""

from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.catalog.closed_days import ClosedDay
from bookings.catalog.pricing import Price
from bookings.matching import rotation
from bookings.matching.needs import Need
from bookings.matching.recurrence import Occasion, Rule
from bookings.matching.slots import slot_at
from bookings.policies import SUBSTITUTE_HOURS
from bookings.series.mail import tell_price, tell_substitute
from bookings.series.regulars import KEEPS
from bookings.signals import visit_planned
from bookings.states import SeriesState
from bookings.visits.quotes import Every
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from members.models import Member, User

if TYPE_CHECKING:
    from bookings.series.series import Series


class Rhythm(models.Model):
    """The rule of a series from the day `since` on, until the next one begins; `clock` is local to the home."""

    series = models.ForeignKey("bookings.Series", on_delete=models.PROTECT, related_name="rhythms")
    since = models.DateField()
    starts_on = models.DateField()
    every = models.PositiveSmallIntegerField(choices=Every)
    clock = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "since"], name="one_rule_of_a_series_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(starts_on__gte=models.F("since")), name="a_rule_does_not_start_before_it_holds"
            ),
            models.CheckConstraint(condition=models.Q(every__in=[1, 2, 4]), name="a_series_comes_every_1_2_or_4_weeks"),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()}, {self.starts_on} {self.clock}"

    @property
    def rule(self) -> Rule:
        return Rule(self.since, self.starts_on, self.every, self.clock)


class SeriesDayQuerySet(models.QuerySet["SeriesDay"]):
    def undecided(self) -> "SeriesDayQuerySet":
        """Days of a pause, which come back when it ends sooner."""
        return self.filter(became=SeriesDay.Became.PAUSED)

    def booked(self) -> "SeriesDayQuerySet":
        """Days whose visit has not begun and is not cancelled."""
        return self.filter(visit__state=Visit.State.SCHEDULED)

    def with_substitute(self, at: datetime) -> "SeriesDayQuerySet":
        """Days soon to come whose visit others than the regular person took, of whom the client has not heard."""
        soon = at + timedelta(hours=SUBSTITUTE_HOURS.on(timezone.localdate(at)))
        crew = Shift.objects.filter(visit=OuterRef("visit"))
        taken = crew.filter(state=Shift.State.ACCEPTED)
        theirs = crew.filter(member=OuterRef("series__regular"), state__in=KEEPS)
        told = taken.filter(member=OuterRef("substitute"))
        coming = self.booked().filter(visit__starts_at__gt=at, visit__starts_at__lte=soon)
        others = coming.filter(Exists(taken), series__regular__isnull=False).exclude(Exists(theirs))
        return others.exclude(Exists(told)).order_by("visit__starts_at")

    def clashes(self, day: date) -> "SeriesDayQuerySet":
        """The days of series that go on, on which nobody could come."""
        going = [SeriesState.RUNNING, SeriesState.PAUSED]
        return self.filter(day=day, became=SeriesDay.Became.CLASH, series__state__in=going).order_by("pk")

    def untold_clashes(self) -> "SeriesDayQuerySet":
        return self.filter(became=SeriesDay.Became.CLASH, told_at=None)

    def with_related(self) -> "SeriesDayQuerySet":
        """With all that a page about a series reads."""
        around = self.select_related("visit__booking__home__zip", "substitute__user")
        return around.prefetch_related("visit__shifts__member__user").order_by("day")


class SeriesDay(models.Model):
    """What became of one local day of a series; no day is decided twice.

    `told_at` is when the client was told of a clash, or of `substitute`: somebody else than the regular person comes.
    """

    class Became(models.TextChoices):
        VISIT = "visit", gettext_lazy("booked")
        SKIPPED = "skipped", gettext_lazy("skipped")
        CLASH = "clash", gettext_lazy("nobody is free")
        PAUSED = "paused", gettext_lazy("paused")

    series = models.ForeignKey("bookings.Series", on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    became = models.CharField(max_length=20, choices=Became)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, null=True, related_name="series_day")
    substitute = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)

    objects = SeriesDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="a_day_of_a_series_is_decided_once"),
            models.CheckConstraint(
                condition=models.Q(became="visit", visit__isnull=False)
                | (~models.Q(became="visit") & models.Q(visit__isnull=True)),
                name="a_booked_day_has_its_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_became_display()}"

    @classmethod
    def plan(cls, series: "Series", occasion: Occasion, *, at: datetime) -> "SeriesDay | None":
        """Decide one day of a series: its visit is made, or, when nobody can come, it is written down as a clash.

        None when there is nothing to decide (any more). May be repeated and raced with.
        """
        starts_at = occasion.starts_at(series.zone)
        with transaction.atomic():
            Shift.objects.lock_days((starts_at, series.zone), at=at)
            series.lock()
            return cls.decide(series, occasion, at=at, by=None) if series.wants(occasion) else None

    @classmethod
    def decide(cls, series: "Series", occasion: Occasion, *, at: datetime, by: User | None) -> "SeriesDay":
        """The same for a series whose day and row are locked, and that wants the day."""
        shifts = _staffed(series, occasion, series.price(occasion), at=at)
        visit = _save(shifts, at=at, by=by) if shifts else None
        became = cls.Became.VISIT if visit else cls.Became.CLASH
        decided = {"became": became, "visit": visit, "substitute": None, "told_at": None, "kept_at": None}
        row, _is_new = cls.objects.update_or_create(series=series, day=occasion.day, defaults=decided)
        if visit:
            tell_price(series, row, at=at)
        return row

    def tell_substitute(self, *, at: datetime) -> None:
        """Tell the client who comes instead; they may keep, move or cancel the visit for nothing. Twice is once."""
        with transaction.atomic():
            self.series.lock()
            found = SeriesDay.objects.with_substitute(at).filter(pk=self.pk).select_related("visit").first()
            if found is None or found.visit is None:
                return
            found.substitute, found.told_at, found.kept_at = found.visit.people()[0], at, None
            found.save()
            found.visit.let_decide(at=at)
            tell_substitute(self.series, found, at=at)

    def keep(self, *, at: datetime) -> None:
        """It suits the client that somebody else comes."""
        self.kept_at = at
        self.save(update_fields=["kept_at"])

    @property
    def asks(self) -> bool:
        """Does somebody else come, and the client has not said yet that it suits them?"""
        coming = self.visit is not None and self.visit.state == Visit.State.SCHEDULED
        return coming and self.substitute_id is not None and self.kept_at is None

    def call_off(self, became: str, *, at: datetime, by: User | None, note: str, fee_cents: int = 0) -> None:
        """Free the people of this day at the client's wish, if it has a visit to come; the series is locked already."""
        if self.visit and self.visit.state == Visit.State.SCHEDULED:
            client = Visit.Responsible.CLIENT
            self.visit.cancel(at=at, by=by, note=note, fee_cents=fee_cents, responsible=client)
        self.became, self.visit, self.substitute, self.told_at, self.kept_at = became, None, None, None, None
        self.save()


def _staffed(series: "Series", occasion: Occasion, price: Price, *, at: datetime) -> list[Shift]:
    """The open shifts of a day, not saved yet; empty when too few people can come or it is too late."""
    starts_at = occasion.starts_at(series.zone)
    there = slot_at(starts_at, price.minutes, price.crew, at=at)
    visit = Visit(
        booking=series.booking, starts_at=starts_at, ends_at=there.ends_at, minutes=price.minutes, cents=price.cents
    )
    shift = Shift(visit=visit, state=Shift.State.OPEN, zip=series.booking.home.zip, **there.times)
    wish = series.booking.wish
    need = Need(there, replace(wish, client=None) if series.booking.client.is_claimed else wish)
    able = [candidate for candidate in rotation.in_turn(need, at=at) if not candidate.against]
    if starts_at <= at or len(able) < price.crew or ClosedDay.objects.between(occasion.day, occasion.day).exists():
        return []
    return [shift, *(copy(shift) for _other in range(price.crew - 1))]


def _save(shifts: list[Shift], *, at: datetime, by: User | None) -> Visit:
    """The visit with its shifts, announced to the rooms above."""
    visit = shifts[0].visit
    assert visit is not None
    visit.save()
    for shift in shifts:
        shift.visit = visit
    Shift.objects.bulk_create(shifts)
    visit.record_event("plan", at=at, by=by)
    visit_planned.send(sender=Visit, subject=visit, at=at, by=by)
    return visit
