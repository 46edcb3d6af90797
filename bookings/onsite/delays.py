"""Somebody says that they come later than planned; the planned time stays."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.policies import LATE_TELL_MINUTES
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import append_only
from members.models import Notice, Role, User

MINUTES = (5, 10, 15, 20, 30, 45)
"""How late one can say that one comes; who needs longer gives the shift back, or calls."""


class DelayQuerySet(models.QuerySet["Delay"]):
    def standing(self) -> "DelayQuerySet":
        """The last word for each shift that has not begun: of whoever has it now, about the time it has now."""
        last = self.filter(
            shift__state=Shift.State.ACCEPTED,
            starts_at=models.F("shift__starts_at"),
            said_by=models.F("shift__member__user"),
        )
        return last.select_related("said_by").order_by("shift", "-said_at", "-pk").distinct("shift")


class Delay(models.Model):
    """Whoever has a shift says how many minutes after its start they will be there; written once."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="delays")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = DelayQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("delay")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=60), name="a_delay_is_an_hour_at_most"
            )
        ]
        indexes = [models.Index(fields=["shift", "-said_at"], name="delays_of_a_shift")]
        triggers = append_only("delays_are_never_changed")

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.minutes}"

    @property
    def expected_at(self) -> datetime:
        """When they say that they will be there."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @classmethod
    def say(cls, shift: Shift, *, minutes: int, at: datetime, by: User) -> "Delay":
        """Tell the client, and the office if it is long. Saying the same again tells nobody twice."""
        with transaction.atomic():
            shift.lock()
            if shift.state != Shift.State.ACCEPTED or at >= shift.ends_at:
                raise Refusal(_("This visit has begun or is over, so there is nothing to be late for."))
            if at < shift.note_from:
                raise Refusal(_("You can say so from two hours before. If you cannot come, give the shift back now."))
            said = cls(shift=shift, starts_at=shift.starts_at, minutes=minutes, said_at=at, said_by=by)
            if said.expected_at <= at:
                raise Refusal(_("By then it is later already. Please choose more minutes."), field="minutes")
            said.save(force_insert=True)
            said._tell(at=at)
        return said

    def _tell(self, *, at: datetime) -> None:
        """One message a person and number of minutes: no address, and nothing about why."""
        self._tell_one(self.shift.home.client.user, "running_late", at=at)
        today = timezone.localdate(at)
        if self.minutes > LATE_TELL_MINUTES.on(today):
            for person in Role.objects.holders(at, "coordinator"):
                self._tell_one(person, "running_late_office", at=at)

    def _tell_one(self, person: User, mail: str, *, at: datetime) -> None:
        key = f"{mail}:{self.shift_id}:{person.pk}:{self.starts_at.timestamp():.0f}:{self.minutes}"
        Notice.post(key, to=person, mail=mail, at=at, about={"shift": self.shift, "delay": self})
