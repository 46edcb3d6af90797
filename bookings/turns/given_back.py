"""A shift that somebody gave back: one of four words why, and what else they wrote, which is for the office only."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.visits.shifts.shifts import Shift
from coop.encrypted_fields import SealedRow, SealedTextField
from coop.states import all_or_nothing
from members.models import Member, User

KEPT = timedelta(days=7)
"""So long after the shift the office may still ask about it; then nobody needs to know why any more."""


class GivenBackQuerySet(models.QuerySet["GivenBack"]):
    def old(self, at: datetime) -> "GivenBackQuerySet":
        """Those of which nobody needs to know why any more."""
        return self.filter(shift__ends_at__lt=at - KEPT)


class GivenBack(SealedRow):
    """Why a member gave a shift back. The words are sealed: people write of their health there, however one asks.

    The event has the code of `why` alone. Rows are deleted a week after the shift.
    """

    class Why(models.TextChoices):
        CANNOT = "cannot", _("I am not able to work then")
        PLANS = "plans", _("Something else came up")
        WAY = "way", _("I cannot get there")
        OTHER = "other", _("Another reason")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="given_back")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why.choices)
    words = SealedTextField(blank=True, default="")

    objects = GivenBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift given back")
        indexes = [models.Index(fields=["shift", "-at"], name="given_back_by_shift")]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.why}"

    @classmethod
    def say(cls, shift: Shift, *, why: str, words: str, series: bool, at: datetime, by: User) -> None:
        """Give a shift back, and with it the later ones of its series if they say so, all or nothing."""
        assert shift.member is not None
        row = cls(shift=shift, member=shift.member, at=at, why=why)
        row.words = words
        with all_or_nothing(shift):
            if series and shift.series:
                shift.series.give_back(shift, at=at, by=by, note=why)
            else:
                shift.release(at=at, by=by, note=why)
            row.save(force_insert=True)
