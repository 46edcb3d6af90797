"""How a shift stands in the turn: who is asked for it, in which order, and whether whoever has it still fits."""

from dataclasses import replace
from datetime import datetime

from bookings.matching import rotation
from bookings.matching.needs import Need, Slot
from bookings.states import OfferState
from bookings.visits.shifts.base import ShiftBase
from members.models import Member


class InTurn(ShiftBase):
    """Questions about the turn; they change nothing."""

    class Meta:
        abstract = True

    @property
    def passes(self) -> int:
        """How many members were asked for this time and did not take it."""
        return self.offers.filter(state__in=[OfferState.PASSED, OfferState.EXPIRED], starts_at=self.starts_at).count()

    def in_turn(self, *, at: datetime) -> list[rotation.Candidate]:
        """Everybody in the order in which they are asked for this shift, its series' regular person first."""
        return rotation.in_turn(self.need(), at=at, regular=self.series.regular_id if self.series else None)

    def how_many_can(self, *, at: datetime) -> int:
        """How many members could be asked for this shift now, as far as a client may see."""
        return sum(not one.against for one in rotation.in_turn(replace(self.need(), shift=None), at=at))

    def suits(self, member: Member, *, at: datetime) -> bool:
        """Could this member be given the shift by the same rules as in a turn?"""
        order = rotation.in_turn(self.need(), at=at)
        return member.pk in {candidate.member for candidate in order if candidate.against in rotation.ABLE}

    def can_move_to(self, slot: Slot, *, at: datetime) -> bool:
        """Can whoever has this shift come at another time, past no legal hours that they are not past now?"""
        there = self._standing(replace(self.need(), slot=slot), at=at)
        if there is None or there.against not in rotation.ABLE:
            return False
        here = self._standing(self.need(), at=at) if there.over else None
        return set(there.over) <= set(here.over if here else ())

    def _standing(self, need: Need, *, at: datetime) -> rotation.Candidate | None:
        """Whoever has this shift as they stand in the turn for `need`."""
        order = rotation.in_turn(need, at=at)
        return next((candidate for candidate in order if candidate.member == self.member_id), None)
