"""How an accepted shift goes from one member to another without being open to anybody in between."""

from datetime import datetime

from bookings.visits.shifts.base import ShiftBase
from coop.states import transition
from members.models import Member, User

State = ShiftBase.State


class ChangingHands(ShiftBase):
    """The two halves of a change of hands; both in one transaction under the locks of their days."""

    class Meta:
        abstract = True

    @transition(State.ACCEPTED, to=State.OPEN)
    def lay_down(self, *, at: datetime, by: User) -> None:
        """Nobody has it for a moment, so that two who exchange are not in each other's way."""
        self.member = self.assigned_at = self.asked_at = None

    @transition(State.OPEN, to=State.ACCEPTED)
    def take_over(self, member: Member, *, at: datetime, by: User) -> None:
        """Somebody else has it. Whoever is the regular person of a series stays so."""
        self.member, self.assigned_at = member, at

    @transition(State.OPEN, to=State.ACCEPTED)
    def have_again(self, member: Member, *, at: datetime, by: User) -> None:
        """Whoever could not come can after all, and nobody has it yet: it is theirs as before."""
        self.member, self.assigned_at = member, at
        self.given_back_by = [one for one in self.given_back_by if one != member.pk]
