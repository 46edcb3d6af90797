"""One time at one home."""

from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.closed_days import ClosedDay
from bookings.households.clients import Client
from bookings.signals import visit_completed
from bookings.states import GOING, ShiftState, VisitState
from bookings.visits.ending.broken_off import BrokenOff
from bookings.visits.ending.cancelling import CallingOff
from bookings.visits.ending.lockouts import LockedOut
from bookings.visits.moving import Moving
from bookings.visits.visit_base import VisitBase
from coop.errors import Refusal
from coop.states import transition
from members.models import User

A_DAY = timedelta(days=1)
State = VisitBase.State
OVER = (ShiftState.DONE, ShiftState.CANCELLED, ShiftState.MISSED, ShiftState.LEFT)
"""A part of a visit in one of these states keeps nobody waiting."""
LOCAL_DAY = models.Func(
    models.F("booking__home__zip__zone"),
    models.F("starts_at"),
    template="(timezone(%(expressions)s))::date",
    output_field=models.DateField(),
)
"""The day of a visit where its home is."""


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        """A household's own, a worker's own while they belong to the co-op, and everything for those who coordinate."""
        if "coordinator" in user.roles:
            return self
        mine = models.Q(booking__home__client__in=Client.objects.of(user))
        if user.works:
            coming = [ShiftState.ACCEPTED, ShiftState.STARTED, ShiftState.DONE]
            theirs = Visit.objects.filter(shifts__member=user.membership, shifts__state__in=coming)
            mine |= models.Q(pk__in=theirs.values("pk"))
        return self.filter(mine)

    def at_homes_of(self, user: User) -> "VisitQuerySet":
        """Those where this person lives."""
        return self.filter(booking__home__client__in=Client.objects.of(user))

    def coming(self, at: datetime) -> "VisitQuerySet":
        return self.filter(state__in=GOING, ends_at__gte=at).order_by("starts_at")

    def to_come(self, first: date, last: date) -> "VisitQuerySet":
        """Those that stand and begin in these days of UTC, in order of time."""
        days = self.filter(state=State.SCHEDULED, starts_at__date__gte=first, starts_at__date__lte=last)
        return days.order_by("starts_at", "pk")

    def from_day(self, day: date) -> "VisitQuerySet":
        """Those that stand on a day of their homes from `day` on, in order of time."""
        days = self.filter(state=State.SCHEDULED, starts_at__date__gte=day - A_DAY).annotate(local_day=LOCAL_DAY)
        return days.filter(local_day__gte=day).order_by("starts_at", "pk")

    def on_closed_days(self, at: datetime) -> "VisitQuerySet":
        """Those to come on a day that was closed after they were booked: the office moves or cancels them."""
        closed = ClosedDay.objects.standing().filter(effective_on=models.OuterRef("local_day"))
        coming = self.filter(state=State.SCHEDULED, ends_at__gte=at).annotate(local_day=LOCAL_DAY)
        return coming.filter(models.Exists(closed)).order_by("starts_at", "pk")

    def to_complete(self, at: datetime) -> "VisitQuerySet":
        """Those whose every part is over, and can not be undone any more: earned, and not in the books yet."""
        going = models.Q(shifts__undo_until__gt=at) | ~models.Q(shifts__state__in=OVER)
        rows = self.filter(state=State.STARTED).annotate(
            worked=models.Count("shifts", filter=models.Q(shifts__state=ShiftState.DONE)),
            going=models.Count("shifts", filter=going),
        )
        return self.filter(pk__in=rows.filter(worked__gt=0, going=0).values("pk")).order_by("pk")

    def past(self, at: datetime) -> "VisitQuerySet":
        """What is over, done or not, latest first."""
        return self.exclude(state__in=GOING, ends_at__gte=at).order_by("-starts_at")

    def broken_off(self) -> "VisitQuerySet":
        """Those whose people left, and of which nobody has said how they go on, the longest waiting first."""
        return self.filter(state=Visit.State.BROKEN_OFF).order_by("starts_at", "pk")

    def with_related(self) -> "VisitQuerySet":
        """With all that a page about visits reads."""
        around = self.select_related(
            "booking__service",
            "booking__home__zip",
            "booking__home__client__user",
            "booking__quote",
            "booking__series",
            "series_day__substitute__user",
        )
        return around.prefetch_related("shifts__member__user", "booking__extras")


class Visit(Moving, CallingOff, LockedOut, BrokenOff):
    """One time at one home (`VisitBase`), from the agreement to the work; it may be moved or called off."""

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("visit")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=VisitState.COMPLETED, completed_at__isnull=False)
                | (~models.Q(state=VisitState.COMPLETED) & models.Q(completed_at__isnull=True)),
                name="a_visit_is_completed_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_visit_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(fee_cents=0) | models.Q(state__in=[VisitState.CANCELLED, VisitState.TURNED_AWAY]),
                name="only_a_visit_that_is_off_has_a_fee",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "state"], name="visits_by_time"),
            models.Index(fields=["starts_at"], condition=models.Q(state=VisitState.STARTED), name="visits_under_way"),
        ]

    def is_about(self, user: User) -> bool:
        """Is it at this person's home?"""
        return self.booking.home.client.is_about(user)

    @transition(State.SCHEDULED, to=State.STARTED)
    def start(self, *, at: datetime, by: User, moment: datetime | None = None) -> None:
        """The first of the crew is at the door, or was at a `moment` of which we only hear now."""
        self.started_at = moment or at

    @transition(State.STARTED, to=State.SCHEDULED)
    def take_back_start(self, *, at: datetime, by: User) -> None:
        """Nobody of the crew is there after all."""
        self.started_at = None

    def begin_at(self, moment: datetime) -> None:
        """Whoever else of the crew is there came first."""
        self.started_at = moment
        self.save(update_fields=["started_at"])

    def settle(self, *, at: datetime, by: User | None) -> None:
        """Complete it, once every part is over and can not be undone any more; twice is once."""
        with transaction.atomic():
            self.lock()
            if Visit.objects.to_complete(at).filter(pk=self.pk).exists():
                moment = self.shifts.filter(state=ShiftState.DONE).aggregate(last=models.Max("done_at"))["last"]
                self.complete(at=at, by=by, moment=moment)

    def count_as_done(self, *, at: datetime, by: User) -> None:
        """It was broken off, but others of the crew did the work: it is earned like any other."""
        with transaction.atomic():
            self.lock()
            moment = self.shifts.filter(state=ShiftState.DONE).aggregate(last=models.Max("done_at"))["last"]
            if moment is None:
                raise Refusal(_("Nobody has done their part, so it is not done."))
            self.complete(at=at, by=by, moment=moment)

    @transition(State.STARTED, State.BROKEN_OFF, to=State.COMPLETED, announce=visit_completed)
    def complete(self, *, at: datetime, by: User | None, moment: datetime) -> None:
        """The work was done at that `moment`; the price is earned from here on."""
        if self.started_at and moment < self.started_at:
            raise Refusal(_("A visit cannot end before it begins."))
        self.completed_at = moment
        self._end_the_booking(at=at, by=by)
