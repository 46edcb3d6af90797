"""The agreement with a client."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.areas import check_served
from bookings.catalog.closed_days import ClosedDay
from bookings.catalog.door.door_signs import DoorSign
from bookings.catalog.extras import AddOn
from bookings.catalog.services import Service
from bookings.households.clients import Client, Home
from bookings.households.preferences import BROUGHT
from bookings.matching.errors import NobodyFree, TimeTaken
from bookings.matching.needs import Wish
from bookings.matching.rotation import lock_date
from bookings.policies import AT_RISK_HOURS, CHECKOUT_MINUTES
from bookings.promises import BrokenPromise, in_words
from bookings.signals import booking_cancelled, booking_confirmed, booking_requested
from bookings.states import NOT_OVER, BookingState, SeriesState, VisitState
from bookings.visits.booking_setup import home_of, household_of, keep_time
from bookings.visits.extras import BookingExtra
from bookings.visits.ics import calendar
from coop.errors import Refusal, WrongState
from coop.models import ZipCode
from coop.money import dollars
from coop.policies import policy_cache
from coop.states import Stateful, all_or_nothing, transition
from members.models import Notice, User

if TYPE_CHECKING:
    from bookings.series.series import Series
    from bookings.visits.quotes import Quote
    from bookings.visits.visits import Visit


class BookingQuerySet(models.QuerySet["Booking"]):
    def of(self, user: User) -> "BookingQuerySet":
        return self.filter(home__client__in=Client.objects.of(user))

    def going(self) -> "BookingQuerySet":
        """Those under which a visit may still come."""
        open_ones = models.Q(state__in=[Booking.State.REQUESTED, Booking.State.CONFIRMED])
        return self.filter(open_ones | models.Q(series__state__in=[SeriesState.RUNNING, SeriesState.PAUSED]))

    def unpaid(self, at: datetime) -> "BookingQuerySet":
        """Requested, but no card was saved in time."""
        return self.filter(state=Booking.State.REQUESTED, card_due_at__lte=at)

    def with_related(self) -> "BookingQuerySet":
        whole = self.select_related("service", "home__zip", "home__client__user", "series", "quote")
        return whole.prefetch_related("extras")


class Booking(Stateful):
    """What a client and the co-op agreed. Its token is its address; whose it is says `bookings.visits.browsers`.

    Until a card is saved the time is kept to `card_due_at`; a declined card keeps it longer, at risk.
    """

    State = BookingState

    class Pays(models.TextChoices):
        CARD = "card", gettext_lazy("by card")
        OUTSIDE = "outside", gettext_lazy("by check or in cash")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pays = models.CharField(max_length=10, choices=Pays.choices, default=Pays.CARD)
    state = models.CharField(max_length=20, choices=State.choices, default=State.REQUESTED)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="bookings")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    add_ons = models.ManyToManyField(AddOn, through=BookingExtra, related_name="bookings")
    quote = models.OneToOneField("bookings.Quote", on_delete=models.PROTECT, related_name="booking", null=True)
    requested_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    card_due_at = models.DateTimeField()
    card_declined_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("booking")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[BookingState.REQUESTED, BookingState.CANCELLED])
                | models.Q(confirmed_at__isnull=False),
                name="a_booking_counts_once_confirmed",
            )
        ]
        indexes = [
            models.Index(
                fields=["card_due_at"], condition=models.Q(state=BookingState.REQUESTED), name="bookings_without_card"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.home}"

    def get_absolute_url(self) -> str:
        return reverse("booking", args=[self.token])

    @property
    def client(self) -> Client:
        return self.home.client

    def is_about(self, user: User) -> bool:
        """Is it for this person's home?"""
        return self.client.is_about(user)

    @property
    def claim_key(self) -> str:
        """What only our mail carries, while nobody has proven the address; empty then (`Client.claim_key`)."""
        return self.client.claim_key

    def wanted(self) -> list[AddOn]:
        """Its extras, each as often as it was agreed."""
        return [addon for extra in self.extras.all() for addon in extra.each]

    def extras_to_do(self) -> list[BookingExtra]:
        """The extras that are work, and not something to bring along."""
        return [extra for extra in self.extras.all() if extra.addon.code not in BROUGHT]

    @property
    def wish(self) -> Wish:
        """What its visits ask of whoever comes."""
        return Wish(
            zip=self.home.zip,
            skill=self.service.skill,
            credential=self.service.credential,
            client=self.home.client_id,
            language=self.home.spoken,
            pets=tuple(self.home.pets),
        )

    @property
    def at_risk(self) -> bool:
        """The card was declined and the time is kept for a while only."""
        return self.state == self.State.REQUESTED and self.card_declined_at is not None

    @property
    def needs_card(self) -> bool:
        """Waiting for a first card, which was not declined."""
        return self.state == self.State.REQUESTED and self.card_declined_at is None

    @classmethod
    def request(cls, quote: "Quote", *, at: datetime, by: User | None) -> "Booking":
        """Make a quote a booking: client, home, visit and held shifts, all or nothing.

        Booking the same quote twice gives the same booking. Raises TimeTaken when the time is gone; refused while the
        door is closed, on a closed day, where the co-op does not come on that day, and for what is retired by now.
        """
        assert quote.starts_at is not None
        try:
            with policy_cache(), in_words(), all_or_nothing(quote):
                lock_date(quote.starts_at, quote.zone)
                if booked := cls._of_quote(quote):
                    return booked
                DoorSign.check_open()
                check_served(ZipCode.objects.get(pk=quote.zip_id), quote.day(at))
                ClosedDay.check_open(quote.day(at), field="starts_at")
                quote.check_offered(at)
                return cls._make(quote, at=at, by=by)
        except (NobodyFree, BrokenPromise):  # or a do-not-send that came in between
            known = household_of(quote, by=by)
            lapsed = quote.kept_until(at) is None
            raise TimeTaken(quote.nearest(quote.starts_at, at=at, client=known), lapsed=lapsed) from None

    @classmethod
    def _of_quote(cls, quote: "Quote") -> "Booking | None":
        """What this quote became already. Refused when it was changed elsewhere since it was read."""
        stored = type(quote).objects.select_related("booking").select_for_update(of=("self",)).get(pk=quote.pk)
        if stored.booked:
            return stored.booked
        if (stored.starts_at, stored.cents, stored.browser) != (quote.starts_at, quote.cents, quote.browser):
            raise Refusal(_("You chose another time in the meantime. Please look at it once more."))
        return None

    @classmethod
    def _make(cls, quote: "Quote", *, at: datetime, by: User | None) -> "Booking":
        assert quote.starts_at is not None
        home = home_of(quote, at=at, by=by)
        until = at + timedelta(minutes=CHECKOUT_MINUTES.on(timezone.localdate(at)))
        booking = cls.objects.create(home=home, service=quote.service, quote=quote, requested_at=at, card_due_at=until)
        BookingExtra.objects.bulk_create(BookingExtra.count(quote.wanted(), booking=booking))
        booking.visits.create(
            starts_at=quote.starts_at,
            ends_at=quote.slot(at).ends_at,
            minutes=quote.minutes,
            cents=quote.cents,
        )
        keep_time(quote, home.client, at=at, until=until)
        booking.record_event("request", at=at, by=by)
        booking_requested.send(sender=cls, subject=booking, at=at, by=by)
        return booking

    def card_saved(self, *, at: datetime, by: User | None) -> None:
        """The card is saved: confirm, and offer each shift to whose turn it is, all or nothing.

        Being told twice is being told once. Refused (WrongState) when the time was already let go.
        """
        with transaction.atomic():
            self._lock_with_its_days()
            if self.state not in (self.State.CONFIRMED, self.State.ENDED):
                self._stand(at=at, by=by)

    def confirm_without_card(self, *, at: datetime, by: User, note: str) -> None:
        """The office takes the booking although no card is saved; it is paid by check or in cash. `note` says why."""
        with transaction.atomic():
            self._lock_with_its_days()
            if self.state != self.State.REQUESTED:
                raise WrongState(_("This booking does not wait for a card any more."))
            self.pays = self.Pays.OUTSIDE
            self.save(update_fields=["pays"])
            self.record_event("confirm_without_card", at=at, by=by, note=note, before=self.state)
            self._stand(at=at, by=by)

    def _lock_with_its_days(self) -> None:
        for starts_at in self.visits.order_by("starts_at").values_list("starts_at", flat=True):
            lock_date(starts_at, self.home.zone)
        self.lock()

    def _stand(self, *, at: datetime, by: User | None) -> None:
        """Confirm, and ask whose turn it is for each shift; everything is locked."""
        self.confirm(at=at, by=by)
        for visit in self.visits.all():
            for shift in visit.shifts.order_by("pk"):
                if self.client.is_claimed:  # whoever waits for this page is not to see from it how that goes
                    shift.ask_soon()
                else:
                    shift.offer_next(at=at)

    @transition(State.REQUESTED, to=State.CONFIRMED, announce=booking_confirmed)
    def confirm(self, *, at: datetime, by: User | None) -> None:
        """The visit stands, no time is merely kept any more; the turn decides who comes. `receivers` begin a series."""
        self.confirmed_at, self.card_declined_at = at, None
        if self.quote:
            self.quote.shifts.open_for(self.first_visit(), self.quote, at=at)

    def tell_confirmed(self, *, at: datetime) -> None:
        """Send the confirmation; its series, if it has one, has begun."""
        self._tell_client("booking_confirmed", at=at)

    @transition(State.REQUESTED, to=None)
    def mark_at_risk(self, *, at: datetime, by: User | None) -> None:
        """The card was declined: keep the time for a day, but not past the visit, so that another card can be tried."""
        if self.card_declined_at is None:
            due = at + timedelta(hours=AT_RISK_HOURS.on(timezone.localdate(at)))
            self.card_declined_at, self.card_due_at = at, min(due, self.first_visit().starts_at)
            if self.quote:
                self.quote.shifts.kept().update(held_until=self.card_due_at)
            self._tell_client("card_declined", at=at)

    @transition(State.REQUESTED, to=State.CANCELLED, announce=booking_cancelled)
    def lapse(self, *, at: datetime, by: User | None, note: str = "") -> None:
        """No card was saved in time: the time is free for others again. Refused while there is still time."""
        if at < self.card_due_at:
            raise Refusal(_("There is still time to save a card."))
        self._cancel_visits(at=at, by=by, note=note, responsible="nobody")

    @transition(State.REQUESTED, State.CONFIRMED, to=State.CANCELLED, announce=booking_cancelled)
    def cancel(self, *, at: datetime, by: User | None, note: str = "", responsible: str = "coop") -> None:
        """End the agreement before the visit: its visits to come are cancelled for nothing and the people freed."""
        if self.visits.filter(state=VisitState.STARTED).exists():
            raise Refusal(_("The visit is under way; it cannot be cancelled any more."))
        if series := self.going_series():
            series.stop(at=at, by=by)
        self._cancel_visits(at=at, by=by, note=note, responsible=responsible)

    @transition(State.CONFIRMED, to=State.ENDED)
    def end(self, *, at: datetime, by: User | None) -> None:
        """Every visit has taken place."""

    def going_series(self) -> "Series | None":
        """Its series, if it has one that did not end."""
        again = type(self).objects.select_related("series").get(pk=self.pk)
        series: Series | None = getattr(again, "series", None)
        return series if series and series.is_going else None

    def end_if_over(self, *, at: datetime, by: User | None, note: str = "the series ended") -> None:
        """With nothing more to come the agreement ends; it is cancelled where nothing ever took place."""
        if self.going_series() or self.visits.filter(state__in=NOT_OVER).exists():
            return
        if self.visits.exclude(state=VisitState.CANCELLED).exists():
            self.end(at=at, by=by)
        else:
            self.cancel(at=at, by=by, note=note)

    def cancel_free(self, *, at: datetime, by: User | None) -> None:
        """Cancel all that is to come, as the client, while it costs nothing; nobody has to sign in for that."""
        with transaction.atomic():
            self.lock()
            fees = [visit.cancellation(at).cents for visit in self.visits.filter(state=VisitState.SCHEDULED)]
            if any(fees):
                raise Refusal(
                    _("Cancelling costs %(fee)s by now. Please sign in to cancel, so that we know it is you.")
                    % {"fee": dollars(sum(fees))}
                )
            self.cancel(at=at, by=by, responsible="client")

    def _cancel_visits(self, *, at: datetime, by: User | None, note: str, responsible: str) -> None:
        if self.quote:
            self.quote.shifts.all().delete_holds()
        visits = list(self.visits.filter(state=VisitState.SCHEDULED).order_by("pk"))
        for visit in visits:
            visit.cancel(at=at, by=by, note=note, responsible=responsible)
        if visits:
            self._tell_client("booking_cancelled", at=at)

    def first_visit(self) -> "Visit":
        return self.visits.order_by("starts_at")[0]

    def _tell_client(self, mail: str, *, at: datetime) -> None:
        visit = self.first_visit()
        for user in self.client.told(booker=self.quote.email if self.quote else ""):
            Notice.post(
                f"{mail}:booking:{self.pk}" + (f":{user.pk}" if user != self.client.user else ""),
                to=user,
                mail=mail,
                at=at,
                about={"booking": self, "visit": visit},
                calendar=calendar([visit], at=at) if mail == "booking_confirmed" else "",
            )
