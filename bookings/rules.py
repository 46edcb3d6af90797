"""Who may do what in this room. When it may be done is for the verbs to say."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.aftercare.redos import Redo
from bookings.households.do_not_send import DoNotSend
from bookings.households.housemates import HouseholdMember
from bookings.onsite.incidents import LOOK_AFTER, Incident
from bookings.onsite.photos import Photo
from bookings.turns.day_handovers import HandOver
from bookings.turns.offers import Offer
from bookings.turns.swaps import Swap
from bookings.visits.shifts import Shift
from bookings.visits.visits import Visit
from members.models import User
from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def takes_turns(user: Any) -> bool:
    """A candidate or a member: somebody who works these weeks."""
    return isinstance(user, User) and user.membership is not None and user.membership.takes_turns


@predicate  # type: ignore[untyped-decorator]
def has_the_shift(user: User, shift: Shift | None) -> bool:
    """Whose shift it is. Nobody has one that was cancelled, as nobody has one that went on to somebody else."""
    mine = shift is not None and user.membership is not None and shift.member_id == user.membership.pk
    return mine and shift is not None and shift.state != Shift.State.CANCELLED


@predicate  # type: ignore[untyped-decorator]
def goes_there(user: User, visit: Visit | None) -> bool:
    """One of those who accepted this visit or began it."""
    mine = user.membership
    return (
        visit is not None
        and mine is not None
        and visit.shifts.filter(member=mine, state__in=["accepted", "started"]).exists()
    )


@predicate  # type: ignore[untyped-decorator]
def is_there(user: User, shift: Shift | None) -> bool:
    """One of the crew who has begun or done their own part of the same visit."""
    mine = user.membership
    return (
        shift is not None
        and mine is not None
        and Shift.objects.filter(visit=shift.visit_id, member=mine, state__in=["started", "done"]).exists()
    )


@predicate  # type: ignore[untyped-decorator]
def whose_day_it_is(user: User, made: HandOver | None) -> bool:
    """Who cannot work on that day."""
    return made is not None and made.member.user_id == user.pk


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
def is_the_client(user: User, visit: Visit | None) -> bool:
    """The visit is at the home of this person's household."""
    return visit is not None and visit.booking.home.client.includes(user)


@predicate  # type: ignore[untyped-decorator]
def asked_for_it(user: User, wish: DoNotSend | None) -> bool:
    """Only the side that asked for a do-not-send lifts it."""
    if wish is None:
        return False
    if wish.placer == DoNotSend.Placer.MEMBER:
        return wish.member.user_id == user.pk
    return wish.client.includes(user)


@predicate  # type: ignore[untyped-decorator]
def owns_the_household(user: User, who: HouseholdMember | None) -> bool:
    """The client, who invited this person."""
    return who is not None and who.client.user_id == user.pk


@predicate  # type: ignore[untyped-decorator]
def is_the_person(user: User, who: HouseholdMember | None) -> bool:
    """Who was invited."""
    return who is not None and who.is_about(user)


@predicate  # type: ignore[untyped-decorator]
def wanted_it_again(user: User, redo: Redo | None) -> bool:
    """Whose household asked that something is done again."""
    return redo is not None and redo.visit.booking.client.includes(user)


@predicate  # type: ignore[untyped-decorator]
def stands_in(user: User, report: Incident | None) -> bool:
    """Named for a report that nobody of the offices may read."""
    return report is not None and report.stand_ins.filter(user=user).exists()


@predicate  # type: ignore[untyped-decorator]
def took_it(user: User, photo: Photo | None) -> bool:
    """Whose photo it is."""
    return photo is not None and photo.taken_by_id == user.pk


@predicate  # type: ignore[untyped-decorator]
def shows_their_home(user: User, photo: Photo | None) -> bool:
    """The photo is of this person's household."""
    return photo is not None and photo.shift.home.client.includes(user)


add_perm("bookings.join_householdmember", is_the_person)
add_perm("bookings.leave_householdmember", is_the_person | owns_the_household)

add_perm("bookings.place_donotsend", is_the_client)
add_perm("bookings.lift_donotsend", asked_for_it)

add_perm("bookings.move_own_visit", is_the_client)
add_perm("bookings.cancel_own_visit", is_the_client)
add_perm("bookings.ask_redo_visit", is_the_client)
add_perm("bookings.thank_visit", is_the_client)
add_perm("bookings.withdraw_redo", wanted_it_again)
add_perm("bookings.review", holds("safety"))
add_perm("bookings.take_in_hand_incident", is_member & (holds(*LOOK_AFTER) | stands_in) & not_oneself)
add_perm("bookings.close_incident", is_member & (holds(*LOOK_AFTER) | stands_in) & not_oneself)
add_perm("bookings.remove_photo", took_it | shows_their_home | holds("coordinator"))
add_perm("bookings.plan_redo", holds("coordinator") & not_oneself)
add_perm("bookings.decline_redo", holds("coordinator") & not_oneself)

add_perm("bookings.work", is_member)
add_perm("bookings.start_shift", is_member & has_the_shift)
add_perm("bookings.complete_shift", is_member & has_the_shift)
add_perm("bookings.undo_shift", is_member & has_the_shift)
add_perm("bookings.run_late_shift", is_member & has_the_shift)
add_perm("bookings.report_incident_shift", is_member & has_the_shift)
add_perm("bookings.photograph_shift", is_member & has_the_shift)
add_perm("bookings.release_shift", is_member & has_the_shift)
add_perm("bookings.refuse_home_shift", is_member & has_the_shift)
add_perm("bookings.tick_shift", is_member & has_the_shift)
add_perm("bookings.show_access_note_shift", is_member & has_the_shift)
add_perm("bookings.take_shift", takes_turns)
add_perm("bookings.accept_offer", takes_turns & is_asked)
add_perm("bookings.pass_offer", is_member & is_asked)
add_perm("bookings.undo_offer", is_member & is_asked)
add_perm("bookings.swap_shift", takes_turns & has_the_shift)
add_perm("bookings.agree_swap", takes_turns & is_asked_to_swap)
add_perm("bookings.decline_swap", is_member & is_asked_to_swap)
add_perm("bookings.withdraw_swap", is_member & asked_to_swap)

add_perm("bookings.hand_on_handover", (is_member & whose_day_it_is) | holds("coordinator"))
add_perm("bookings.come_back_handover", (is_member & whose_day_it_is) | holds("coordinator"))
add_perm("bookings.coordinate", holds("coordinator"))
add_perm("bookings.confirm_booking", holds("coordinator") & not_oneself)
add_perm("bookings.edit_carerecord", holds("coordinator") & not_oneself)
add_perm("bookings.ask_again_shift", holds("coordinator"))
add_perm("bookings.give_shift", holds("coordinator") & not_oneself)
add_perm("bookings.relieve_shift", holds("coordinator") & not_oneself)
add_perm("bookings.change_time_visit", holds("coordinator") & not_oneself)
add_perm("bookings.cancel_visit", holds("coordinator") & not_oneself)
add_perm("bookings.miss_visit", holds("coordinator") & not_oneself)
add_perm("bookings.wind_up_visit", holds("coordinator") & not_oneself)
add_perm("bookings.lock_out_visit", (is_member & goes_there) | (holds("coordinator") & not_oneself))
add_perm("bookings.miss_shift", (is_member & is_there) | (holds("coordinator") & not_oneself))
add_perm("bookings.write_times_shift", (is_member & has_the_shift) | (holds("coordinator") & not_oneself))
add_perm("bookings.not_there_shift", holds("coordinator") & not_oneself)
