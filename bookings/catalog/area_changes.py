"""Where the co-op works, as its office says it: postal areas come and go from a day on, with who said so and why."""

from collections.abc import Collection
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.areas import days_served
from bookings.catalog.dated import Dated, DatedQuerySet
from coop import postal_areas
from coop.errors import Refusal
from coop.models import Event, ZipCode, append_only
from coop.typed.fields import WrittenLine
from members.models import User

A_CODE = models.CharField(max_length=5)


class AreaChangeQuerySet(DatedQuerySet["AreaChange"]):
    def ending(self, code: str, day: date) -> "AreaChange | None":
        """Of what begins on `day` or before, the last that took this ZIP code away."""
        return self.begun(day).filter(removed__contains=[code]).order_by("-effective_on", "-pk").first()


class AreaChange(Dated):
    """ZIP codes in which visits can be booked from a day on (`added`), and in which none can any more (`removed`).

    What is agreed goes on wherever it is: only new bookings ask whether an area is served on their day.
    """

    added = ArrayField(A_CODE)
    removed = ArrayField(A_CODE)
    reason = WrittenLine(max_length=200)

    objects = AreaChangeQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = gettext_lazy("change of areas")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(added__len=0, removed__len=0), name="a_change_of_areas_changes_something"
            ),
            models.CheckConstraint(
                condition=models.Q(removed__len=0) | models.Q(effective_on__gt=models.F("set_on")),
                name="an_area_goes_on_a_later_day",
            ),
        ]
        triggers = append_only("changes_of_areas_are_never_changed")

    def __str__(self) -> str:
        said = [f"+ {', '.join(self.added)}"] if self.added else []
        return "; ".join([*said, f"− {', '.join(self.removed)}"] if self.removed else said)

    @classmethod
    @transaction.atomic
    def make(
        cls,
        *,
        add: Collection[str] = (),
        remove: Collection[str] = (),
        reason: str,
        from_day: date,
        at: datetime,
        by: User,
    ) -> "AreaChange":
        """Serve these ZIP codes from a day on, and no longer those; what is so then anyway is left out.

        Two at once come one after the other. Refused when nothing is left, for days that are over, for today where
        something goes, and where no area at all would stay.
        """
        today = timezone.localdate(at)
        _one_after_the_other()
        served = set(ZipCode.objects.served(from_day).values_list("code", flat=True))
        added, removed = sorted(set(add) - served), sorted(served.intersection(remove))
        if not added and not removed:
            raise Refusal(_("It is so already: nothing would change."))
        _refuse_too_soon(from_day, today, something_goes=bool(removed))
        postal_areas.meet_all(added)
        told = {"effective_on": from_day, "set_on": today, "set_by": by, "reason": reason}
        change = cls.objects.create(added=added, removed=removed, **told)
        change._write_into_areas(today)
        note = f"{from_day}: {change} ({reason})"
        Event.objects.create(kind=cls._meta.label_lower, subject=change.pk, verb="make", actor=by, at=at, note=note)
        return change

    @transaction.atomic
    def take_back(self, *, at: datetime, by: User) -> None:
        """It will not be so after all. Refused once its day has begun, and where no area would stay; twice is once."""
        _one_after_the_other()
        super().take_back(at=at, by=by)
        self._write_into_areas(timezone.localdate(at))

    def _write_into_areas(self, today: date) -> None:
        """Work out anew on which days its areas are served, from `today` on: the days before stay as they were."""
        changes = AreaChange.objects.standing().filter(effective_on__gte=today).order_by("effective_on", "pk")
        coming = [(one.effective_on, set(one.added), set(one.removed)) for one in changes]
        areas = list(ZipCode.objects.filter(pk__in=[*self.added, *self.removed]))
        for area in areas:
            steps = [(day, area.code in add) for day, add, remove in coming if area.code in add | remove]
            area.served_days = days_served(area.served_days, steps, today=today)
        ZipCode.objects.bulk_update(areas, ["served_days"])
        if _comes_to_an_end(today):
            raise Refusal(_("Without any area nobody could book. To take no bookings for a while, close for bookings."))


def _refuse_too_soon(from_day: date, today: date, *, something_goes: bool) -> None:
    if from_day < today:
        raise Refusal(_("That day is over. Please choose today or a later day."), field="from_day")
    if from_day == today and something_goes:
        raise Refusal(_("We can stop from tomorrow on: today may be booked already."), field="from_day")


def _one_after_the_other() -> None:
    """Whoever changes areas waits for whoever is changing them, to the end of that transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bookings.areas'))")


def _comes_to_an_end(today: date) -> bool:
    """Is something served today, and a day to come on which nothing is? One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(%(today)s::date <@ days) AND NOT daterange(%(today)s::date, NULL) <@ range_agg(days)"
            " FROM coop_zipcode, unnest(served_days) days",
            {"today": today},
        )
        return bool(cursor.fetchone()[0])
