"""Who may do what once somebody has come. When it may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.aftercare.redos import Redo
from bookings.households.do_not_send import DoNotSend
from bookings.visits.rules import has_the_shift, is_the_client
from members.models import User
from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def asked_for_it(user: User, wish: DoNotSend | None) -> bool:
    """Only the side that asked for a do-not-send lifts it."""
    if wish is None:
        return False
    if wish.placer == DoNotSend.Placer.MEMBER:
        return wish.member.user_id == user.pk
    return wish.client.includes(user)


@predicate  # type: ignore[untyped-decorator]
def wanted_it_again(user: User, redo: Redo | None) -> bool:
    """Whose household asked that something is done again."""
    return redo is not None and redo.visit.booking.client.includes(user)


add_perm("bookings.place_donotsend", is_the_client)
add_perm("bookings.lift_donotsend", asked_for_it)
add_perm("bookings.refuse_home_shift", is_member & has_the_shift)
add_perm("bookings.thank_visit", is_the_client)
add_perm("bookings.ask_redo_visit", is_the_client)
add_perm("bookings.withdraw_redo", wanted_it_again)
add_perm("bookings.plan_redo", holds("coordinator") & not_oneself)
add_perm("bookings.decline_redo", holds("coordinator") & not_oneself)
add_perm("bookings.review", holds("safety"))
