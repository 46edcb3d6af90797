"""A shift put to a member, and the record of why to this one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.matching.deadlines import awake
from bookings.matching.rotation import Candidate, positions
from bookings.policies import QUIET_FROM, QUIET_UNTIL
from bookings.promises import promises
from bookings.states import OfferState, ShiftState
from bookings.turns.offers.offer_base import OfferBase
from bookings.turns.undo import Undoing
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import append_only
from coop.policies import values
from coop.states import all_or_nothing, transition
from members.models import Member, Notice, User

State = OfferBase.State
WAY_BACK_FROM_A_PASS = timedelta(seconds=30)
WAY_BACK_FROM_A_YES = timedelta(minutes=5)
NEAR = timedelta(hours=6)
"""A shift that starts sooner is not kept waiting: whoever is next is asked at once."""


class TurnQuerySet(models.QuerySet["Turn"]):
    def record(self, shift: Shift, order: list[Candidate], *, chosen: int | None, at: datetime) -> "Turn":
        """Write down a decision about a shift with everybody's numbers."""
        return self.create(shift=shift, decided_at=at, chosen_id=chosen, candidates=positions(order))

    def newest_first(self) -> "TurnQuerySet":
        """With all that a page about them reads."""
        read = self.select_related("offer", "override__giver__user", "override__receiver__user")
        return read.order_by("-decided_at", "-pk")


class Turn(models.Model):
    """One decision about a shift: everybody's numbers and reasons in the order of the turn, written once.

    `candidates` is a list of {member, received, assigned, passed, wanted (minutes), days, share, last_assigned,
    against}, with `regular` for whoever went first because they know the home and `over` (and week, day, rest in
    minutes) for whoever would be past legal hours; readable by members. Of early records only member, received,
    wanted, share and against are known.
    """

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="turns")
    decided_at = models.DateTimeField()
    chosen = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    candidates: Any = models.JSONField()

    objects = TurnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["decided_at"], name="turns_by_decision")]
        triggers = append_only("a_turn_is_never_rewritten")

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.chosen_id}"

    @property
    def due(self) -> int | None:
        """The member who came first by the rule, of those who could be asked."""
        return next((candidate["member"] for candidate in self.candidates if not candidate["against"]), None)


class OfferQuerySet(models.QuerySet["Offer"]):
    def waiting(self) -> "OfferQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(state=Offer.State.MADE)

    def to_answer(self, at: datetime) -> "OfferQuerySet":
        """Those that can still be answered, the most pressing first."""
        return self.waiting().filter(answer_by__gte=at).order_by("answer_by", "pk")

    def visible_to(self, user: User) -> "OfferQuerySet":
        """Those made to this person, and all for whoever coordinates."""
        return self if "coordinator" in user.roles else self.filter(member__user=user)

    def with_related(self) -> "OfferQuerySet":
        """With all that a page about offers reads."""
        booking = "shift__visit__booking"
        around = self.select_related(
            f"{booking}__series",
            "turn__offer",
            "turn__override__giver__user",
            "turn__override__receiver__user",
            "shift__zip",
            f"{booking}__service",
            f"{booking}__home__zip",
            f"{booking}__quote",
            "shift__visit__redo_of",
        )
        return around.prefetch_related(f"{booking}__extras", "shift__visit__shifts")

    def by_key(self, key: str) -> "Offer | None":
        """The one that this secret key answers (`Offer.answer_key`), if there is any."""
        number = key.partition("-")[0]
        found = self.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 16 else None
        return found if found and constant_time_compare(found.answer_key, key) else None

    def overdue(self, at: datetime) -> "OfferQuerySet":
        return self.waiting().filter(answer_by__lte=at)

    def of(self, member: Member) -> "OfferQuerySet":
        return self.filter(member=member)

    def to_undo(self, at: datetime) -> "OfferQuerySet":
        """Those whose answer can still be taken back, the latest first."""
        theirs = models.Q(
            state=Offer.State.ACCEPTED, shift__state=ShiftState.ACCEPTED, shift__member=models.F("member")
        )
        waits = models.Q(state=Offer.State.PASSED, shift__state=ShiftState.OPEN)
        return self.filter(theirs | waits, undo_until__gt=at).order_by("-answered_at", "-pk")

    def to_move_on(self, at: datetime) -> "OfferQuerySet":
        """Passes that cannot be undone any more, and after which nobody was asked yet."""
        return self.filter(state=Offer.State.PASSED, undo_until__lte=at).order_by("undo_until", "pk")


