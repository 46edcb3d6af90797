"""When a member can work, and what they are allowed to do."""

from datetime import date, time
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.people import Member


class Weeks(models.TextChoices):
    """In which weeks a span comes back; `members.free_hours` says which are A and which are B."""

    EVERY = "every", _("every week")
    A = "a", _("A weeks")
    B = "b", _("B weeks")


class Span(NamedTuple):
    """From when to when on a weekday (Monday is 0), and in which weeks."""

    weekday: int
    starts: time
    ends: time
    weeks: str = Weeks.EVERY

    @property
    def when(self) -> str:
        """In which weeks, for people; empty for every week."""
        return "" if self.weeks == Weeks.EVERY else str(Weeks(self.weeks).label)

    def of(self, member: Member) -> "Availability":
        """This span as a row of a member, not saved yet."""
        return Availability(member=member, **self._asdict())


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


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, day: date) -> "CredentialQuerySet":
        """Those that hold on `day`; on its day of expiry a credential no longer does."""
        return self.filter(issued_on__lte=day).filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=day))


class Credential(models.Model):
    """A certificate or check that some services need, for example `hha` for home care."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=20)
    number = models.CharField(_("number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued"))
    expires_on = models.DateField(_("expires"), null=True)
    verified_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=models.F("issued_on")),
                name="a_credential_expires_after_it_is_issued",
            )
        ]

    def __str__(self) -> str:
        return self.kind
