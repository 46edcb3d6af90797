"""The record of a visit for care: what was done, for whom, by whom, when and where, and how we know."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.onsite.taps import Tap
from bookings.states import ShiftState
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import append_only
from coop.typed.fields import WrittenLine
from members.models import User


@dataclass(frozen=True)
class Correction:
    """What somebody of the office says it was: for whom, where, from when to when."""

    recipient: str
    street: str
    starts_at: datetime
    ends_at: datetime


class CareRecordQuerySet(models.QuerySet["CareRecord"]):
    def visible_to(self, user: User) -> "CareRecordQuerySet":
        """Their own for those who work, every one for those who coordinate."""
        if "coordinator" in user.roles:
            return self
        return self.filter(shift__member=user.membership) if user.works else self.none()

    def latest_of_each(self) -> "CareRecordQuerySet":
        """Of every shift what is told of it now."""
        later = CareRecord.objects.filter(shift=models.OuterRef("shift"), number__gt=models.OuterRef("number"))
        return self.exclude(models.Exists(later))

    def between(self, first: date, last: date) -> "CareRecordQuerySet":
        """Those of shifts of these days, first and last included."""
        return self.filter(shift__starts_at__date__gte=first, shift__starts_at__date__lte=last)

    def in_order(self) -> "CareRecordQuerySet":
        return self.select_related("shift__zip", "editor").order_by("shift__starts_at", "shift", "number")


class CareRecord(models.Model):
    """What is told of a worker's part of a care visit, with the six things that the law asks for; written once.

    Service, who received it, who gave it, the day, the place, and the times of start and end (21st Century Cures Act,
    section 12006: electronic visit verification). `number` 1 is the original, from the taps at the door; every edit is
    the next number, with who edited it and why, and the ones before stay. Of anybody's health it says nothing.
    """

    class How(models.TextChoices):
        PHONE = "phone", gettext_lazy("phone, with the place")
        TAP = "tap", gettext_lazy("phone, without a place")
        HAND = "hand", gettext_lazy("written by hand")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="care_records")
    number = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=60)
    recipient = WrittenLine(max_length=120)
    worker = WrittenLine(max_length=120)
    street = WrittenLine(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    start_how = models.CharField(max_length=10, choices=How.choices)
    end_how = models.CharField(max_length=10, choices=How.choices)
    start_place = models.CharField(max_length=60, blank=True)
    end_place = models.CharField(max_length=60, blank=True)
    flags = ArrayField(models.CharField(max_length=10, choices=Tap.Flag.choices), default=list)
    made_at = models.DateTimeField()
    editor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = WrittenLine(max_length=300, blank=True)

    objects = CareRecordQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("record of a care visit")
        constraints = [
            models.UniqueConstraint(fields=["shift", "number"], name="a_care_record_has_each_number_once"),
            models.CheckConstraint(
                condition=models.Q(number=1, editor=None, reason="")
                | (models.Q(number__gt=1, editor__isnull=False) & ~models.Q(reason="")),
                name="an_edit_of_care_has_an_editor_and_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")), name="care_does_not_end_before_it_starts"
            ),
        ]
        triggers = append_only("care_records_are_never_changed")

    def __str__(self) -> str:
        return f"{self.service}, {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("care_record", args=[self.shift_id])

    def is_about(self, user: User) -> bool:
        """Is it this person's own work, or their home?"""
        return self.shift.is_about(user)

    @property
    def zone(self) -> ZoneInfo:
        return self.shift.zone

    @property
    def is_edited(self) -> bool:
        return self.number > 1

    @property
    def signs(self) -> list[str]:
        """What there is to notice, in words."""
        return [str(Tap.Flag(flag).label) for flag in self.flags]

    @classmethod
    def write(cls, shift: Shift, *, at: datetime) -> "CareRecord":
        """The original, once: as the taps say, and without taps as the shift does."""
        used = shift.taps.filter(refusal="", at__in=[shift.started_at, shift.done_at])
        taps = {tap.kind: tap for tap in used.select_related("place").order_by("-pk")}
        start, finish = taps.get(Tap.Kind.START), taps.get(Tap.Kind.FINISH)
        facts = {
            "service": _service(shift),
            "recipient": shift.home.client.user.name,
            "worker": shift.member.user.name if shift.member else "",
            "street": f"{shift.home}, {shift.zip}",
            "starts_at": shift.started_at or shift.starts_at,
            "ends_at": shift.done_at or shift.ends_at,
            "start_how": _how(start),
            "end_how": _how(finish),
            "start_place": _place(start),
            "end_place": _place(finish),
            "flags": sorted({flag for tap in (start, finish) if tap for flag in tap.flags}),
            "made_at": at,
        }
        return cls.objects.get_or_create(shift=shift, number=1, defaults=facts)[0]

    def edit(self, told: Correction, *, reason: str, at: datetime, by: User) -> "CareRecord":
        """Say it otherwise, with a reason; what was said before stays. Refused to whoever read an older one."""
        if told.ends_at < told.starts_at or told.ends_at > at:
            raise Refusal(_("The end must come after the start, and not be still to come."), field="ends")
        with transaction.atomic():
            Shift.objects.select_for_update(of=("self",)).get(pk=self.shift_id)
            if CareRecord.objects.filter(shift=self.shift_id, number__gt=self.number).exists():
                raise Refusal(_("Somebody has edited this meanwhile. Please look again."))
            return CareRecord.objects.create(**self._otherwise(told), reason=reason, made_at=at, editor=by)

    def _otherwise(self, told: Correction) -> dict[str, object]:
        """This record with what is told; a time that was changed is one that somebody wrote by hand."""
        kept = ("shift", "service", "worker", "start_how", "end_how", "start_place", "end_place", "flags")
        facts = {name: getattr(self, name) for name in kept} | asdict(told) | {"number": self.number + 1}
        if told.starts_at != self.starts_at:
            facts |= {"start_how": self.How.HAND, "start_place": ""}
        if told.ends_at != self.ends_at:
            facts |= {"end_how": self.How.HAND, "end_place": ""}
        return facts


def unwritten(at: datetime) -> "models.QuerySet[Shift]":
    """Care that was given, beyond undoing, and is not on record yet: services that need a credential."""
    done = Shift.objects.with_related().filter(state=ShiftState.DONE, care_records=None).exclude(undo_until__gt=at)
    return done.exclude(visit__booking__service__credential="").order_by("pk")


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _service(shift: Shift) -> str:
    assert shift.visit is not None
    return shift.visit.booking.service.name_en


def _how(tap: Tap | None) -> str:
    if tap is None or Tap.Flag.HAND in tap.flags:
        return CareRecord.How.HAND
    return CareRecord.How.PHONE if hasattr(tap, "place") else CareRecord.How.TAP


def _place(tap: Tap | None) -> str:
    place = getattr(tap, "place", None)
    return f"{place.latitude}, {place.longitude} (± {place.accuracy} m)" if place else ""
