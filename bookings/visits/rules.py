"""Whose visit and whose shift it is: what the rules of the wings above are made of."""

from rules.predicates import predicate

from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from members.models import User


@predicate  # type: ignore[untyped-decorator]
def has_the_shift(user: User, shift: Shift | None) -> bool:
    """Whose shift it is. Nobody has one that was cancelled, as nobody has one that went on to somebody else."""
    mine = shift is not None and user.membership is not None and shift.member_id == user.membership.pk
    return mine and shift is not None and shift.state != Shift.State.CANCELLED


@predicate  # type: ignore[untyped-decorator]
def is_the_client(user: User, visit: Visit | None) -> bool:
    """The visit is at the home of this person's household."""
    return visit is not None and visit.booking.home.client.includes(user)
