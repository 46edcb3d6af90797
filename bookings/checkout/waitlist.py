"""Households that would like a day on which nobody is free any more; one at a time is asked when a time opens."""

import uuid
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.areas import check_served
from bookings.catalog.closed_days import ClosedDay
from bookings.catalog.services import Service
from bookings.households.claims import FORGOTTEN
from bookings.households.clients import Client
from bookings.matching.deadlines import awake
from bookings.matching.rotation import lock_date
from bookings.policies import HORIZON_DAYS, QUIET_FROM, QUIET_UNTIL, WAITLIST_MINUTES
from bookings.visits.extras import QuoteExtra
from bookings.visits.quotes import Quote
from coop.errors import Refusal
from coop.models import served_on
from coop.policies import values
from coop.states import Stateful, transition
from members.models import Notice, User

NOON = time(12)


class WaitlistEntryQuerySet(models.QuerySet["WaitlistEntry"]):
    def standing(self) -> "WaitlistEntryQuerySet":
        """Those that still count: waiting, or a time is kept for them."""
        return self.filter(state__in=[WaitlistEntry.State.WAITING, WaitlistEntry.State.ASKED])

    def to_end(self, at: datetime) -> "WaitlistEntryQuerySet":
        """Those who were asked and booked or let the time go by, and those whose day is here or who booked another."""
        asked = models.Q(state=WaitlistEntry.State.ASKED) & (
            models.Q(kept_until__lte=at) | models.Q(quote__booking__isnull=False)
        )
        past = models.Q(state=WaitlistEntry.State.WAITING) & (
            models.Q(day__lte=timezone.localdate(at)) | models.Q(quote__booking__isnull=False)
        )
        return self.filter(asked | past)

    def abandoned(self, at: datetime) -> "WaitlistEntryQuerySet":
        """What is over of those who are known by nothing but an address that they typed, and who did not book."""
        waits = WaitlistEntry.objects.standing().filter(user=models.OuterRef("user"))
        unproven = self.exclude(user__claimed_email="").filter(user__client=None, joined_at__lt=at - FORGOTTEN)
        return unproven.exclude(models.Exists(waits))

    def in_line(self, today: date) -> "WaitlistEntryQuerySet":
        """Who waits for a day and a service for which nobody else is being asked, in the order in which they came.

        Nobody is asked where the co-op does not come on that day, nor for what is retired.
        """
        asked = WaitlistEntry.objects.filter(
            state=WaitlistEntry.State.ASKED, day=models.OuterRef("day"), service=models.OuterRef("service")
        )
        comes = served_on(models.F("day"), "quote__zip__served_days")
        extras = QuoteExtra.objects.filter(quote=models.OuterRef("quote"), addon__retired_on__lte=today)
        offered = ~models.Exists(extras) & ~models.Q(service__retired_on__lte=today)
        waiting = self.filter(comes, offered, ~models.Exists(asked), state=WaitlistEntry.State.WAITING)
        return waiting.order_by("day", "joined_at", "pk")


class WaitlistEntry(Stateful):
    """A household that waits for a local `day`. When a time opens it is kept for them until `kept_until`."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting")
        ASKED = "asked", gettext_lazy("a time is kept")
        TAKEN = "taken", gettext_lazy("booked")
        OVER = "over", gettext_lazy("over")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="waitlist")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    joined_at = models.DateTimeField()
    kept_until = models.DateTimeField(null=True)

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("place on the waitlist")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service", "day"],
                condition=models.Q(state__in=["waiting", "asked"]),
                name="a_household_waits_for_a_day_once",
            ),
            models.UniqueConstraint(
                fields=["day", "service"],
                condition=models.Q(state="asked"),
                name="one_household_is_asked_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="asked") | models.Q(kept_until__isnull=False),
                name="who_is_asked_has_time_to_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_state_display()}"

    @classmethod
    def join(
        cls,
        quote: Quote,
        day: date,
        *,
        name: str,
        email: str,
        at: datetime,
        by: User | None = None,
        browser: UUID | None = None,
    ) -> "WaitlistEntry":
        """Wait for a day that is full. Twice is once; refused when the day has times or is out of reach.

        Whoever is not signed in is somebody who is known by nothing but what they typed.
        """
        today = at.astimezone(quote.zone).date()
        if not today < day <= today + timedelta(days=HORIZON_DAYS.on(today)):
            raise Refusal(_("That day cannot be booked."), field="day")
        check_served(quote.zip, day, field="day")
        ClosedDay.check_open(day, field="day")
        quote.check_offered(at)
        if quote.openings(first=day, days=1, at=at, client=_household(by)):
            raise Refusal(_("There is a time free on that day now. Please choose one."), field="day")
        with transaction.atomic():
            quote.introduce(name=name, email=email, browser=browser)
            mine = models.Q(user=by) if by else models.Q(quote=quote, user__claimed_email=email)
            if known := cls.objects.standing().filter(mine, service=quote.service, day=day).first():
                return known
            user = by or User.objects.claim(email, name, language=quote.language, at=at)
            return cls.objects.create(user=user, service=quote.service, day=day, quote=quote, joined_at=at)

    def ask_if_open(self, *, at: datetime) -> None:
        """Keep the first time that opened on their day and tell them, if nobody else is being asked for it.

        Nobody is asked at night, nor while they hold another time on the same quote.
        """
        with transaction.atomic():
            lock_date(datetime.combine(self.day, NOON, self.quote.zone), self.quote.zone)
            busy = WaitlistEntry.objects.filter(day=self.day, service=self.service, state=self.State.ASKED).exists()
            if busy or self._would_wake_them(at) or self.quote.kept_until(at):
                return
            times = self.quote.openings(first=self.day, days=1, at=at, client=self._client())
            if times:
                self.ask(times[0], at=at, by=None)

    @transition(State.WAITING, to=State.ASKED)
    def ask(self, starts_at: datetime, *, at: datetime, by: User | None) -> None:
        """Keep this time for them for a while, and write to them; the date is locked already."""
        self.kept_until = at + timedelta(minutes=WAITLIST_MINUTES.on(timezone.localdate(at)))
        self.quote.choose_time(starts_at, at=at, client=self._client(), until=self.kept_until)
        Notice.post(
            f"waitlist:{self.pk}:{starts_at:%Y%m%d%H%M}",
            to=self.user,
            mail="waitlist_asked",
            at=at,
            about={"entry": self, "draft": self.quote},
        )

    def end(self, *, at: datetime, by: User | None) -> None:
        """The wait is over: they booked, or the time or the day went by. The next household is asked then."""
        if self.quote.booked and self.state == self.State.ASKED:
            self.take(at=at, by=by)
        else:
            self.leave(at=at, by=by)

    @transition(State.ASKED, to=State.TAKEN)
    def take(self, *, at: datetime, by: User | None) -> None:
        """They booked."""

    @transition(State.WAITING, State.ASKED, to=State.OVER)
    def leave(self, *, at: datetime, by: User | None) -> None:
        """They do not wait any more."""

    def _client(self) -> Client | None:
        return _household(self.user)

    def _would_wake_them(self, at: datetime) -> bool:
        rules = values(timezone.localdate(at), (WAITLIST_MINUTES, QUIET_FROM, QUIET_UNTIL))
        wait = timedelta(minutes=rules[WAITLIST_MINUTES.key])
        return awake(at, wait, self.quote.zone, rules[QUIET_FROM.key], rules[QUIET_UNTIL.key]) != at + wait


def _household(user: User | None) -> Client | None:
    return Client.objects.of(user).own_first(user).first() if user else None
