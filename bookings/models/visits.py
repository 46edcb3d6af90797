"""One time at one home."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models.bookings import Booking
from bookings.policies import shares_on
from bookings.quotes import share_out
from bookings.signals import visit_cancelled, visit_completed
from coop.errors import Refusal
from coop.states import Stateful, transition
from members.models import Member, User


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        """A client's own, a worker's own while they belong to the co-op, and everything for those who coordinate."""
        if "coordinator" in user.roles:
            return self
        mine = models.Q(booking__home__client__user=user)
        if user.works:
            mine |= models.Q(shifts__member=user.membership, shifts__state__in=["accepted", "started", "done"])
        return self.filter(mine).distinct()

    def at_homes_of(self, user: User) -> "VisitQuerySet":
        """Those that a client booked."""
        return self.filter(booking__home__client__user=user)

    def coming(self, at: datetime) -> "VisitQuerySet":
        return self.filter(state__in=[Visit.State.SCHEDULED, Visit.State.STARTED], ends_at__gte=at).order_by(
            "starts_at"
        )

    def past(self, at: datetime) -> "VisitQuerySet":
        """What is over, done or not, latest first."""
        coming = models.Q(state__in=[Visit.State.SCHEDULED, Visit.State.STARTED], ends_at__gte=at)
        return self.exclude(coming).order_by("-starts_at")

    def whole(self) -> "VisitQuerySet":
        """With all that a page about visits reads."""
        around = self.select_related(
            "booking__service", "booking__home__zip", "booking__home__client__user", "booking__quote"
        )
        return around.prefetch_related("shifts__member__user", "booking__add_ons")


class Visit(Stateful):
    """One time at one home for a fixed price (cents). `minutes` is the work, for a crew of two shared by both."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", gettext_lazy("planned")
        STARTED = "started", gettext_lazy("under way")
        COMPLETED = "completed", gettext_lazy("done")
        CANCELLED = "cancelled", gettext_lazy("cancelled")
        MISSED = "missed", gettext_lazy("missed")

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=20, choices=State.choices, default=State.SCHEDULED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("visit")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="completed", completed_at__isnull=False)
                | (~models.Q(state="completed") & models.Q(completed_at__isnull=True)),
                name="a_visit_is_completed_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_visit_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "state"], name="visits_by_time")]

    def __str__(self) -> str:
        return f"{self.booking.service} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("visit", args=[self.pk])

    @property
    def day(self) -> date:
        """The local day of the home, whose rules count."""
        return self.starts_at.astimezone(self.booking.home.zone).date()

    @property
    def again(self) -> str:
        """The address where the same is asked for once more."""
        from django.urls import reverse

        booking = self.booking
        wish: dict[str, object] = {"service": booking.service.code, "zip": booking.home.zip_id}
        if booking.service.by_the_hour:
            wish["hours"] = self.minutes
        elif booking.quote:
            wish |= {"bedrooms": booking.quote.bedrooms, "bathrooms": booking.quote.bathrooms}
        wish["add_ons"] = [extra.code for extra in booking.add_ons.all()]
        return f"{reverse('quote')}?{urlencode(wish, doseq=True)}"

    def people(self) -> list[Member]:
        """Who said that they come, or came; nobody is named before they said so."""
        sure = ("accepted", "started", "done")
        return [shift.member for shift in self.shifts.all() if shift.state in sure and shift.member]

    def parts(self) -> list[tuple[str, int]]:
        """Where each cent of the price goes, by the shares of the day of the visit."""
        return share_out(self.cents, shares_on(self.day))

    def lock(self) -> None:
        """Booking before visit, as everywhere; in one query."""
        whole = Visit._base_manager.select_related(
            "booking__service", "booking__home__zip", "booking__home__client__user"
        )
        self.refresh_from_db(from_queryset=whole.select_for_update(of=("booking", "self")))

    @transition(State.SCHEDULED, to=State.STARTED)
    def start(self, *, at: datetime, by: User) -> None:
        """The first of the crew is at the door."""
        self.started_at = at

    @transition(State.STARTED, to=State.COMPLETED, announce=visit_completed)
    def complete(self, *, at: datetime, by: User) -> None:
        """The work is done; the price is earned from here on."""
        if self.started_at and at < self.started_at:
            raise Refusal(_("A visit cannot end before it begins."))
        self.completed_at = at
        self._end_the_booking(at=at, by=by)

    @transition(State.SCHEDULED, to=State.CANCELLED, announce=visit_cancelled)
    def cancel(self, *, at: datetime, by: User | None, note: str = "") -> None:
        """The visit does not take place; whoever held it is free again and told."""
        self._let_everybody_go(at=at, by=by)

    @transition(State.SCHEDULED, to=State.MISSED, announce=visit_cancelled)
    def miss(self, *, at: datetime, by: User, note: str = "") -> None:
        """Nobody of ours came; the client pays nothing."""
        if at < self.starts_at:
            raise Refusal(_("This visit has not begun yet."))
        self._let_everybody_go(at=at, by=by)
        self._end_the_booking(at=at, by=by)

    def call_off(self, *, at: datetime, by: User, note: str) -> None:
        """Cancel as the office; when nothing else is to come the whole booking is cancelled, and the client told."""
        with transaction.atomic():
            if self.others_to_come():
                self.cancel(at=at, by=by, note=note)
            else:
                self.booking.cancel(at=at, by=by, note=note)

    def others_to_come(self) -> bool:
        """Does the booking have further visits?"""
        return self.booking.visits.exclude(pk=self.pk).filter(state__in=["scheduled", "started"]).exists()

    def _end_the_booking(self, *, at: datetime, by: User) -> None:
        if not self.others_to_come():
            self.booking.end(at=at, by=by)

    def _let_everybody_go(self, *, at: datetime, by: User | None) -> None:
        for shift in self.shifts.exclude(state="cancelled").order_by("pk"):
            shift.cancel(at=at, by=by)
