"""Who may do what with offers, swaps and days handed over. When it may be done is for the verbs to say."""

from typing import Any

from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.turns.day_handovers import HandOver
from bookings.turns.offers.offers import Offer
from bookings.turns.swaps.swaps import Swap
from bookings.visits.rules import has_the_shift
from bookings.visits.shifts.shifts import Shift
from members.models import User
from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def takes_turns(user: Any, row: Shift | Offer | Swap | None = None) -> bool:
    """Somebody who is asked for work, on the day of this shift, offer or swap; without one, today."""
    if not isinstance(user, User) or user.membership is None:
        return False
    work = row.shift if isinstance(row, Swap) else row
    day = timezone.localdate(work.starts_at if work else None)
    return user.works and user.membership.means_on(day).is_asked


@predicate  # type: ignore[untyped-decorator]
def is_asked(user: User, offer: Offer | None) -> bool:
    """To whom the offer was made."""
    return offer is not None and user.membership is not None and offer.member_id == user.membership.pk


@predicate  # type: ignore[untyped-decorator]
def is_asked_to_swap(user: User, swap: Swap | None) -> bool:
    """Who is asked to take somebody's shift."""
    return swap is not None and user.membership is not None and swap.other_id == user.membership.pk


@predicate  # type: ignore[untyped-decorator]
def asked_to_swap(user: User, swap: Swap | None) -> bool:
    """Who asked somebody to take their shift."""
    return swap is not None and user.membership is not None and swap.asker_id == user.membership.pk


@predicate  # type: ignore[untyped-decorator]
def whose_day_it_is(user: User, made: HandOver | None) -> bool:
    """Who cannot work on that day."""
    return made is not None and made.member.user_id == user.pk


add_perm("bookings.take_shift", takes_turns)
add_perm("bookings.accept_offer", takes_turns & is_asked)
add_perm("bookings.say_no_offer", is_member & is_asked)
add_perm("bookings.undo_offer", is_member & is_asked)
add_perm("bookings.swap_shift", takes_turns & has_the_shift)
add_perm("bookings.agree_swap", takes_turns & is_asked_to_swap)
add_perm("bookings.decline_swap", is_member & is_asked_to_swap)
add_perm("bookings.withdraw_swap", is_member & asked_to_swap)
add_perm("bookings.hand_on_handover", (is_member & whose_day_it_is) | holds("coordinator"))
add_perm("bookings.come_back_handover", (is_member & whose_day_it_is) | holds("coordinator"))
add_perm("bookings.give_shift", holds("coordinator") & not_oneself)
