"""Secret addresses at which a calendar program reads somebody's coming days."""

import uuid
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from members.people.users import User


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def standing(self) -> "CalendarAddressQuerySet":
        """Those that still answer: not revoked, and of somebody who may sign in."""
        return self.filter(revoked_at=None, user__is_active=True)

    def of_shifts(self) -> "CalendarAddressQuerySet":
        """Those of the work of members."""
        return self.filter(kind=CalendarAddress.Kind.MEMBER)

    def revoke(self, *, at: datetime) -> None:
        """End those that stand."""
        self.filter(revoked_at=None).update(revoked_at=at)


class CalendarAddress(models.Model):
    """One secret address of one person's calendar; having it is having the right to read that calendar.

    `token` is random (122 bits) and stands in no log and no mail of ours. Making a new one ends the one before.
    """

    class Kind(models.TextChoices):
        CLIENT = "client", _("the visits at your homes")
        MEMBER = "member", _("your shifts")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_addresses")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_calendar_address_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def make(cls, user: User, kind: str, *, at: datetime) -> "CalendarAddress":
        """A new address; the one before answers no more from this moment on."""
        with transaction.atomic():
            user.locked()
            cls.objects.filter(user=user, kind=kind).revoke(at=at)
            return cls.objects.create(user=user, kind=kind, made_at=at)
