"""A turn that a coordinator decided otherwise: who, for whom, and why, for all members to read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.matching.rotation import ABLE, Candidate
from bookings.policies import MOST_OVERRIDES, MOST_PASSES
from bookings.promises import BrokenPromise, promises
from bookings.turns.offers.offers import Offer, Turn
from bookings.visits.shifts.shifts import Shift
from bookings.visits.shifts.vacancies import Vacancy, is_near
from coop.errors import Refusal
from coop.models import append_only
from coop.typed.fields import WrittenText
from members.models import Member, Notice, User

SAYS_YES = (*ABLE, "away")
"""What may stand against somebody who says yes when they are called: their own hours are theirs to waive."""
FOUR_WEEKS = timedelta(days=28)


class OverrideQuerySet(models.QuerySet["Override"]):
    def between(self, first: date, last: date) -> "OverrideQuerySet":
        """Those of these days, first and last included."""
        return self.filter(at__date__gte=first, at__date__lte=last)

    def concerning(self, member: Member) -> "OverrideQuerySet":
        """Those that somebody decided or that were for them."""
        return self.with_related().filter(models.Q(giver=member) | models.Q(receiver=member))

    def with_related(self) -> "OverrideQuerySet":
        """With all that a page about them reads."""
        return self.select_related("turn", "shift__zip", "giver__user", "receiver__user")


@dataclass(frozen=True)
class ShareDecided:
    """Of the visits whose turn was decided in four weeks, how many a coordinator decided otherwise."""

    overridden: int
    decided: int
    most: Fraction

    @property
    def share(self) -> Fraction:
        return Fraction(self.overridden, max(self.decided, 1))

    @property
    def is_for_a_meeting(self) -> bool:
        """Is it more than the members want without talking about it?"""
        return self.share > self.most


class Override(models.Model):
    """One turn that went to `receiver` instead of whoever came first, by `giver`, with a written reason.

    `turn` is the record of that decision, with everybody's numbers; never changed, never deleted.
    """

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="override")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="overrides")
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="overrides_given")
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="overrides_received")
    reason = WrittenText(gettext_lazy("reason"), max_length=500)
    at = models.DateTimeField()

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("override of a turn")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_override_has_a_reason"),
        ]
        indexes = [models.Index(fields=["-at"], name="overrides_by_time")]
        triggers = append_only("an_override_is_never_rewritten")

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.giver_id} → {self.receiver_id}"

    @property
    def is_for_oneself(self) -> bool:
        return self.giver_id == self.receiver_id

    @classmethod
    def part(cls, at: datetime) -> ShareDecided:
        """How often it happened in the four weeks before `at`. Two queries, and one for the rule."""
        decided = Turn.objects.filter(decided_at__gt=at - FOUR_WEEKS, decided_at__lte=at).values("shift__visit")
        return ShareDecided(
            overridden=decided.filter(override__isnull=False).distinct().count(),
            decided=decided.distinct().count(),
            most=MOST_OVERRIDES.on(timezone.localdate(at)),
        )

    @classmethod
    def give(cls, shift: Shift, *, to: Member, reason: str, at: datetime, by: User) -> "Override":
        """Ask `to` for a shift instead of whoever's turn it is, for a reason that all members read at once.

        Nobody is forced: they answer it like any offer. Who passed before may be asked again; who cannot do it is
        refused in the same words whatever the reason. An offer that waits is withdrawn, and whoever had it is told;
        who said yes already keeps the shift.
        """
        giver = by.membership
        assert giver is not None
        if to == giver:
            raise Refusal(_("You cannot give a shift to yourself. Take it from the open board when it is there."))
        if not reason.strip():
            raise Refusal(_("Say why: every member can read it."), field="reason")
        with promises():
            shift.lock_day(at=at)
            shift.lock()
            order = shift.in_turn(at=at)
            _insist(shift, order, to=to, at=at)
            cls._withdraw(shift, at=at, by=by)
            turn = Turn.objects.record(shift, order, chosen=to.pk, at=at)
            made = cls.objects.create(
                turn=turn, shift=shift, giver=giver, receiver=to, reason=" ".join(reason.split()), at=at
            )
            shift.offer(turn, at=at, by=by).tell_member(at=at)
        return made

    @classmethod
    def note_yes(cls, shift: Shift, *, to: Member, reason: str, at: datetime, by: User) -> "Override":
        """Write down that `to` said yes when whoever coordinates called; all members read why it is theirs.

        Their own hours and their share do not stand in the way of somebody who says yes; what nobody may waive does,
        and reads the same whatever it is. They are told, and can give it back.
        """
        giver = by.membership
        assert giver is not None
        if giver == to:
            raise Refusal(_("For yourself, take it from the open board."), field="member")
        no = _("%(name)s cannot have this shift: something else stands against it.") % {"name": to.short_name}
        try:
            with promises():
                shift.lock_day(at=at)
                shift.lock()
                _insist_on_nobody(shift, at=at)
                order = shift.in_turn(at=at)
                if to.pk not in {candidate.member for candidate in order if candidate.against in SAYS_YES}:
                    raise Refusal(no, field="member")
                return cls._write_yes(shift, order, to=to, giver=giver, reason=reason, at=at, by=by)
        except BrokenPromise as broken:
            raise Refusal(no, field="member") from broken

    @classmethod
    def _write_yes(
        cls, shift: Shift, order: list[Candidate], *, to: Member, giver: Member, reason: str, at: datetime, by: User
    ) -> "Override":
        cls._withdraw(shift, at=at, by=by)
        turn = Turn.objects.record(shift, order, chosen=to.pk, at=at)
        made = cls.objects.create(turn=turn, shift=shift, giver=giver, receiver=to, reason=reason, at=at)
        shift.offer(turn, at=at, by=by).say_yes_for(at=at, by=by)
        key = f"yes_noted:{shift.pk}:{to.pk}:{at.timestamp():.0f}"
        Notice.post(key, to=to.user, mail="yes_noted", at=at, about={"shift": shift, "giver": giver})
        return made

    @classmethod
    def _withdraw(cls, shift: Shift, *, at: datetime, by: User) -> None:
        """Take back the offer that waits, if there is one, and tell whoever had it; it counts for nothing."""
        waiting = Offer.objects.waiting().filter(shift=shift).select_related("member__user").first()
        if waiting is None:
            return
        waiting.withdraw(at=at, by=by)
        shift.reopen(at=at, by=by)
        about = {"shift": shift, "giver": by.membership}
        Notice.post(
            f"offer_taken_back:{waiting.pk}", to=waiting.member.user, mail="offer_taken_back", at=at, about=about
        )


def _insist_on_nobody(shift: Shift, *, at: datetime) -> None:
    if shift.state not in (Shift.State.OPEN, Shift.State.OFFERED) or not shift.is_confirmed:
        raise Refusal(_("Somebody has this shift by now."))
    if shift.vacancy(at) == Vacancy.OVER:
        raise Refusal(_("This shift is not to be taken any more."))


def _insist(shift: Shift, order: list[Candidate], *, to: Member, at: datetime) -> None:
    """Refuse what cannot be given, or not to this member, or what is theirs anyway; the shift is locked already."""
    _insist_on_nobody(shift, at=at)
    if is_near(shift.starts_at, at=at):
        raise Refusal(_("It is so near that all are asked at once. Call somebody, and write down who says yes."))
    name = {"name": to.short_name}
    if shift.member_id == to.pk:
        raise Refusal(_("%(name)s is asked for it already.") % name)
    if to.pk not in {candidate.member for candidate in order if candidate.against in ABLE}:
        raise Refusal(_("%(name)s cannot be given this shift: it does not fit their day or what it asks for.") % name)
    passed_enough = shift.passes >= MOST_PASSES.on(timezone.localdate(at))
    if shift.is_wanted and not passed_enough and order[0].member == to.pk and not order[0].against:
        raise Refusal(_("It is the turn of %(name)s anyway. “Ask again” is enough, and needs no reason.") % name)
