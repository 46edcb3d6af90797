"""A visit at whose door nobody opens: what was tried, how long somebody waited, and what follows."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.policies import LOCK_OUT_CONTACTS, LOCK_OUT_MINUTES, MOST_LOCK_OUT
from bookings.signals import visit_cancelled
from bookings.states import GOING, ShiftState
from bookings.visits.ending.cancellation_fees import AtTheDoor, at_the_door, lock_out
from bookings.visits.visit_base import VisitBase
from coop.errors import Refusal
from coop.models import append_only
from coop.policies import values, values_by_day
from coop.states import transition
from coop.typed.fields import WrittenLine
from members.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

State = VisitBase.State
EARLY = timedelta(minutes=30)
"""As long before a visit its worker may be there."""


class LockedOut(VisitBase):
    """Before a visit counts as lost at the door, somebody tries to reach the client, and waits."""

    contact_attempts: "RelatedManager[ContactAttempt]"

    class Meta:
        abstract = True

    def at_the_door(self) -> AtTheDoor:
        """How many tries are still missing, and until when whoever is there waits, by today's rules of the visit."""
        rules = values(self.day, (LOCK_OUT_CONTACTS, LOCK_OUT_MINUTES))
        return at_the_door(
            [attempt.at for attempt in self.contact_attempts.all()],
            starts_at=self.starts_at,
            needed=rules[LOCK_OUT_CONTACTS.key],
            wait=timedelta(minutes=rules[LOCK_OUT_MINUTES.key]),
        )

    def lock_out_cents(self, at: datetime) -> int:
        """What the client owes if nobody opens: the price up to a limit; of the limits agreed and today's the lower."""
        agreed = self.booking.confirmed_at or at
        days = {moment.astimezone(self.zone).date() for moment in (agreed, at)}
        limits = [rules[MOST_LOCK_OUT.key] for rules in values_by_day(days, [MOST_LOCK_OUT]).values()]
        return lock_out(self.cents, most=min(limits))

    def try_contact(self, how: str, *, note: str, at: datetime, by: User) -> "ContactAttempt":
        """Write down that somebody tried to reach the client: by a call, a message, or at the door."""
        with transaction.atomic():
            self.lock()
            if self.state not in GOING:
                raise Refusal(_("This visit is over, so nothing more needs to be written down."))
            if at < self.starts_at - EARLY:
                raise Refusal(_("It is too early for that: the visit begins later."))
            return ContactAttempt.objects.create(visit_id=self.pk, how=how, note=note, at=at, by=by)

    @transition(State.SCHEDULED, State.STARTED, to=State.TURNED_AWAY, announce=visit_cancelled)
    def lock_out(self, *, at: datetime, by: User, note: str = "") -> None:
        """Nobody opened though everything was tried: whoever was there goes home, and is paid from the client's fee."""
        door = self.at_the_door()
        if door.missing:
            raise Refusal(_("Please try a little more first: call, write, and ring, and write down each try."))
        if at < door.until:
            until = time_format(timezone.localtime(door.until, self.zone), "TIME_FORMAT")
            raise Refusal(_("Please wait until %(time)s; perhaps somebody comes.") % {"time": until})
        if self.shifts.filter(state=ShiftState.DONE).exists():
            raise Refusal(_("Somebody has worked at this visit, so it is not lost."))
        self._is_off(self.lock_out_cents(at), self.Responsible.CLIENT)
        for shift in self.shifts.standing().order_by("pk"):
            end = shift.turn_away if shift.state in (ShiftState.ACCEPTED, ShiftState.STARTED) else shift.cancel
            end(at=at, by=by)
        self._end_the_booking(at=at, by=by)
        self._tell_client_it_is_off("visit_locked_out", at=at)


class ContactAttempt(models.Model):
    """One try to reach a client before their visit counts as lost; written once."""

    class How(models.TextChoices):
        CALL = "call", gettext_lazy("I called")
        TEXT = "text", gettext_lazy("I sent a message")
        DOOR = "door", gettext_lazy("I rang and knocked")

    visit = models.ForeignKey("bookings.Visit", on_delete=models.PROTECT, related_name="contact_attempts")
    how = models.CharField(max_length=10, choices=How.choices)
    note = WrittenLine(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only("contact_attempts_are_never_changed")

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.at:%H:%M}"
