"""Who may do what at a home. When it may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.onsite.incidents.incidents import LOOK_AFTER, Incident
from bookings.onsite.photos import Photo
from bookings.visits.rules import has_the_shift
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from members.models import User
from members.rules import holds, is_member, not_oneself


@predicate  # type: ignore[untyped-decorator]
def goes_there(user: User, visit: Visit | None) -> bool:
    """One of those who accepted this visit or began it."""
    mine = user.membership
    return (
        visit is not None
        and mine is not None
        and visit.shifts.filter(member=mine, state__in=[Shift.State.ACCEPTED, Shift.State.STARTED]).exists()
    )


@predicate  # type: ignore[untyped-decorator]
def is_there(user: User, shift: Shift | None) -> bool:
    """One of the crew who has begun or done their own part of the same visit."""
    mine = user.membership
    return (
        shift is not None and mine is not None and Shift.objects.of(mine).begun().filter(visit=shift.visit_id).exists()
    )


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


add_perm("bookings.start_shift", is_member & has_the_shift)
add_perm("bookings.finish_shift", is_member & has_the_shift)
add_perm("bookings.undo_shift", is_member & has_the_shift)
add_perm("bookings.release_shift", is_member & has_the_shift)
add_perm("bookings.run_late_shift", is_member & has_the_shift)
add_perm("bookings.tick_shift", is_member & has_the_shift)
add_perm("bookings.show_access_note_shift", is_member & has_the_shift)
add_perm("bookings.take_photo_shift", is_member & has_the_shift)
add_perm("bookings.remove_photo", took_it | shows_their_home | holds("coordinator"))
add_perm("bookings.report_incident_shift", is_member & has_the_shift)
add_perm("bookings.read_reports", holds(*LOOK_AFTER))
add_perm("bookings.read_reports_of_members", holds("safety") & not_oneself)
add_perm("bookings.take_in_hand_incident", is_member & (holds(*LOOK_AFTER) | stands_in) & not_oneself)
add_perm("bookings.close_incident", is_member & (holds(*LOOK_AFTER) | stands_in) & not_oneself)
add_perm("bookings.lock_out_visit", (is_member & goes_there) | (holds("coordinator") & not_oneself))
add_perm("bookings.miss_shift", (is_member & is_there) | (holds("coordinator") & not_oneself))
add_perm("bookings.write_times_shift", (is_member & has_the_shift) | (holds("coordinator") & not_oneself))
add_perm("bookings.not_there_shift", holds("coordinator") & not_oneself)
