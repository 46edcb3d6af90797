"""One worker's part of a visit, from the time that is held for a client to the work that is done."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.households.clients import Client
from bookings.households.do_not_send import fits_the_home
from bookings.matching import rotation
from bookings.matching.deadlines import answer_by
from bookings.matching.errors import NobodyFree
from bookings.matching.needs import Need, Slot
from bookings.policies import MOST_PASSES
from bookings.promises import promises
from bookings.states import OfferState, ShiftState, VisitState
from bookings.visits.shifts.base import ShiftBase
from bookings.visits.shifts.closing import Closing
from bookings.visits.shifts.endings import NotDone
from bookings.visits.shifts.in_turn import InTurn
from bookings.visits.shifts.querysets import ShiftQuerySet
from bookings.visits.shifts.reassigning import ChangingHands
from bookings.visits.shifts.vacancies import Vacancy, is_near
from coop.errors import Refusal
from coop.jobs import enqueue
from coop.policies import policy_cache
from coop.states import all_or_nothing, transition
from members.agreements.agreed import insist_on_agreement
from members.models import Member, Notice, User

if TYPE_CHECKING:
    from bookings.turns.offers.offers import Offer, Turn
    from bookings.visits.quotes import Quote

State = ShiftBase.State
BUSY = (ShiftState.HELD, ShiftState.OFFERED, ShiftState.ACCEPTED, ShiftState.STARTED)


class Shift(ChangingHands, Closing, InTurn, NotDone):
    """One worker's part of a visit (`ShiftBase`): who is asked for it, who takes it, and the work itself."""

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
                condition=models.Q(visit__isnull=False) | models.Q(state=ShiftState.HELD, quote__isnull=False),
                name="a_shift_belongs_to_a_visit_or_is_held",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ShiftState.HELD) | models.Q(visit__isnull=True),
                name="nobody_is_at_a_visit_before_it_stands",
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False)
                | models.Q(state__in=[ShiftState.OPEN, ShiftState.CANCELLED, ShiftState.MISSED]),
                name="only_open_shifts_have_nobody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ShiftState.OPEN) | models.Q(member__isnull=True),
                name="an_open_shift_has_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "starts_at"], name="shifts_of_a_member"),
            models.Index(fields=["starts_at"], include=["member", "ends_at", "state"], name="shifts_by_time"),
            models.Index(  # all that the turn sums up, so that it need not look at the rows
                fields=["starts_at"],
                include=["id", "member", "ends_at", "assigned_at", "visit"],
                condition=models.Q(
                    state__in=[ShiftState.OFFERED, ShiftState.ACCEPTED, ShiftState.STARTED, ShiftState.DONE]
                ),
                name="turns_by_time",
            ),
        ]
        triggers = [fits_the_home()]

    def lock_day(self, *, at: datetime) -> None:
        """The same as `lock_date`, for whoever is about to give it to somebody: times that were only kept fall away."""
        Shift.objects.lock_days((self.starts_at, self.zone), at=at)

    def is_about(self, user: User) -> bool:
        """Is it this person's own part, or at their home?"""
        own = self.member is not None and self.member.user_id == user.pk
        return own or (self.visit is not None and self.visit.is_about(user))

    @classmethod
    def hold_for(cls, quote: "Quote", *, at: datetime, until: datetime, client: Client | None) -> list["Shift"]:
        """Keep the quote's time with the crew whose turn it is. Raises NobodyFree; the date is locked already."""
        slot = quote.slot(at)
        need = Need(slot, quote.wish(client.pk if client else None))
        able = [candidate for candidate in rotation.in_turn(need, at=at) if not candidate.against]
        if len(able) < quote.crew:
            raise NobodyFree
        return cls.objects.bulk_create(
            cls(
                quote=quote,
                member_id=candidate.member,
                state=cls.State.HELD,
                zip=quote.zip,
                held_until=until,
                **slot.times,
            )
            for candidate in able[: quote.crew]
        )

    def offer_next(self, *, at: datetime) -> "Offer | None":
        """Offer an open shift of a confirmed booking to the member whose turn it is, and write down why.

        After enough passes, or when nobody can do it, it stays on the open board and None comes back. Near its start
        and after it there is no time for turns: everybody who can is asked at once, and None comes back.
        """
        with policy_cache(), transaction.atomic():
            self.lock_day(at=at)
            self.lock()
            vacancy = self.vacancy(at)
            if not self.is_wanted or vacancy == Vacancy.OVER:
                return None
            Shift.objects.filter(pk=self.pk).update(asked_at=at)
            if vacancy == Vacancy.ALL:
                self._call_everybody(at=at)
                return None
            if self.passes >= MOST_PASSES.on(timezone.localdate(at)):
                return None
            try:
                return self._offer_in_turn(at=at)
            except Refusal:  # a do-not-send or another day's shift came in between; now it is seen
                return self._offer_in_turn(at=at)

    def _offer_in_turn(self, *, at: datetime) -> "Offer | None":
        """Ask the first in the order, if there is anybody."""
        order = self.in_turn(at=at)
        first = next((candidate for candidate in order if not candidate.against), None)
        with promises():
            turn = self.turns.record(self, order, chosen=first.member if first else None, at=at)
            if first is None:
                return None
            offer = self.offer(turn, at=at, by=None)
            if first.has_agreed:
                offer.accept(at=at, by=None)
            else:
                offer.tell_member(at=at)
            return offer

    def _call_everybody(self, *, at: datetime) -> None:
        """Tell all who could come that this is to be had, but for who gave it back; and the client how it stands."""
        able = {candidate.member for candidate in self.in_turn(at=at) if candidate.against in rotation.ABLE}
        asked = Member.objects.filter(pk__in=able).exclude(pk__in=self.given_back_by).select_related("user")
        moment = f"{self.starts_at.timestamp():.0f}:{at.timestamp():.0f}"
        for member in asked.order_by("pk"):
            key = f"shift_call:{self.pk}:{member.pk}:{moment}"
            Notice.post(key, to=member.user, mail="shift_call", at=at, about={"shift": self})
        self.record_event("call", at=at, by=None, note=str(len(asked)), before=self.state)
        assert self.visit is not None
        self.visit.say_that_it_is_short(at=at)

    def ask_again(self, *, at: datetime, by: User) -> "Offer | None":
        """Ask for an open shift now, at the wish of whoever coordinates; None when there is nobody to ask by turn."""
        with transaction.atomic():
            self.lock_date()
            self.lock()
            if self.state != self.State.OPEN:
                raise Refusal(_("Somebody has this shift by now."))
            self.record_event("ask_again", at=at, by=by, before=self.state)
            return self.offer_next(at=at)

    @transition(State.OPEN, to=State.OFFERED)
    def offer(self, turn: "Turn", *, at: datetime, by: User | None) -> "Offer":
        """Put the shift to the member that a turn chose."""
        assert turn.chosen is not None
        self.member, self.assigned_at = turn.chosen, at
        return self.offers.create(
            member=turn.chosen,
            turn=turn,
            starts_at=self.starts_at,
            made_at=at,
            answer_by=answer_by(at=at, starts_at=self.starts_at, zone=self.zone),
        )

    @transition(State.OFFERED, to=State.ACCEPTED)
    def accept(self, *, at: datetime, by: User | None) -> None:
        """The member said yes, now or (`by=None`) to the whole series before; what all accept, they have accepted."""
        if self.member:
            insist_on_agreement(self.member, at=at)
        self._know_the_regular(at=at)

    @transition(State.OFFERED, to=State.OPEN)
    def reopen(self, *, at: datetime, by: User | None) -> None:
        """The member passed or did not answer; the shift waits for the next turn."""
        self._vacate()

    @transition(State.OPEN, State.ACCEPTED, to=State.OFFERED)
    def reinstate(self, member: Member, *, at: datetime, by: User) -> None:
        """The member took their answer back: the offer waits for another one."""
        self.member, self.assigned_at = member, at

    def take(self, member: Member, *, at: datetime, by: User) -> None:
        """Take a shift from the open board. Refused to whoever could not be offered it."""
        with promises():
            self.lock_day(at=at)
            self.pick(member, at=at, by=by)

    @transition(State.OPEN, to=State.ACCEPTED)
    def pick(self, member: Member, *, at: datetime, by: User) -> None:
        """Give an open shift to a member who asked for it; the date is locked already."""
        if not self.is_wanted or self.vacancy(at) == Vacancy.OVER:
            raise Refusal(_("This shift is not to be taken any more."))
        order = rotation.in_turn(self.need(), at=at)
        if member.pk not in {candidate.member for candidate in order if candidate.against in rotation.ABLE}:
            raise Refusal(_("You cannot take this shift: it does not fit your day or what it asks for."))
        self.member, self.assigned_at = member, at
        self._know_the_regular(at=at)
        self.say_who_comes(at=at)

    def say_who_comes(self, *, at: datetime) -> None:
        """Near its start, tell the client who waits for a name, and leave them a while to say that it is too late."""
        if self.visit and self.member and is_near(self.starts_at, at=at):
            self.visit.somebody_comes_after_all(self.member, at=at)

    @transition(State.ACCEPTED, to=State.OPEN)
    def release(self, *, at: datetime, by: User | None, note: str = "", for_good: bool = True) -> None:
        """Give an accepted shift back; it goes on to the next turn, which (`for_good`) leaves out whoever had it."""
        if for_good and self.member:
            self.given_back_by.append(self.member.pk)
        self._vacate()
        self.ask_soon()

    def relieve(self, *, at: datetime, by: User) -> None:
        """Take an accepted shift from somebody who says that they cannot come, and ask at once who comes instead.

        Why is not asked and not kept. They are told, and so is the client. What is one's own one gives back.
        """
        with transaction.atomic():
            self.lock_date()
            self.lock()
            if self.state != self.State.ACCEPTED or self.member is None:
                raise Refusal(_("Nobody has this shift any more, or it is under way. Then call them."))
            if self.member == by.membership:
                raise Refusal(_("This shift is your own: give it back under Today."))
            about = {"shift": self, "by": by.membership}
            key = f"shift_relieved:{self.pk}:{self.member_id}:{at.timestamp():.0f}"
            Notice.post(key, to=self.member.user, mail="shift_relieved", at=at, about=about)
            self.tell_that_somebody_else_comes(key=f"{self.pk}:{at.timestamp():.0f}", at=at)
            self.release(at=at, by=by, note="relieved")
            self.offer_next(at=at)

    def tell_that_somebody_else_comes(self, *, key: str, at: datetime) -> None:
        """Tell the client that whoever has it does not come; near the start `offer_next` tells them more."""
        if is_near(self.starts_at, at=at):
            return
        assert self.visit is not None
        about = {"booking": self.visit.booking, "visit": self.visit, "member": self.member}
        Notice.post(f"person_changes:{key}", to=self.home.client.user, mail="person_changes", at=at, about=about)

    def free(self, *, at: datetime) -> None:
        """Take the shift from whoever has it, in whatever way, and let the next turn decide."""
        if self.state == self.State.OFFERED:
            self.offers.get(state=OfferState.MADE).withdraw(at=at, by=None)
            self.reopen(at=at, by=None)
            self.ask_soon()
        elif self.state == self.State.ACCEPTED:
            self._tell_it_is_off(at=at)
            self.release(at=at, by=None)

    def move_to(self, slot: Slot, *, at: datetime, by: User | None) -> None:
        """Put this part of a visit at another time: whoever accepted it keeps it if they can come, else it is open.

        Who would be brought past legal hours that they were not past before is asked anew, like everybody. An offer
        that waits is withdrawn: nobody says yes to a time that they were not asked for.
        """
        if self.state != self.State.ACCEPTED or not self.can_move_to(slot, at=at):
            self.free(at=at)
        self.put_at(slot, at=at, by=by)

    @transition(State.OPEN, State.ACCEPTED, to=None)
    def put_at(self, slot: Slot, *, at: datetime, by: User | None) -> None:
        """The work is at another time; whoever has it is told."""
        was = self.starts_at
        self.starts_at, self.ends_at, self.span = slot.start, slot.ends_at, slot.span
        self.asked_at, self.given_back_by = None, self._who_left()
        if self.member:
            key = f"shift_moved:{self.pk}:{self.member_id}:{at.timestamp():.0f}:{slot.start.timestamp():.0f}"
            Notice.post(key, to=self.member.user, mail="shift_moved", at=at, about={"shift": self, "was": was})

    def _who_left(self) -> list[int]:
        """Whoever left this visit to be safe, and is not asked for it again at another time."""
        assert self.visit is not None
        gone = self.visit.shifts.filter(state=self.State.LEFT, member__isnull=False)
        return [one for one in gone.values_list("member", flat=True) if one]

    def was_not_there(self, *, at: datetime, by: User, note: str) -> None:
        """Whoever was to come, or said that they were there, was not: the part is missed, or the whole visit."""
        with all_or_nothing(self):
            self.lock()
            if self.state == self.State.STARTED:
                self.take_back_start(at=at, by=by)
            assert self.visit is not None
            if self.visit.state == VisitState.STARTED:
                self.write_off(at=at, by=by, note=note)
            else:
                self.visit.miss(at=at, by=by, note=note)

    @transition(State.ACCEPTED, State.STARTED, State.DONE, to=None)
    def show_access_note(self, *, at: datetime, by: User) -> str:
        """The getting-in note for the worker who has this shift, from 2 h before to 2 h after; written down."""
        if not self.note_from <= at <= self.note_until:
            raise Refusal(_("The getting-in note is shown from 2 hours before the visit to 2 hours after it."))
        self.home.views.create(shift=self, user=by, at=at)
        return str(self.home.access_note.open())

    def _know_the_regular(self, *, at: datetime) -> None:
        """Whoever takes a visit of a series that has no regular person becomes it."""
        if self.series and self.member:
            self.series.set_regular(self.member, at=at)

    def ask_soon(self) -> None:
        """Let whoever's turn it is be asked in a moment, elsewhere."""
        enqueue("bookings.offer_shift", self.pk)
