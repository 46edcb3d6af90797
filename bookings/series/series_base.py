"""What every part of a series' life shares: its fields, its zone, and how it is locked."""

from zoneinfo import ZoneInfo

from django.db import models

from bookings.states import SeriesState
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Every
from coop.jobs import enqueue
from coop.states import Stateful
from members.models import Member


class SeriesBase(Stateful):
    """Visits every so many weeks under one booking; `days` say what became of each, up to `planned_until`.

    `regular` takes a visit while there is nobody else; until then the later visits wait (to `waits_until`).
    """

    State = SeriesState

    WHOLE = ("booking__service", "booking__quote", "booking__home__zip", "booking__home__client__user")

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="series")
    state = models.CharField(max_length=20, choices=State, default=State.RUNNING)
    every = models.PositiveSmallIntegerField(choices=Every)
    planned_until = models.DateField()
    paused_from = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    regular = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    waits_until = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.booking}, {self.get_every_display()}"

    @property
    def zone(self) -> ZoneInfo:
        return self.booking.home.zone

    def lock(self) -> None:
        """Booking before series, as everywhere; in one query."""
        whole = type(self)._base_manager.select_related(*self.WHOLE)
        self.refresh_from_db(from_queryset=whole.select_for_update(of=("booking", "self")))

    def ask_soon(self) -> None:
        """Put the open shifts that nobody was asked for to whoever's turn it is, after the commit."""
        enqueue("bookings.offer_series", self.pk)
