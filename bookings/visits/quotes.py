"""A quote: what somebody wants, at what price, until when; it keeps through the four steps and by its link."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from bookings.catalog.areas import check_served
from bookings.catalog.extras import AddOn
from bookings.catalog.named import no_longer
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.pricing import Price, share_out
from bookings.catalog.services import Service
from bookings.households.clients import Client
from bookings.households.preferences import AboutTheHome, Supplies
from bookings.matching.errors import NobodyFree, TimeTaken
from bookings.matching.needs import Slot, Wish
from bookings.matching.openings import nearest
from bookings.matching.recurrence import Rule, next_few
from bookings.matching.slots import openings, slot_at, sold_between
from bookings.policies import HOLD_MINUTES, shares_on
from bookings.promises import promises
from bookings.visits.extras import QuoteExtra
from bookings.visits.shifts.shifts import Shift
from coop.encrypted_fields import SealedRow, SealedTextField
from coop.errors import Refusal, WrongState
from coop.models import Amendment, ZipCode
from coop.policies import Text, policy_cache
from coop.states import all_or_nothing
from coop.typed.fields import StoredEmailField, WrittenLine, spelled_one_way
from members.hours.public_holidays import public_holidays

if TYPE_CHECKING:
    from bookings.visits.bookings import Booking

KEPT = timedelta(days=14)


def days_of_prices(first: date, last: date) -> list[date]:
    """`first`, and each later day to `last` from which on something may cost otherwise."""
    rules, services, extras = (
        rows.filter(effective_on__gt=first, effective_on__lte=last).values_list("effective_on")
        for rows in (Amendment.objects.all(), ServicePrice.objects.standing(), AddOnPrice.objects.standing())
    )
    return sorted({first, *(day for (day,) in rules.union(services, extras))})


class Every(models.IntegerChoices):
    """How many weeks from one visit to the next."""

    ONCE = 0, gettext_lazy("Just once")
    WEEK = 1, gettext_lazy("Every week")
    TWO_WEEKS = 2, gettext_lazy("Every 2 weeks")
    FOUR_WEEKS = 4, gettext_lazy("Every 4 weeks")


class QuoteQuerySet(models.QuerySet["Quote"]):
    def with_old_notes(self, at: datetime) -> "QuoteQuerySet":
        """Drafts with a getting-in note whose price is no longer good."""
        return self.exclude(access_note="").filter(made_at__lt=at - KEPT)


class Quote(AboutTheHome, SealedRow):
    """What somebody wants, filled in step by step. Its token is the address of their draft.

    `cents`, `minutes` and `crew` (how many come) are what was quoted; a time on a day with other rules is quoted anew,
    in plain sight. `client` is the household for which the office books, with somebody on the phone; `browser` is the
    mark of the browser in which the contact was typed, which alone sees it again.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    bedrooms = models.PositiveSmallIntegerField(default=0)
    bathrooms = models.PositiveSmallIntegerField(default=0)
    hours_minutes = models.PositiveSmallIntegerField(default=0)
    add_ons = models.ManyToManyField(AddOn, through=QuoteExtra, related_name="+")
    zip = models.ForeignKey(ZipCode, on_delete=models.PROTECT, related_name="+")
    every = models.PositiveSmallIntegerField(choices=Every, default=Every.ONCE)
    minutes = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    crew = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(null=True)
    name = WrittenLine(gettext_lazy("name"), max_length=120, blank=True)
    email = StoredEmailField(gettext_lazy("e-mail"), blank=True)
    phone = PhoneNumberField(gettext_lazy("phone"), blank=True)
    street = WrittenLine(gettext_lazy("street and number"), max_length=120, blank=True)
    apartment = WrittenLine(gettext_lazy("apartment"), max_length=40, blank=True)
    access_note = SealedTextField(gettext_lazy("getting in"), blank=True, default="")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    browser = models.UUIDField(null=True, editable=False)
    referrer = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QuoteQuerySet.as_manager()

    class Meta(AboutTheHome.Meta):
        abstract = False
        verbose_name = gettext_lazy("quote")
        constraints = [
            *AboutTheHome.Meta.constraints,
            spelled_one_way("an_address_of_a_draft_is_spelled_one_way"),
        ]

    def __str__(self) -> str:
        return str(self.token)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zip.zone)

    @property
    def good_until(self) -> datetime:
        return self.made_at + KEPT

    @property
    def booked(self) -> "Booking | None":
        """The booking that came of it, if one did."""
        return getattr(self, "booking", None)

    @property
    def next_step(self) -> str:
        """The name of the page that asks for what is still missing, or of the last look."""
        if self.starts_at is None:
            return "choose_time"
        return "check_booking" if self.street else "give_contact"

    def day(self, at: datetime) -> date:
        """The day whose rules count: that of the visit once it is chosen, else today's."""
        return (self.starts_at or at).astimezone(self.zone).date()

    def price(self, *, on: date, every: int = 0) -> Price:
        """What a visit costs on a day; with `every`, one that is not the first of its series."""
        return self.service.quote(
            on=on,
            every=every,
            bedrooms=self.bedrooms,
            bathrooms=self.bathrooms,
            minutes=self.hours_minutes,
            add_ons=self.wanted(),
        )

    def wanted(self) -> list[AddOn]:
        """Its extras, each as often as it is wanted. One query."""
        return [addon for extra in self.extras.all() for addon in extra.each]

    def retired(self, day: date) -> list[Service | AddOn]:
        """What of it new visits cannot choose any more on a day. One query."""
        extras = AddOn.objects.retired(day).filter(pk__in=self.extras.values("addon"))
        return [*([] if self.service.is_offered(day) else [self.service]), *extras]

    def check_offered(self, at: datetime) -> None:
        """Refuse to book, or to wait for, what is retired by now; its price was kept, but nobody does it any more."""
        if gone := self.retired(timezone.localdate(at)):
            raise Refusal(no_longer(gone))

    def later_price(self, *, at: datetime) -> Price | None:
        """What each later visit of the series costs that is asked for, by the rules of the first one's day."""
        return self.price(on=self.day(at), every=self.every) if self.every else None

    def first_times(self, count: int = 4) -> list[tuple[datetime, Text]]:
        """When the first visits of the series are that is asked for, each with the public holiday that it falls on."""
        assert self.starts_at is not None
        first = self.starts_at.astimezone(self.zone)
        times = next_few(Rule(first.date(), first.date(), self.every, first.time()), self.zone, count=count)
        days = [time.astimezone(self.zone).date() for time in times]
        names = public_holidays(self.zip.state, days[0], days[-1])
        served = [(time, day) for time, day in zip(times, days, strict=True) if self.zip.is_served(day)]
        return [(time, names.get(day, "")) for time, day in served]

    @property
    def last_of_its_area(self) -> date | None:
        """After which day the visits of a series end because the co-op leaves the area, if it does."""
        assert self.starts_at is not None
        return self.zip.last_served(self.day(self.starts_at))

    def prices(self, *, first: date, last: date) -> dict[date, Price]:
        """The price from `first` on, and from each later day to `last` on which a rule or a listed price changes."""
        return {day: self.price(on=day) for day in days_of_prices(first, last)}

    def parts(self, *, at: datetime) -> list[tuple[str, int]]:
        """Where each cent of the price goes."""
        return share_out(self.cents, shares_on(self.day(at)))

    def openings(self, *, first: date, days: int, at: datetime, client: Client | None = None) -> list[datetime]:
        """The times that can be sold to this quote in `days` days from `first`; its own hold hides nothing."""
        soonest, latest = sold_between(self.minutes, self.crew, at=at)
        wish = self.wish(client.pk if client else None)
        return openings(wish, soonest, latest=latest, first=first, days=days, at=at, quote=self.pk)

    def wish(self, client: int | None) -> Wish:
        """What it asks of whoever comes, for a client (by id) if they are known."""
        return Wish(
            zip=self.zip,
            skill=self.service.skill,
            credential=self.service.credential,
            client=client,
            language=self.spoken,
            pets=tuple(self.pets),
        )

    def slot(self, at: datetime) -> Slot:
        """The time that it chose, with the way that is left free by today's rules."""
        assert self.starts_at is not None
        return slot_at(self.starts_at, self.minutes, self.crew, at=at)

    def nearest(self, wanted: datetime, *, at: datetime, client: Client | None = None) -> list[datetime]:
        """The three openings nearest to a wanted time, a week around it."""
        day = wanted.astimezone(self.zone).date()
        first = max(day - timedelta(days=5), at.astimezone(self.zone).date())
        return nearest(self.openings(first=first, days=14, at=at, client=client), wanted)

    def kept_until(self, at: datetime) -> datetime | None:
        """Until when the chosen time is kept, or None when it is not any more."""
        kept = self.shifts.filter(state=Shift.State.HELD, visit=None, held_until__gt=at)
        until: datetime | None = kept.aggregate(until=models.Min("held_until"))["until"]
        return until

    def ask_for(
        self,
        *,
        service: Service,
        zip: ZipCode,
        bedrooms: int,
        bathrooms: int,
        hours_minutes: int,
        add_ons: Iterable[AddOn],
        at: datetime,
        every: int = 0,
        pets: Iterable[str] = (),
        supplies: str = Supplies.OURS,
        spoken: str = "",
    ) -> None:
        """Say what is wanted and where, at today's prices. A time kept for something else is let go.

        What `supplies` asks us to bring is among `add_ons` already; an extra that is wanted twice stands there twice.
        """
        self.describe(pets=pets, supplies=supplies, spoken=spoken)
        self.service, self.zip, self.made_at = service, zip, at
        self.bedrooms, self.bathrooms, self.hours_minutes = bedrooms, bathrooms, hours_minutes
        self.every = every
        extras = list(add_ons)
        price = service.quote(
            on=self.day(at), bedrooms=bedrooms, bathrooms=bathrooms, minutes=hours_minutes, add_ons=extras
        )
        self.minutes, self.cents, self.crew = price.minutes, price.cents, price.crew
        with transaction.atomic():
            if self.pk:
                self.lock_draft()
            self.save()
            self.extras.all().delete()
            QuoteExtra.objects.bulk_create(QuoteExtra.count(extras, quote=self))
            Shift.objects.filter(quote=self).delete_holds()

    def give_contact(
        self,
        *,
        name: str,
        email: str,
        phone: str,
        street: str,
        apartment: str,
        access_note: str,
        language: str,
        browser: UUID | None = None,
    ) -> None:
        """Say who asks and where the home is; an empty getting-in note keeps the one that the same browser gave."""
        told = ["name", "email", "phone", "language", "street", "apartment", "access_note", "browser"]
        if access_note or browser != self.browser:
            self.access_note = access_note
        self.name, self.email, self.phone, self.language = name, email, phone, language
        self.street, self.apartment, self.browser = street, apartment, browser
        with transaction.atomic():
            self.lock_draft()
            self.save(update_fields=told)

    def introduce(self, *, name: str, email: str, browser: UUID | None = None) -> None:
        """Say who asks, before anything is booked; another browser does not see what was typed in one before."""
        if browser != self.browser:
            self.phone = self.street = self.apartment = self.access_note = ""
        self.name, self.email, self.browser = name, email, browser
        with transaction.atomic():
            self.lock_draft()
            self.save(update_fields=["name", "email", "phone", "street", "apartment", "access_note", "browser"])

    def choose_time(
        self, starts_at: datetime, *, at: datetime, client: Client | None = None, until: datetime | None = None
    ) -> None:
        """Keep a time for the next minutes (or `until` then), so that nobody else gets it meanwhile.

        Raises TimeTaken with the nearest other times; a time that was kept before then stays kept. Refused on a day on
        which the co-op does not come there.
        """
        with policy_cache():
            self._choose(starts_at, at=at, client=client, until=until)

    def _choose(self, starts_at: datetime, *, at: datetime, client: Client | None, until: datetime | None) -> None:
        day = starts_at.astimezone(self.zone).date()
        check_served(self.zip, day, field="starts_at")
        if starts_at not in self.openings(first=day, days=1, at=at, client=client):
            raise TimeTaken(self.nearest(starts_at, at=at, client=client))
        price = self.price(on=day)
        until = until or at + timedelta(minutes=HOLD_MINUTES.on(timezone.localdate(at)))
        try:
            with all_or_nothing(self):
                Shift.objects.lock_days((starts_at, self.zone), at=at)
                self.lock_draft()
                self.starts_at = starts_at
                self.cents, self.minutes, self.crew = price.cents, price.minutes, price.crew
                self.save(update_fields=["starts_at", "cents", "minutes", "crew"])
                self.hold(at=at, until=until, client=client)
        except NobodyFree:
            raise TimeTaken(self.nearest(starts_at, at=at, client=client)) from None

    def lock_draft(self) -> None:
        """Take the draft for this transaction. Refused once it was booked."""
        Quote.objects.select_for_update().only("pk").get(pk=self.pk)
        if Quote.objects.filter(pk=self.pk, booking__isnull=False).exists():
            raise WrongState(_("This is booked already. To book another visit, please begin anew."))

    def hold(self, *, at: datetime, until: datetime, client: Client | None) -> list[Shift]:
        """Hold the chosen time with whoever's turn it is; the date is locked already. Raises NobodyFree."""
        assert self.starts_at is not None
        Shift.objects.filter(quote=self).delete_holds()
        try:
            with promises():
                return Shift.hold_for(self, at=at, until=until, client=client)
        except Refusal:  # a shift of the day before or after, or a do-not-send that came in between
            raise NobodyFree from None

    def is_still_open(self, at: datetime) -> bool:
        """Is the chosen time still held for this quote, or at least still for sale?"""
        assert self.starts_at is not None
        kept = Shift.objects.kept_for(self, at=at).exists()
        return kept or self.starts_at in self.openings(first=self.day(at), days=1, at=at)
