"""A turn that a coordinator decided otherwise: who, for whom, and why, for all members to read."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.offers import Turn
from bookings.models.shifts import Shift
from coop.models import append_only
from members.models import Member


class OverrideQuerySet(models.QuerySet["Override"]):
    def between(self, first: date, last: date) -> "OverrideQuerySet":
        """Those of these days, first and last included."""
        return self.filter(at__date__gte=first, at__date__lte=last)


class Override(models.Model):
    """One turn that went to `receiver` instead of whoever came first, by `giver`, with a written reason.

    `turn` is the record of that decision, with everybody's numbers; never changed, never deleted.
    """

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="override")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="overrides")
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="overrides_given")
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="overrides_received")
    reason = models.TextField(_("reason"), max_length=500)
    at = models.DateTimeField()

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override of a turn")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_override_has_a_reason"),
        ]
        indexes = [models.Index(fields=["-at"], name="overrides_by_time")]
        triggers = append_only("an_override_is_never_rewritten")

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.giver_id} → {self.receiver_id}"
