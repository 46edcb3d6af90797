"""What every part of a visit's life shares: its fields, day and people, its fee, its end, and how it is locked."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.catalog.pricing import share_out
from bookings.households.preferences import BROUGHT
from bookings.policies import LATE_CLIENT_MINUTES, shares_on
from bookings.states import GOING, NOT_OVER, BookingState, ShiftState, VisitState
from bookings.visits.bookings import Booking
from bookings.visits.ending.cancellation_fees import Fee, cancel_rules, fee
from bookings.visits.ics import calendar
from bookings.visits.shifts.vacancies import Vacancy, is_near
from coop.policies import Text
from coop.states import Stateful
from members.models import Member, Notice, User

if TYPE_CHECKING:
    from bookings.visits.shifts.querysets import ShiftQuerySet


class VisitBase(Stateful):
    """One time at one home for a fixed price (cents). `minutes` is the work, for a crew of two shared by both.

    `sequence` counts every change that calendars must hear of. `clock_at` is the start that notice of a cancellation
    is still counted to after a move at short notice. Until `way_out` the client may cancel or move for nothing,
    because the co-op changed something. `fee_cents` is what the client owes for a visit that did not take place,
    `responsible` who gave rise to that.
    """

    State = VisitState

    class Responsible(models.TextChoices):
        CLIENT = "client", gettext_lazy("the client")
        WORKER = "worker", gettext_lazy("who was to come")
        COOP = "coop", gettext_lazy("the co-op")
        NOBODY = "nobody", gettext_lazy("nobody")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=20, choices=State.choices, default=State.SCHEDULED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    clock_at = models.DateTimeField(null=True)
    way_out = models.DateTimeField(null=True)
    fee_cents = models.PositiveIntegerField(default=0)
    responsible = models.CharField(max_length=10, choices=Responsible.choices, blank=True)

    shifts: "ShiftQuerySet"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.booking.service} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("visit", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return self.booking.home.zone

    @property
    def day(self) -> date:
        """The local day of the home, whose rules count."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def again(self) -> str:
        """The address where the same is asked for once more."""
        booking = self.booking
        wish: dict[str, object] = {"service": booking.service.code, "zip": booking.home.zip_id}
        if booking.service.by_the_hour:
            wish["hours"] = self.minutes
        elif booking.quote:
            wish |= {"bedrooms": booking.quote.bedrooms, "bathrooms": booking.quote.bathrooms}
        home = booking.home
        wish |= {"pets": home.pets, "supplies": home.supplies, "spoken": home.spoken}
        wish["add_ons"] = [addon.code for addon in booking.wanted() if addon.code not in BROUGHT]
        return f"{reverse('quote')}?{urlencode(wish, doseq=True)}"

    def people(self) -> list[Member]:
        """Who said that they come, or came; nobody is named before they said so."""
        return [shift.member for shift in self.shifts.all() if shift.is_coming and shift.member]

    def looked_for(self, at: datetime) -> Text:
        """What a household reads about the parts that nobody has yet; empty when there are none.

        One that only claims its address reads always the same, so that it learns nothing of who could come.
        """
        if self.state not in GOING:
            return ""
        if self.booking.client.is_claimed:
            return Vacancy.ASKED.for_client
        found = [shift.vacancy(at) for shift in self.shifts.all()]
        return next((vacancy.for_client for vacancy in found if vacancy), "")

    def is_short(self, at: datetime) -> bool:
        """Has its time come, or nearly, with nobody who is sure to come?"""
        if self.state != self.State.SCHEDULED or self.people():
            return False
        found = [shift.vacancy(at) for shift in self.shifts.all()]
        return any(vacancy and vacancy.is_near for vacancy in found)

    @property
    def clock(self) -> datetime:
        """The start that notice is counted to."""
        return min(self.clock_at or self.starts_at, self.starts_at)

    def cancellation(self, at: datetime) -> Fee:
        """What it would cost the client to cancel now, and until when it is free.

        By the rules of the day on which the booking was confirmed, or of today where those are kinder: nobody pays
        more than they agreed to, and a kinder rule is for everybody at once.
        """
        agreed = self.booking.confirmed_at
        days = {moment.astimezone(self.zone).date() for moment in (agreed, at) if moment}
        if self.fails(at):
            return Fee(0, at)
        return fee(
            self.cents,
            clock=self.clock,
            booked_at=agreed,
            way_out=self.way_out,
            at=at,
            rules=cancel_rules(days).values(),
        )

    def fails(self, at: datetime) -> bool:
        """Do we fail to come as agreed? Nobody is sure when it is near, or nobody has begun long after the start."""
        stands = self.state == self.State.SCHEDULED and self.booking.state == BookingState.CONFIRMED
        stands = stands and not self.booking.client.is_claimed  # who only claims an address learns nothing from a fee
        if not stands or not is_near(self.starts_at, at=at):
            return False
        late = timedelta(minutes=LATE_CLIENT_MINUTES.on(timezone.localdate(at)))
        sure = [shift for shift in self.shifts.all() if shift.state == ShiftState.ACCEPTED]
        if sure:
            return at >= self.starts_at + late and all(at >= shift.expected_at + late for shift in sure)
        return self.is_short(at)

    def parts(self) -> list[tuple[str, int]]:
        """Where each cent of the price goes, by the shares of the day of the visit."""
        return share_out(self.cents, shares_on(self.day))

    def lock(self) -> None:
        """Booking before visit, as everywhere; in one query."""
        whole = type(self)._base_manager.select_related(
            "booking__service", "booking__home__zip", "booking__home__client__user"
        )
        self.refresh_from_db(from_queryset=whole.select_for_update(of=("booking", "self")))

    def others_to_come(self) -> bool:
        """Does the booking have further visits, or a series that will make some?"""
        if self.booking.going_series():
            return True
        return self.booking.visits.exclude(pk=self.pk).filter(state__in=NOT_OVER).exists()

    def _end_the_booking(self, *, at: datetime, by: User | None) -> None:
        if self.booking.state == BookingState.CONFIRMED and not self.others_to_come():
            self.booking.end(at=at, by=by)

    @property
    def has_done_part(self) -> bool:
        """Did somebody of the crew finish their part?"""
        return self.shifts.filter(state=ShiftState.DONE).exists()

    def _is_off(self, fee_cents: int, responsible: str) -> None:
        self.fee_cents, self.responsible = fee_cents, responsible
        self.sequence += 1

    def _tell_client_it_is_off(self, mail: str, *, at: datetime) -> None:
        Notice.post(
            f"{mail}:{self.pk}",
            to=self.booking.client.user,
            mail=mail,
            at=at,
            about={"booking": self.booking, "visit": self},
            calendar=calendar([self], at=at),  # type: ignore[list-item]
        )
