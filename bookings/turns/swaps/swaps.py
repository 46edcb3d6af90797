"""A shift that one member asks another to take: nothing changes before both have said yes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.promises import BrokenPromise, promises
from bookings.series.days import SeriesDay
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from members.models import Member, Notice, User

SIDES = ("shift", "back")
AROUND = (
    *("zip", "visit__booking__service", "visit__booking__quote", "visit__booking__home__zip"),
    *("visit__booking__series", "visit__redo_of"),
)


class SwapQuerySet(models.QuerySet["Swap"]):
    def waiting(self) -> "SwapQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(state=Swap.State.ASKED)

    def to_answer(self, at: datetime) -> "SwapQuerySet":
        """Those that can still be answered, the most pressing first."""
        return self.waiting().exclude(pk__in=self.to_lapse(at).values("pk")).order_by("shift__starts_at", "pk")

    def to_lapse(self, at: datetime) -> "SwapQuerySet":
        """Those whose first shift has begun, or of which one is not theirs any more; and of whoever left the co-op."""
        mine = Q(shift__state=Shift.State.ACCEPTED, shift__member=F("asker"), shift__starts_at__gt=at)
        mine &= Q(asker__in=Member.objects.here(timezone.localdate(at)))
        yours = Q(back=None) | Q(back__state=Shift.State.ACCEPTED, back__member=F("other"), back__starts_at__gt=at)
        return self.waiting().exclude(pk__in=self.model._default_manager.filter(mine, yours).values("pk"))

    def agreed_about(self, shift: Shift) -> "SwapQuerySet":
        """How this shift changed hands, latest first."""
        about = self.filter(Q(shift=shift) | Q(back=shift), state=Swap.State.AGREED)
        return about.select_related("asker__user", "other__user").order_by("-answered_at", "-pk")

    def visible_to(self, user: User) -> "SwapQuerySet":
        """Only the two: what somebody asked and was refused is nobody else's business."""
        return self.filter(Q(asker__user=user) | Q(other__user=user))

    def with_related(self) -> "SwapQuerySet":
        """With all that a page about swaps reads."""
        shifts = [f"{one}__{path}" for one in SIDES for path in AROUND]
        rows = self.select_related("asker__user", "other__user", *shifts)
        more = ("visit__shifts", "visit__booking__extras")
        return rows.prefetch_related(*(f"{one}__{path}" for one in SIDES for path in more))


@dataclass(frozen=True)
class Passing:
    """One shift that goes from whoever `has` it to whoever `takes` it."""

    shift: Shift
    has: Member
    takes: Member

    @property
    def pair(self) -> tuple[int, int]:
        """In this order pairs of a household and a member are locked."""
        return self.shift.home.client_id, self.takes.pk


