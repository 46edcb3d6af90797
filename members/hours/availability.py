"""When a member takes work."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.people.members import Member
from members.people.spans import Weeks


class Availability(models.Model):
    """A span of a weekday in which a member takes work, in the home's local time. Monday is 0."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="availability")
    weeks = models.CharField(_("weeks"), max_length=5, choices=Weeks.choices, default=Weeks.EVERY)
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="a_span_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["weekday", "member"], name="who_works_on_a_weekday")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class OtherHoursQuerySet(models.QuerySet["OtherHours"]):
    def ahead(self, day: date) -> "OtherHoursQuerySet":
        """Those that are not over on `day`, soonest first."""
        return self.filter(day__gte=day).order_by("day", "starts")


class OtherHours(models.Model):
    """A span of one day, instead of the hours of the usual week; without times, no work on that day."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="other_hours")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True)
    ends = models.TimeField(_("to"), null=True)

    objects = OtherHoursQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
                name="other_hours_end_after_they_start",
            ),
            models.UniqueConstraint(
                fields=["member", "day", "starts"], nulls_distinct=False, name="other_hours_are_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts:%H:%M}-{self.ends:%H:%M}" if self.starts and self.ends else f"{self.day} –"


class LeaveQuerySet(models.QuerySet["Leave"]):
    def ahead(self, day: date) -> "LeaveQuerySet":
        """Those that are not over on `day`, soonest first."""
        return self.filter(ends_on__gte=day).order_by("starts_on")


class Leave(models.Model):
    """Days off, first and last included."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="leaves")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="leave_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
