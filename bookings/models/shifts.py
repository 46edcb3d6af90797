"""One worker's part of a visit, from the time that is held for a client to the work that is done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import rotation
from bookings.models.clients import Client, Home
from bookings.models.guards import fits_the_home, promises
from bookings.models.visits import Visit
from bookings.policies import LATE_WORKER_MINUTES, MOST_PASSES, TRAVEL_MINUTES
from coop.errors import Refusal
from coop.jobs import ring
from coop.models import ZipCode
from coop.states import Stateful, all_or_nothing, transition
from members.models import Member, Notice, User

if TYPE_CHECKING:
    from bookings.models.offers import Offer, Turn
    from bookings.models.quotes import Quote
    from bookings.models.series import Series

EARLY = timedelta(minutes=30)
LATE = timedelta(minutes=15)
AROUND = timedelta(hours=2)
ASK_AGAIN = timedelta(hours=1)
A_DAY = timedelta(days=1)
BUSY = ("held", "offered", "accepted", "started")


class ShiftQuerySet(models.QuerySet["Shift"]):
    def lapsed(self, at: datetime) -> "ShiftQuerySet":
        """Times kept for somebody who did not go on to book."""
        return self.filter(state=Shift.State.HELD, visit=None, held_until__lte=at)

    def around(self, moment: datetime) -> "ShiftQuerySet":
        """Those that could touch a shift at that moment."""
        return self.filter(starts_at__gt=moment - A_DAY, starts_at__lt=moment + A_DAY)

    def kept_for(self, quote: "Quote", *, at: datetime) -> "ShiftQuerySet":
        """The people whose time is still kept for what a quote chose."""
        assert quote.starts_at is not None
        return self.filter(
            quote=quote, visit=None, state=Shift.State.HELD, starts_at=quote.starts_at, held_until__gt=at
        )

    def let_go(self) -> None:
        """Forget times that were only kept; nothing hangs on them, so one statement does it.

        What somebody else is letting go at this moment is left to them, so that nobody waits in a circle.
        """
        with transaction.atomic():
            kept = self.filter(state=Shift.State.HELD, visit=None).select_for_update(skip_locked=True)
            Shift.objects.filter(pk__in=kept.values("pk"))._raw_delete(self.db)

    def unfilled(self, at: datetime) -> "ShiftQuerySet":
        """Confirmed work that nobody has accepted yet, soonest first."""
        return self.filter(state__in=["open", "offered"], visit__booking__state="confirmed", ends_at__gt=at).order_by(
            "starts_at", "pk"
        )

    def to_ask(self, at: datetime) -> "ShiftQuerySet":
        """Open shifts to come for which nobody was asked, or not for an hour."""
        open_ones = self.filter(state=Shift.State.OPEN, visit__booking__state="confirmed", starts_at__gt=at)
        due = open_ones.filter(models.Q(asked_at=None) | models.Q(asked_at__lte=at - ASK_AGAIN))
        return due.exclude(pk__in=open_ones.waiting_for_the_regular(at).values("pk"))

    def waiting_for_the_regular(self, at: datetime) -> "ShiftQuerySet":
        """Later shifts of a new series, while whoever will take the first one is not known."""
        return self.filter(
            asked_at=None, visit__booking__series__regular=None, visit__booking__series__waits_until__gt=at
        )

    def on_board(self, at: datetime) -> "ShiftQuerySet":
        """Open shifts to come for which the turn found nobody: whoever can may take one."""
        return self.filter(
            state=Shift.State.OPEN, visit__booking__state="confirmed", starts_at__gt=at, asked_at__isnull=False
        ).order_by("starts_at", "pk")

    def overdue(self, at: datetime) -> "ShiftQuerySet":
        """Shifts that should have begun and did not: the time has come with nobody, or a worker is late."""
        with_nobody = models.Q(state__in=["open", "offered"], starts_at__lte=at)
        late = models.Q(state="accepted", starts_at__lte=at - LATE)
        going_on = models.Q(visit__state__in=["scheduled", "started"], visit__booking__state="confirmed")
        return self.filter(with_nobody | late, going_on).order_by("starts_at", "pk")

    def left_behind(self, at: datetime) -> "ShiftQuerySet":
        """Work to come of members who left the co-op."""
        taken = self.filter(state__in=[Shift.State.OFFERED, Shift.State.ACCEPTED], starts_at__gt=at)
        return taken.filter(member__state=Member.State.FORMER)

    def of(self, member: Member) -> "ShiftQuerySet":
        return self.filter(member=member)

    def visible_to(self, user: User) -> "ShiftQuerySet":
        """Every shift of a visit, to all who belong to the co-op: who goes where is no secret among them."""
        return self.filter(visit__isnull=False) if user.works else self.none()

    def whole(self) -> "ShiftQuerySet":
        return self.select_related(
            *Shift.WHOLE, "member__user", "visit__booking__quote", "visit__redo_of"
        ).prefetch_related("visit__booking__add_ons")


class Shift(Stateful):
    """One worker's part of a visit.

    `held` keeps a member's time for a client who is still booking (until `held_until`); `span` is the work and
    the least way to the next home, and no member has two that overlap.
    """

    class State(models.TextChoices):
        HELD = "held", gettext_lazy("kept")
        OPEN = "open", gettext_lazy("open")
        OFFERED = "offered", gettext_lazy("offered")
        ACCEPTED = "accepted", gettext_lazy("accepted")
        STARTED = "started", gettext_lazy("under way")
        DONE = "done", gettext_lazy("done")
        CANCELLED = "cancelled", gettext_lazy("cancelled")
        MISSED = "missed", gettext_lazy("did not come")

    WHOLE = (
        "visit__booking__service",
        "visit__booking__home__zip",
        "visit__booking__home__client__user",
        "visit__booking__series",
        "zip",
    )

    class NobodyFree(Exception):
        """Not enough people can come at that time."""

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
    assigned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("shift")
        constraints = [
            ExclusionConstraint(
                name="one_shift_at_a_time",
                expressions=[("member", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=models.Q(state__in=BUSY),
            ),
            models.CheckConstraint(
                condition=models.Q(visit__isnull=False) | models.Q(state="held", quote__isnull=False),
                name="a_shift_belongs_to_a_visit_or_is_held",
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) | models.Q(state__in=["open", "cancelled", "missed"]),
                name="only_open_shifts_have_nobody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(member__isnull=True), name="an_open_shift_has_nobody"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "starts_at"], name="shifts_of_a_member"),
            models.Index(fields=["starts_at"], include=["member", "ends_at", "state"], name="shifts_by_time"),
        ]
        triggers = [fits_the_home()]

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
    def is_wanted(self) -> bool:
        """Is it open, in a booking that stands? One that still waits for a card is not put to anybody."""
        return self.state == self.State.OPEN and self.visit is not None and self.visit.booking.state == "confirmed"

    @property
    def start_from(self) -> datetime:
        """From when on its worker may start."""
        return self.starts_at - EARLY

    @property
    def note_from(self) -> datetime:
        """From when on its worker may see the getting-in note."""
        return self.starts_at - AROUND

    @property
    def note_until(self) -> datetime:
        """Until when its worker may see the getting-in note."""
        return self.ends_at + AROUND

    @property
    def passes(self) -> int:
        """How many members were asked for this time and did not take it."""
        return self.offers.filter(state__in=["passed", "expired"], starts_at=self.starts_at).count()

    @classmethod
    def hold_for(cls, quote: "Quote", *, at: datetime, until: datetime, client: Client | None) -> list["Shift"]:
        """Keep the quote's time with the crew whose turn it is. Raises NobodyFree; the date is locked already."""
        assert quote.starts_at is not None
        ends_at = quote.starts_at + timedelta(minutes=-(-quote.minutes // quote.crew))
        free_at = ends_at + timedelta(minutes=TRAVEL_MINUTES.on(timezone.localdate(at)))
        need = rotation.Need(
            starts_at=quote.starts_at,
            ends_at=ends_at,
            free_at=free_at,
            zip=quote.zip,
            skill=quote.service.skill,
            credential=quote.service.credential,
            client=client.pk if client else None,
            shift=None,
            language=quote.spoken,
            pets=tuple(quote.pets),
        )
        able = [candidate for candidate in rotation.in_turn(need, at=at) if not candidate.against]
        if len(able) < quote.crew:
            raise cls.NobodyFree
        return cls.objects.bulk_create(
            cls(
                quote=quote,
                member_id=candidate.member,
                state=cls.State.HELD,
                zip=quote.zip,
                starts_at=quote.starts_at,
                ends_at=ends_at,
                span=(quote.starts_at, free_at),
                held_until=until,
            )
            for candidate in able[: quote.crew]
        )

    def lock(self) -> None:
        """Booking, visit, then shift, as everywhere; in one query. A time that is only kept has neither."""
        if self.visit_id is None:
            return super().lock()
        whole = Shift._base_manager.select_related(*Shift.WHOLE, "member__user").filter(visit__booking__gt=0)
        self.refresh_from_db(from_queryset=whole.select_for_update(of=("visit__booking", "visit", "self")))
        return None

    def lock_date(self) -> None:
        """Queue behind whoever is assigning shifts of this day; taken before any row."""
        rotation.lock_date(self.starts_at, self.zone)

    def need(self) -> rotation.Need:
        """What this shift asks of whoever takes it."""
        service = self.visit.booking.service  # type: ignore[union-attr]
        return rotation.Need(
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            free_at=self.span.upper,
            zip=self.zip,
            skill=service.skill,
            credential=service.credential,
            client=self.home.client_id,
            shift=self.pk,
            language=self.home.spoken,
            pets=tuple(self.home.pets),
        )

    @transition(State.HELD, State.OPEN, to=State.OPEN)
    def open(self, *, at: datetime, by: User | None) -> None:
        """The time is no longer kept by the client's hold: the turn decides who comes."""
        self._vacate()

    def offer_next(self, *, at: datetime) -> "Offer | None":
        """Offer an open shift of a confirmed booking to the member whose turn it is, and write down why.

        After enough passes, or when nobody can do it, it stays on the open board and None comes back.
        """
        with transaction.atomic():
            self.lock_date()
            self.lock()
            if not self.is_wanted or self.starts_at <= at:
                return None
            Shift.objects.lapsed(at).around(self.starts_at).let_go()
            Shift.objects.filter(pk=self.pk).update(asked_at=at)
            if self.passes >= MOST_PASSES.on(timezone.localdate(at)):
                return None
            try:
                return self._offer_in_turn(at=at)
            except Refusal:  # a do-not-send or another day's shift came in between; now it is seen
                return self._offer_in_turn(at=at)

    def _offer_in_turn(self, *, at: datetime) -> "Offer | None":
        """Ask the first in the order, if there is anybody."""
        from bookings.models.offers import Turn

        order = rotation.in_turn(self.need(), at=at, regular=self.series.regular_id if self.series else None)
        able = [candidate.member for candidate in order if not candidate.against]
        with promises():
            turn = Turn.objects.create(
                shift=self, decided_at=at, chosen_id=able[0] if able else None, candidates=rotation.positions(order)
            )
            offer = self.offer(turn, at=at, by=None) if able else None
            if offer and order[0].regular and not order[0].wished:  # they agreed to the series when they took it
                offer.accept(at=at, by=None)
            return offer

    def ask_again(self, *, at: datetime, by: User) -> "Offer | None":
        """Ask for an open shift now, at the wish of whoever coordinates; None when nobody can be asked."""
        with transaction.atomic():
            self.lock_date()
            self.lock()
            if self.state != self.State.OPEN:
                raise Refusal(_("Somebody has this shift by now."))
            self.tell("ask_again", at=at, by=by, before=self.state)
            return self.offer_next(at=at)

    @transition(State.OPEN, to=State.OFFERED)
    def offer(self, turn: "Turn", *, at: datetime, by: User | None) -> "Offer":
        """Put the shift to the member that a turn chose."""
        from bookings.models.offers import Offer

        assert turn.chosen is not None
        self.member, self.assigned_at = turn.chosen, at
        made = Offer.objects.create(
            shift=self,
            member=turn.chosen,
            turn=turn,
            starts_at=self.starts_at,
            made_at=at,
            answer_by=rotation.answer_by(at=at, starts_at=self.starts_at, zone=self.zone),
        )
        if not self.series or self.series.regular_id != made.member_id:
            made.tell_member(at=at)
        return made

    @transition(State.OFFERED, to=State.ACCEPTED)
    def accept(self, *, at: datetime, by: User | None) -> None:
        """The member said yes, now or (`by=None`) to the whole series before."""
        self._know_the_regular(at=at)

    @transition(State.OFFERED, to=State.OPEN)
    def reopen(self, *, at: datetime, by: User | None) -> None:
        """The member passed or did not answer; the shift waits for the next turn."""
        self._vacate()

    def take(self, member: Member, *, at: datetime, by: User) -> None:
        """Take a shift from the open board. Refused to whoever could not be offered it."""
        with promises():
            self.lock_date()
            Shift.objects.lapsed(at).around(self.starts_at).let_go()
            self.pick(member, at=at, by=by)

    @transition(State.OPEN, to=State.ACCEPTED)
    def pick(self, member: Member, *, at: datetime, by: User) -> None:
        """Give an open shift to a member who asked for it; the date is locked already."""
        if not self.is_wanted or at >= self.ends_at:
            raise Refusal(_("This shift is not to be taken any more."))
        order = rotation.in_turn(self.need(), at=at)
        if member.pk not in {candidate.member for candidate in order if candidate.against in ("", "passed")}:
            raise Refusal(_("You cannot take this shift: it does not fit your day or what it asks for."))
        self.member, self.assigned_at = member, at
        self._know_the_regular(at=at)

    @transition(State.ACCEPTED, to=State.OPEN)
    def release(self, *, at: datetime, by: User | None, note: str = "") -> None:
        """Give an accepted shift back; it goes on to the next turn, which leaves out whoever gave it back."""
        self._vacate()
        self._ask_soon()

    def free(self, *, at: datetime) -> None:
        """Take the shift from whoever has it, in whatever way, and let the next turn decide."""
        if self.state == self.State.OFFERED:
            self.offers.get(state="made").withdraw(at=at, by=None)
            self.reopen(at=at, by=None)
            self._ask_soon()
        elif self.state == self.State.HELD:
            self.open(at=at, by=None)
        elif self.state == self.State.ACCEPTED:
            self._tell_it_is_off(at=at)
            self.release(at=at, by=None)

    def move_to(
        self, starts_at: datetime, *, ends_at: datetime, free_at: datetime, at: datetime, by: User | None
    ) -> None:
        """Put this part of a visit at another time: whoever accepted it keeps it if they can come, else it is open.

        An offer that waits is withdrawn: nobody says yes to a time that they were not asked for.
        """
        need = replace(self.need(), starts_at=starts_at, ends_at=ends_at, free_at=free_at)
        if self.state != self.State.ACCEPTED or not self._suits(need, at=at):
            self.free(at=at)
        self.put_at(starts_at, ends_at=ends_at, free_at=free_at, at=at, by=by)

    @transition(State.OPEN, State.ACCEPTED, to=None)
    def put_at(
        self, starts_at: datetime, *, ends_at: datetime, free_at: datetime, at: datetime, by: User | None
    ) -> None:
        """The work is at another time; whoever has it is told."""
        was = self.starts_at
        self.starts_at, self.ends_at, self.span = starts_at, ends_at, DateTimeTZRange(starts_at, free_at)
        self.asked_at = None
        if self.member:
            key = f"shift_moved:{self.pk}:{self.member_id}:{at.timestamp():.0f}:{starts_at.timestamp():.0f}"
            Notice.post(key, to=self.member.user, mail="shift_moved", at=at, about={"shift": self, "was": was})

    def _suits(self, need: rotation.Need, *, at: datetime) -> bool:
        """Can whoever has this shift come at the time of `need`?"""
        order = rotation.in_turn(need, at=at)
        return self.member_id in {candidate.member for candidate in order if candidate.against in ("", "passed")}

    def how_many_can(self, *, at: datetime) -> int:
        """How many members could be asked for this shift now."""
        return sum(not candidate.against for candidate in rotation.in_turn(self.need(), at=at))

    @transition(State.ACCEPTED, to=State.STARTED)
    def start(self, *, at: datetime, by: User) -> None:
        """The worker is at the door."""
        if at < self.start_from:
            raise Refusal(_("It is too early: you can start up to 30 minutes before."))
        self.started_at = at
        assert self.visit is not None
        if self.visit.state == Visit.State.SCHEDULED:
            self.visit.start(at=at, by=by)

    def complete(self, *, at: datetime, by: User) -> None:
        """End one's part; with the last part the visit is completed and the price earned, all or nothing."""
        with all_or_nothing(self):
            self.finish(at=at, by=by)
            self._complete_with_the_last(at=at, by=by)

    def write_off(self, *, at: datetime, by: User, note: str = "") -> None:
        """Say that nobody came for this part, so that the others can end the visit; they share its pay."""
        with all_or_nothing(self):
            self.miss(at=at, by=by, note=note)
            self._complete_with_the_last(at=at, by=by)

    def _complete_with_the_last(self, *, at: datetime, by: User) -> None:
        assert self.visit is not None
        if not self.visit.shifts.exclude(state__in=["done", "cancelled", "missed"]).exists():
            self.visit.complete(at=at, by=by)

    @transition(State.OPEN, State.OFFERED, State.ACCEPTED, to=State.MISSED)
    def miss(self, *, at: datetime, by: User, note: str = "") -> None:
        """Whoever was to come for this part did not, though others of the crew are there."""
        assert self.visit is not None
        if at < self.starts_at + timedelta(minutes=LATE_WORKER_MINUTES.on(timezone.localdate(at))):
            raise Refusal(_("Give them a little more time: they may be on the way."))
        if not self.visit.shifts.filter(state__in=["started", "done"]).exists():
            raise Refusal(_("Nobody of the crew has begun. If nobody came at all, say so of the whole visit."))
        if self.state == self.State.OFFERED:
            self.offers.get(state="made").withdraw(at=at, by=by)
            self._vacate()
        if self.member:
            Notice.post(
                f"shift_missed:{self.pk}", to=self.member.user, mail="shift_missed", at=at, about={"shift": self}
            )

    @transition(State.STARTED, to=State.DONE)
    def finish(self, *, at: datetime, by: User) -> None:
        """The worker's part is done."""
        if self.started_at and at < self.started_at:
            raise Refusal(_("A visit cannot end before it begins."))
        self.done_at = at

    @transition(State.HELD, State.OPEN, State.OFFERED, State.ACCEPTED, to=State.CANCELLED)
    def cancel(self, *, at: datetime, by: User | None) -> None:
        """The visit does not take place; who had accepted is told, and still stands here as who lost the work."""
        if self.state == self.State.OFFERED:
            self.offers.get(state="made").withdraw(at=at, by=by)
        if self.state == self.State.ACCEPTED:
            self._tell_it_is_off(at=at)
        else:
            self._vacate()

    @transition(State.ACCEPTED, State.STARTED, to=State.CANCELLED)
    def turn_away(self, *, at: datetime, by: User) -> None:
        """Nobody opened: whoever was there goes home, and still stands here as who lost the work."""

    @transition(State.ACCEPTED, State.STARTED, State.DONE, to=None)
    def show_access_note(self, *, at: datetime, by: User) -> str:
        """The getting-in note for the worker who has this shift, from 2 h before to 2 h after; written down."""
        if not self.note_from <= at <= self.note_until:
            raise Refusal(_("The getting-in note is shown from 2 hours before the visit to 2 hours after it."))
        from bookings.models.access import AccessView

        AccessView.objects.create(home=self.home, shift=self, user=by, at=at)
        return str(self.home.access_note.open())

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

    def _know_the_regular(self, *, at: datetime) -> None:
        """Whoever takes a visit of a series that has no regular person becomes it."""
        if self.series and self.member:
            self.series.welcome(self.member, at=at)

    def _vacate(self) -> None:
        self.member = self.assigned_at = self.asked_at = self.held_until = None

    def _ask_soon(self) -> None:
        from bookings.tasks import offer_shift

        ring(offer_shift, self.pk)
