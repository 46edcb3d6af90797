"""Photos of a visit: how it was before, and how it is now."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.policies import PHOTO_DAYS
from bookings.visits.shifts.base import AROUND
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.errors import Refusal
from coop.web.images import clean
from members.models import User

MOST_PHOTOS = 6
"""Photos of one visit, all of its crew together."""


class PhotoQuerySet(models.QuerySet["Photo"]):
    def visible_to(self, user: User) -> "PhotoQuerySet":
        """Whoever sees the visit: its household, those who do it, and coordinators."""
        return self.filter(shift__visit__in=Visit.objects.visible_to(user))

    def of_visit(self, visit: int | None) -> "PhotoQuerySet":
        """Those of one visit, as they were taken, without their pixels."""
        light = self.filter(shift__visit=visit).defer("large", "small")
        return light.select_related("taken_by").order_by("taken_at", "pk")

    def expired(self, at: datetime) -> "PhotoQuerySet":
        """Those that have been kept long enough."""
        return self.filter(taken_at__lt=at - timedelta(days=PHOTO_DAYS.on(timezone.localdate(at))))


class Photo(models.Model):
    """One picture, made anew without its metadata (`coop.web.images`), deleted after `bookings.photo_days`."""

    class Moment(models.TextChoices):
        BEFORE = "before", gettext_lazy("before")
        AFTER = "after", gettext_lazy("after")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="photos")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    large = models.BinaryField()
    small = models.BinaryField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("photo")
        indexes = [models.Index(fields=["taken_at"], name="photos_by_time")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def take(cls, shift: Shift, *, photo: bytes, moment: str, at: datetime, by: User) -> "Photo":
        """Keep a photo of the visit, from its start to two hours after its end; never at a visit of care."""
        large, small = clean(photo)
        with transaction.atomic():
            shift.lock()
            cls._may_be_taken(shift, at=at)
            return cls.objects.create(shift=shift, moment=moment, large=large, small=small, taken_at=at, taken_by=by)

    @classmethod
    def _may_be_taken(cls, shift: Shift, *, at: datetime) -> None:
        assert shift.visit is not None
        if shift.visit.booking.service.is_care:
            raise Refusal(_("No photos are taken where somebody is cared for."))
        under_way = shift.state == Shift.State.STARTED
        if not (under_way or (shift.done_at and at <= shift.done_at + AROUND)):
            raise Refusal(_("Photos are taken from the start of a visit to two hours after its end."))
        if cls.objects.filter(shift__visit=shift.visit_id).count() >= MOST_PHOTOS:
            raise Refusal(_("There are six photos of this visit already. Remove one first."))
