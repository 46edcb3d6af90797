"""Something was not done well: a household asks, in private, that it is done again, and it costs them nothing."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.households.clients import Client
from bookings.matching.rotation import lock_date
from bookings.matching.slots import openings, slot_at
from bookings.policies import REDO_ASK_HOURS, REDO_DAYS
from bookings.visits.bookings import Booking
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.contact import or_reach_us
from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from coop.typed.fields import WrittenLine
from members.models import Notice, User

LENGTHS = range(30, 241, 30)
"""Minutes that doing something again may take."""


class Room(models.TextChoices):
    """What to look at again."""

    KITCHEN = "kitchen", gettext_lazy("Kitchen")
    BATHROOM = "bathroom", gettext_lazy("Bathroom")
    LIVING = "living", gettext_lazy("Living room")
    BEDROOM = "bedroom", gettext_lazy("Bedroom")
    HALL = "hall", gettext_lazy("Hall and stairs")
    OTHER = "other", gettext_lazy("Something else")


class RedoQuerySet(models.QuerySet["Redo"]):
    def visible_to(self, user: User) -> "RedoQuerySet":
        """A household's own, and all for those who coordinate."""
        if "coordinator" in user.roles:
            return self
        return self.filter(visit__booking__home__client__in=Client.objects.of(user))

    def to_plan(self) -> "RedoQuerySet":
        """Those that wait for a time, longest first."""
        return self.filter(state=Redo.State.ASKED).order_by("asked_at", "pk")

    def with_related(self) -> "RedoQuerySet":
        """With all that a page about them reads."""
        booking = "visit__booking"
        return self.select_related(
            "again", f"{booking}__service", f"{booking}__home__zip", f"{booking}__home__client__user"
        ).prefetch_related("visit__shifts__member__user")


class Redo(Stateful):
    """A household asks that something is done again, within `bookings.redo_ask_hours` of a visit.

    It is private: it feeds no turn, it is no score, and no count of it is kept about anybody. `again` is the visit on
    which it is done: it costs the household nothing, and pays whoever comes the pay floor out of the co-op's hand.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("asked for")
        PLANNED = "planned", gettext_lazy("planned")
        DONE = "done", gettext_lazy("done")
        DECLINED = "declined", gettext_lazy("declined")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="redo")
    again = models.OneToOneField(Visit, on_delete=models.PROTECT, null=True, related_name="redo_of")
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    rooms = ArrayField(models.CharField(max_length=20, choices=Room.choices))
    words = WrittenLine(max_length=300, blank=True)
    answer = WrittenLine(max_length=300, blank=True)
    asked_at = models.DateTimeField()

    objects = RedoQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("request to do it again")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["planned", "done"]) | models.Q(again__isnull=False),
                name="a_planned_redo_has_its_visit",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_about(self, user: User) -> bool:
        """Is it about this person's home, or did they do the work?"""
        return self.visit.is_about(user) or self.visit.shifts.filter(member__user=user).exists()

    @property
    def until(self) -> datetime:
        """Until when it should be done, by the rules of the day on which it was asked for."""
        return self.asked_at + timedelta(days=REDO_DAYS.on(timezone.localdate(self.asked_at)))

    def lines(self) -> list[str]:
        """What to look at again, in words."""
        return [*(str(Room(code).label) for code in self.rooms), *([self.words] if self.words else [])]

    @classmethod
    def until_when(cls, visit: Visit) -> datetime | None:
        """Until when something may be asked for again; None where that makes no sense: care, or what was redone."""
        if visit.completed_at is None or visit.booking.service.by_the_hour or not visit.cents:
            return None
        return visit.completed_at + timedelta(hours=REDO_ASK_HOURS.on(visit.day))

    @classmethod
    def ask(cls, visit: Visit, *, rooms: Iterable[str], words: str, at: datetime, by: User) -> "Redo":
        """Ask that something is done again; asking twice is asking once."""
        until = cls.until_when(visit)
        if until is None:
            raise Refusal(_("This visit cannot be done again.") + or_reach_us())
        if at > until:
            raise Refusal(_("The time to ask for this is over.") + or_reach_us())
        with transaction.atomic():
            told = {"rooms": sorted(set(rooms)), "words": words, "asked_at": at}
            redo, is_new = cls.objects.get_or_create(visit=visit, defaults=told)
            if is_new:
                redo.record_event("ask", at=at, by=by)
        return redo

    def times(self, *, minutes: int, at: datetime) -> list[datetime]:
        """When somebody could come for so long, until it should be done; what is late is done late, and not never."""
        booking = self.visit.booking
        first: date = at.astimezone(booking.home.zone).date()
        last = self.until if self.until > at else at + (self.until - self.asked_at)
        days = (last.astimezone(booking.home.zone).date() - first).days + 1
        soonest = slot_at(at, minutes, 1, at=at)
        return openings(booking.wish, soonest, latest=last, first=first, days=days, at=at, owed=True)

    def plan(self, starts_at: datetime, *, minutes: int, at: datetime, by: User) -> None:
        """Put it at a time: a visit for nothing, offered to whoever's turn it is."""
        if starts_at not in self.times(minutes=minutes, at=at):
            raise Refusal(_("Nobody is free then any more. Please choose another time."), field="starts_at")
        with all_or_nothing(self):
            lock_date(starts_at, self.visit.zone)
            self.put(starts_at, minutes=minutes, at=at, by=by)
            assert self.again is not None
            for shift in self.again.shifts.all():
                Shift.objects.with_related().get(pk=shift.pk).offer_next(at=at)

    @transition(State.ASKED, to=State.PLANNED)
    def put(self, starts_at: datetime, *, minutes: int, at: datetime, by: User) -> None:
        """Make the visit; the day is locked already."""
        asked = self.visit.booking
        booking = Booking.objects.create(home=asked.home, service=asked.service, requested_at=at, card_due_at=at)
        there = slot_at(starts_at, minutes, 1, at=at)
        self.again = Visit.objects.create(
            booking=booking, starts_at=starts_at, ends_at=there.ends_at, minutes=minutes, cents=0
        )
        Shift.objects.create(visit=self.again, state=Shift.State.OPEN, zip=asked.home.zip, **there.times)
        booking.confirm(at=at, by=by)

    @transition(State.PLANNED, to=State.DONE)
    def finish(self, *, at: datetime, by: User | None) -> None:
        """It was done again."""

    @transition(State.PLANNED, to=State.ASKED)
    def wait(self, *, at: datetime, by: User | None) -> None:
        """Its visit does not take place: another time is looked for."""
        self.again = None

    @transition(State.ASKED, to=State.DECLINED)
    def decline(self, answer: str, *, at: datetime, by: User) -> None:
        """It is not done again; the household is told why, and nobody else."""
        self.answer = answer
        Notice.post(
            f"redo_declined:{self.pk}",
            to=self.visit.booking.client.user,
            mail="redo_declined",
            at=at,
            about={"redo": self, "visit": self.visit},
        )

    @transition(State.ASKED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User | None) -> None:
        """The household needs it no more."""

    def lost_its_visit(self, *, at: datetime, by: User | None) -> None:
        """Its visit was cancelled: by the household, who then needs it no more, or by us, who look for another time."""
        self.wait(at=at, by=by)
        if by is not None and self.visit.booking.client.includes(by):
            self.withdraw(at=at, by=by)
