"""What every part of a visit's life shares: its fields, its day, its people, and how it is locked."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse

from bookings.catalog.pricing import share_out
from bookings.households.preferences import BROUGHT
from bookings.policies import shares_on
from bookings.states import BookingState, ShiftState, VisitState
from bookings.visits.bookings import Booking
from bookings.visits.vacancies import Vacancy
from coop.policies import Text
from coop.states import Stateful
from members.models import Member, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from bookings.visits.shifts import Shift


class Planned(Stateful):
    """One time at one home for a fixed price (cents). `minutes` is the work, for a crew of two shared by both."""

    State = VisitState

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=20, choices=State.choices, default=State.SCHEDULED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    shifts: "RelatedManager[Shift]"

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
        wish["add_ons"] = [extra.code for extra in booking.add_ons.all() if extra.code not in BROUGHT]
        return f"{reverse('quote')}?{urlencode(wish, doseq=True)}"

    def people(self) -> list[Member]:
        """Who said that they come, or came; nobody is named before they said so."""
        sure = (ShiftState.ACCEPTED, ShiftState.STARTED, ShiftState.DONE)
        return [shift.member for shift in self.shifts.all() if shift.state in sure and shift.member]

    def looked_for(self, at: datetime) -> Text:
        """What a household reads about the parts that nobody has yet; empty when there are none.

        One that only claims its address reads always the same, so that it learns nothing of who could come.
        """
        if self.state not in (self.State.SCHEDULED, self.State.STARTED):
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
        return (
            self.booking.visits.exclude(pk=self.pk)
            .filter(state__in=[VisitState.SCHEDULED, VisitState.STARTED, VisitState.BROKEN_OFF])
            .exists()
        )

    def _end_the_booking(self, *, at: datetime, by: User | None) -> None:
        if self.booking.state == BookingState.CONFIRMED and not self.others_to_come():
            self.booking.end(at=at, by=by)
