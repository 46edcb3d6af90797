"""What every step of a shift shares: its fields, its times, what it asks of whoever takes it, how it is locked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

from bookings.households.clients import Home
from bookings.matching import rotation
from bookings.matching.needs import Need, Slot
from bookings.states import BookingState, ShiftState
from bookings.visits.shifts.vacancies import Vacancy, vacancy_of
from bookings.visits.visits import Visit
from coop.models import ZipCode
from coop.states import Stateful
from members.models import Member, Notice

if TYPE_CHECKING:
    from bookings.onsite.delays import DelayQuerySet
    from bookings.series.series import Series
    from bookings.turns.offers.offers import OfferQuerySet

EARLY = timedelta(minutes=30)
AROUND = timedelta(hours=2)


class ShiftBase(Stateful):
    """One worker's part of a visit.

    `held` keeps a member's time for a client who is still booking (until `held_until`); `span` is the work and
    the least way to the next home, and no member has two that overlap. `given_back_by` are the members who had it at
    this time and gave it back, in whatever way they had come by it.
    """

    State = ShiftState

    OFF = (State.CANCELLED, State.MISSED, State.LEFT)
    """Nothing more is to be done for it, and it was not done."""
    BEGUN = (State.STARTED, State.DONE)
    COMING = (State.ACCEPTED, *BEGUN)
    """Whoever has it said that they come, or came."""

    WHOLE = (
        "visit__booking__service",
        "visit__booking__home__zip",
        "visit__booking__home__client__user",
        "visit__booking__series",
        "zip",
    )

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="shifts")
    quote = models.ForeignKey("bookings.Quote", on_delete=models.PROTECT, null=True, related_name="shifts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="shifts")
    state = models.CharField(max_length=20, choices=State.choices)
    zip = models.ForeignKey(ZipCode, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    span = DateTimeRangeField()
    held_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    given_back_by = ArrayField(models.BigIntegerField(), default=list)
    assigned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)

    delays: "DelayQuerySet"
    offers: "OfferQuerySet"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        """Minutes of planned work."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def home(self) -> Home:
        assert self.visit is not None
        return self.visit.booking.home

    @property
    def series(self) -> "Series | None":
        """The series that its visit belongs to, if it does."""
        return getattr(self.visit.booking, "series", None) if self.visit else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zip.zone)

    @property
    def is_off(self) -> bool:
        """Is nothing more to be done for it, though it was not done?"""
        return self.state in self.OFF

    @property
    def is_coming(self) -> bool:
        """Did whoever has it say that they come, or did they come?"""
        return self.state in self.COMING

    @property
    def is_wanted(self) -> bool:
        """Is it open, in a booking that stands? One that still waits for a card is not put to anybody."""
        return self.state == self.State.OPEN and self.is_confirmed

    @property
    def is_confirmed(self) -> bool:
        """Does it belong to a booking that stands?"""
        return self.visit is not None and self.visit.booking.state == BookingState.CONFIRMED

    def vacancy(self, at: datetime) -> "Vacancy | None":
        """How somebody is looked for at a moment; None for what somebody has, and for what is off."""
        return vacancy_of(self, at=at)

    @property
    def start_from(self) -> datetime:
        """From when on its worker may start."""
        return self.starts_at - EARLY

    @property
    def expected_at(self) -> datetime:
        """When whoever has it says that they will be there, else the planned start, or when they took it late."""
        said = self.delays.standing().first()
        return said.expected_at if said else self.due_at

    @property
    def due_at(self) -> datetime:
        """The planned start; for whoever took it after that, the moment at which they did."""
        return max(self.starts_at, self.assigned_at or self.starts_at)

    @property
    def note_from(self) -> datetime:
        """From when on its worker may see the getting-in note."""
        return self.starts_at - AROUND

    @property
    def note_until(self) -> datetime:
        """Until when its worker may see the getting-in note."""
        return self.ends_at + AROUND

    def lock(self) -> None:
        """Booking, visit, then shift, as everywhere; in one query. A time that is only kept has neither."""
        if self.visit_id is None:
            return super().lock()
        whole = type(self)._base_manager.select_related(*self.WHOLE, "member__user").filter(visit__booking__gt=0)
        self.refresh_from_db(from_queryset=whole.select_for_update(of=("visit__booking", "visit", "self")))
        return None

    def lock_date(self) -> None:
        """Queue behind whoever is assigning shifts of this day; taken before any row."""
        rotation.lock_date(self.starts_at, self.zone)

    @property
    def slot(self) -> Slot:
        """Its time, with the way that was left free after it."""
        return Slot(self.starts_at, self.minutes, 1, (self.span.upper - self.ends_at) // timedelta(minutes=1))

    def need(self) -> Need:
        """What this shift asks of whoever takes it."""
        return Need(self.slot, self.visit.booking.wish, self.pk)  # type: ignore[union-attr]

    def _vacate(self) -> None:
        self.member = self.assigned_at = self.asked_at = self.held_until = None

    def _tell_it_is_off(self, *, at: datetime) -> None:
        """Tell whoever accepted it that they need not go, in the same words whatever the reason."""
        assert self.member is not None
        Notice.post(
            f"shift_cancelled:{self.pk}:{self.member_id}:{at.timestamp():.0f}",
            to=self.member.user,
            mail="shift_cancelled",
            at=at,
            about={"shift": self},
        )