class Swap(Stateful):
    """`asker` asks `other` to take `shift`, in exchange for `back`, which is the other's, or for nothing."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waiting for an answer")
        AGREED = "agreed", gettext_lazy("swapped")
        DECLINED = "declined", gettext_lazy("declined")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
        LAPSED = "lapsed", gettext_lazy("lapsed")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    back = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="swaps_back")
    asker = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="swaps_asked")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="swaps_to_answer")
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("swap")
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "other"], condition=Q(state="asked"), name="nobody_is_asked_twice_to_take_a_shift"
            ),
            models.CheckConstraint(condition=~Q(asker=F("other")), name="nobody_swaps_with_themselves"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="a_swap_is_answered_once",
            ),
        ]
        indexes = [models.Index(fields=["other"], condition=Q(state="asked"), name="swaps_to_answer")]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.asker_id} ↔ {self.other_id}"

    @property
    def passings(self) -> list[Passing]:
        """What would go to whom."""
        there = Passing(self.shift, self.asker, self.other)
        return [there, Passing(self.back, self.other, self.asker)] if self.back else [there]

    @classmethod
    def ask(cls, shift: Shift, *, other: Member, back: Shift | None, at: datetime, by: User) -> "Swap":
        """Ask `other` to take an accepted shift. Whether they can is looked at when they agree; twice is once."""
        with transaction.atomic():
            shift.lock()
            assert shift.member is not None
            made = cls(shift=shift, back=back, asker=shift.member, other=other, asked_at=at)
            made._insist_on_theirs(at)
            if not other.means_on(timezone.localdate(shift.starts_at)).is_asked:
                raise Refusal(_("They do not take shifts now. Please ask somebody else."), field="other")
            facts = {"back": back, "asker": made.asker, "asked_at": at}
            swap, is_new = cls.objects.get_or_create(shift=shift, other=other, state=cls.State.ASKED, defaults=facts)
            if is_new:
                swap.record_event("ask", at=at, by=by)
                swap._tell(other, "swap_asked", at=at)
        return swap

    def lock(self) -> None:
        """Booking, visit and shift, of both in the order of all, then the swap."""
        both = Shift.objects.filter(pk__in=[self.shift_id, self.back_id])
        locked = {one.pk: one for one in both.order_by("visit__booking", "visit", "pk")}
        for one in locked.values():
            one.lock()
        super().lock()
        self.shift = locked[self.shift_id]
        self.back = locked[self.back_id] if self.back_id else None

    def agree(self, *, at: datetime, by: User) -> None:
        """Carry it out, all or nothing. Refused in the same words whatever private reason stands in the way."""
        try:
            with all_or_nothing(self), promises():
                Shift.objects.lock_days(*((one.shift.starts_at, one.shift.zone) for one in self.passings), at=at)
                self.carry_out(at=at, by=by)
        except BrokenPromise as broken:
            raise Refusal(_does_not_fit()) from broken

    @transition(State.ASKED, to=State.AGREED)
    def carry_out(self, *, at: datetime, by: User) -> None:
        """Both lay their shifts down, and each takes the other's; their days are locked already."""
        self._insist_on_theirs(at)
        self.answered_at, passings = at, self.passings
        for one in passings:
            one.shift.lay_down(at=at, by=by)
        if not all(one.shift.suits(one.takes, at=at) for one in passings):
            raise Refusal(_does_not_fit())
        for one in sorted(passings, key=lambda passing: passing.pair):
            one.shift.take_over(one.takes, at=at, by=by)
            _tell_the_client(self, one, at=at)
        self._tell(self.asker, "swap_answered", at=at, agreed=True)

    @transition(State.ASKED, to=State.DECLINED)
    def decline(self, *, at: datetime, by: User) -> None:
        """The other says no; nobody is asked why."""
        self.answered_at = at
        self._tell(self.asker, "swap_answered", at=at, agreed=False)

    @transition(State.ASKED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Whoever asked takes the question back."""
        self.answered_at = at

    @transition(State.ASKED, to=State.LAPSED)
    def lapse(self, *, at: datetime, by: User | None) -> None:
        """One of the shifts has begun or went on, so there is nothing to answer. Refused while there is."""
        if not Swap.objects.to_lapse(at).filter(pk=self.pk).exists():
            raise Refusal(_("This can still be answered."))
        self.answered_at = at

    def _insist_on_theirs(self, at: datetime) -> None:
        """Refused unless each still has what they would give, and it lies ahead."""
        for one in self.passings:
            has_it = (one.shift.state, one.shift.member_id) == (Shift.State.ACCEPTED, one.has.pk)
            day = timezone.localdate(one.shift.starts_at)
            has_it = has_it and one.has.means_on(day).keeps_shifts  # else it goes on to whoever's turn it is
            if not has_it or one.shift.starts_at <= at:
                raise Refusal(_("One of these shifts has begun or is not theirs any more, so it cannot be swapped."))

    def _tell(self, to: Member, mail: str, *, at: datetime, **about: object) -> None:
        facts = {"swap": self, "shift": self.shift, **about}
        Notice.post(f"{mail}:{self.pk}", to=to.user, mail=mail, at=at, about=facts)


def _does_not_fit() -> str:
    return _("This could not be swapped: it does not fit their day or what it asks for.")


def _tell_the_client(swap: Swap, one: Passing, *, at: datetime) -> None:
    """Who comes instead; where a series has a regular person, its own mail tells of who comes for them."""
    visit = one.shift.visit
    assert visit is not None
    series = one.shift.series
    if series and series.regular_id not in (None, one.takes.pk):
        return
    SeriesDay.objects.filter(visit=visit, substitute=one.has).update(substitute=None, told_at=None, kept_at=None)
    about = {"booking": visit.booking, "visit": visit, "before": one.has, "now": one.takes}
    Notice.post(
        f"person_comes:{swap.pk}:{one.shift.pk}", to=one.shift.home.client.user, mail="person_comes", at=at, about=about
    )