class Offer(Undoing):
    """A shift put to the member whose turn it is (`OfferBase`), and how they answer."""

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("offer")
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=models.Q(state=OfferState.MADE), name="a_shift_is_offered_to_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state=OfferState.MADE, answered_at__isnull=True)
                | (~models.Q(state=OfferState.MADE) & models.Q(answered_at__isnull=False)),
                name="an_offer_is_answered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(undo_until__isnull=True)
                | models.Q(state__in=[OfferState.ACCEPTED, OfferState.PASSED]),
                name="only_an_answer_is_undone",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=models.Q(state=OfferState.MADE), name="offers_to_answer"),
            models.Index(fields=["made_at"], include=["member"], name="offers_by_time"),
            models.Index(fields=["undo_until"], condition=models.Q(undo_until__isnull=False), name="answers_to_undo"),
        ]

    @transition(State.MADE, to=State.ACCEPTED)
    def accept(self, *, at: datetime, by: User | None) -> None:
        """Take the shift; `by=None` when they did so with the series. Refused once the time to answer is over."""
        if at > self.answer_by:
            raise Refusal(_("The time to answer this offer is over. It went on to the next person."))
        self.answered_at = at
        self.undo_until = min(at + WAY_BACK_FROM_A_YES, self.answer_by) if by else None
        with promises():
            self.shift.accept(at=at, by=by)

    @transition(State.MADE, to=State.ACCEPTED)
    def say_yes_for(self, *, at: datetime, by: User) -> None:
        """Whoever coordinates heard the yes on the phone; an answer by tap has a deadline, this one has not."""
        self.answered_at = at
        self.shift.accept(at=at, by=by)
        self.shift.say_who_comes(at=at)

    def tell_member(self, *, at: datetime) -> None:
        """Write to whoever is asked, when the time to answer runs; at night only if the shift is before the morning."""
        rules = values(timezone.localdate(at), (QUIET_FROM, QUIET_UNTIL))
        wakes = awake(at, timedelta(), self.shift.zone, rules[QUIET_FROM.key], rules[QUIET_UNTIL.key])
        Notice.post(
            f"offer:{self.pk}",
            to=self.member.user,
            mail="offer_made",
            at=wakes if wakes < self.starts_at else at,
            about={"offer": self, "shift": self.shift},
        )

    @transition(State.MADE, to=State.PASSED)
    def decline(self, *, at: datetime, by: User, why: str) -> None:
        """Say no without penalty; safety and missing details do not even count as received."""
        self.answered_at, self.why, self.counts = at, why, why not in self.COSTLESS
        self.shift.reopen(at=at, by=by)

    def say_no(self, *, at: datetime, by: User, why: str) -> None:
        """Pass by a tap: the next person is asked once it cannot be undone any more; at once when the shift is near."""
        if self.starts_at - at < NEAR:
            self.pass_on(at=at, by=by, why=why)
        else:
            self._decline_for_now(at=at, by=by, why=why)

    def _decline_for_now(self, *, at: datetime, by: User, why: str) -> None:
        with all_or_nothing(self):
            self.decline(at=at, by=by, why=why)
            self.undo_until = min(at + WAY_BACK_FROM_A_PASS, self.answer_by)
            self.save(update_fields=["undo_until"])

    @transition(State.MADE, to=State.EXPIRED)
    def expire(self, *, at: datetime, by: User | None) -> None:
        """Nobody answered in time; this never counts as received. Refused before the time is over."""
        if at < self.answer_by:
            raise Refusal(_("There is still time to answer this offer."))
        self.answered_at, self.counts = at, False
        self.shift.reopen(at=at, by=by)

    @transition(State.MADE, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User | None) -> None:
        """Take the offer back: the visit was cancelled or the person must not go there."""
        self.answered_at, self.counts = at, False

    def pass_on(self, *, at: datetime, by: User | None, why: str = OfferBase.Why.OTHER) -> None:
        """Decline (or, when it is the clock who says so, let expire) and ask the next person, all or nothing."""
        with all_or_nothing(self):
            self.shift.lock_date()
            if by:
                self.decline(at=at, by=by, why=why)
            else:
                self.expire(at=at, by=None)
            self.shift.offer_next(at=at)
