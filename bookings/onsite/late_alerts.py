"""When a visit does not begin or end: whoever was to come is asked, then the office hears of it, then the client.

Whoever said that they are late is waited for until then.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from bookings.onsite.delays import Delay
from bookings.policies import LATE_CLIENT_MINUTES, LATE_OFFICE_MINUTES, LATE_WORKER_MINUTES
from bookings.states import ShiftState, VisitState
from bookings.visits.shifts.shifts import Shift
from bookings.visits.shifts.vacancies import Vacancy
from coop.jobs import process_each
from coop.policies import values
from members.models import Notice, Role, User

SINCE = timedelta(hours=3)
"""A start that is longer ago is nobody's news any more: the office knows, or the site was down."""

A_DAY = timedelta(days=1)
"""An end that is longer ago is on the office's list, and on the worker's page, and no phone rings for it."""


def tell_of_late(*, at: datetime) -> None:
    """Tell each person once what they should hear by `at`; safe to run every minute."""
    rules = values(timezone.localdate(at), (LATE_WORKER_MINUTES, LATE_OFFICE_MINUTES, LATE_CLIENT_MINUTES))
    office, late = Role.objects.holders(at, "coordinator"), list(_not_begun(at))
    expected = {one.shift_id: one.expected_at for one in Delay.objects.standing().filter(shift__in=late)}

    def tell(shift: Shift) -> None:
        minutes = (at - expected.get(shift.pk, shift.due_at)) // timedelta(minutes=1)
        has_it = shift.state == Shift.State.ACCEPTED
        if has_it and shift.member and minutes >= rules[LATE_WORKER_MINUTES.key]:
            _tell(shift, shift.member.user, "late_worker", at=at)
        if minutes >= rules[LATE_OFFICE_MINUTES.key]:
            for person in office:
                _tell(shift, person, "late_office", at=at)
        given_up = minutes >= rules[LATE_CLIENT_MINUTES.key] if has_it else shift.vacancy(at) == Vacancy.OVER
        if given_up and shift.visit and shift.visit.state == VisitState.SCHEDULED:
            _tell(shift, shift.visit.booking.client.user, "late_client", at=at)

    process_each(late, tell)


def tell_of_forgotten(*, at: datetime) -> None:
    """Ask whoever has not said that they are done, once; safe to run every minute."""
    for shift in Shift.objects.forgotten(at).with_related().filter(ends_at__gt=at - A_DAY):
        if shift.member and not shift.member.user.erased_at:
            _tell(shift, shift.member.user, "not_finished", at=at)


def _not_begun(at: datetime) -> "QuerySet[Shift]":
    """Shifts that should have begun in the last hours and did not, in visits that are not over."""
    waiting = [ShiftState.OPEN, ShiftState.OFFERED, ShiftState.ACCEPTED]
    late: QuerySet[Shift] = Shift.objects.with_related().going_on().filter(state__in=waiting)
    return late.filter(starts_at__gt=at - SINCE, starts_at__lte=at).order_by("starts_at", "pk")


def _tell(shift: Shift, person: User, mail: str, *, at: datetime) -> None:
    """One notice a person and start; the client hears of a crew once."""
    about = shift.visit_id if mail == "late_client" else shift.pk
    key = f"{mail}:{about}:{person.pk}:{shift.starts_at.timestamp():.0f}"
    Notice.post(key, to=person, mail=mail, at=at, about={"shift": shift, "visit": shift.visit})
