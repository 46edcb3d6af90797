"""What a change of standing does to work: what somebody does not keep goes on in turn, and what is free comes back."""

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone

from bookings.promises import promises
from bookings.visits.shifts.querysets import ShiftQuerySet
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import Event
from coop.states import all_or_nothing
from members.models import Member, Stretch, User
from members.standing.meaning import KEEPING

NOTE = "standing"
"""How the event of a shift says that it went on because its member does not work on that day."""


def fit_to_standing(member: Member, *, at: datetime, by: User | None) -> None:
    """Bring a member's work to come into line with what they are on each day. Twice is once.

    The days are locked first, in their order. The clients of what goes on hear that somebody else comes.
    """
    gone, back = _left(member, at), _free(member, at)
    Shift.objects.lock_days(*((shift.starts_at, shift.zone) for shift in [*gone, *back]), at=at)
    for shift in gone:
        _hand_on(shift, member, at=at, by=by)
    for shift in back:
        _give_again(shift, member, at=at, by=by)


def _left(member: Member, at: datetime) -> list[Shift]:
    """What they have or are asked for on days on which they do not work."""
    return _whole(Shift.objects.left_behind(at).of(member))


def _free(member: Member, at: datetime) -> list[Shift]:
    """What went on for that reason, on days on which they do work by now, and nobody has or is asked for."""
    released = Event.objects.filter(kind=Shift._meta.label_lower, verb="release", note=f"{NOTE} {member.pk}")
    there = Stretch.objects.filter(member=member, state__in=KEEPING, days__contains=OuterRef("day"))
    free = Shift.objects.filter(state=Shift.State.OPEN, starts_at__gt=at, given_back_by__contains=[member.pk])
    free = free.filter(pk__in=released.values("subject")).alias(day=TruncDate("starts_at"))
    return _whole(free.filter(Exists(there)))


def _whole(shifts: ShiftQuerySet) -> list[Shift]:
    """These in the order of locks; mostly there are none, and then nothing of what hangs on them is looked for."""
    found = list(shifts.values_list("pk", flat=True))
    whole = Shift.objects.with_related().filter(pk__in=found).order_by("visit__booking", "visit", "pk")
    return list(whole) if found else []


def _hand_on(shift: Shift, member: Member, *, at: datetime, by: User | None) -> None:
    shift.lock()
    if shift.member_id != member.pk:
        return
    if shift.state == Shift.State.OFFERED:
        shift.free(at=at)
    elif shift.state == Shift.State.ACCEPTED:
        shift.tell_that_somebody_else_comes(key=f"{NOTE}:{shift.pk}:{at.timestamp():.0f}", at=at)
        shift.release(at=at, by=by, note=f"{NOTE} {member.pk}")


def _give_again(shift: Shift, member: Member, *, at: datetime, by: User | None) -> None:
    """Theirs again, if nothing else stands against it; else the turn goes on."""
    try:
        with all_or_nothing(shift), promises():
            shift.lock()
            if shift.is_wanted and shift.suits(member, at=at):
                shift.have_again(member, at=at, by=by or member.user)
                shift.say_who_comes(at=at)
    except Refusal:
        return


def shifts_from(member: Member, since: date) -> int:
    """How many shifts to come somebody has from a day on: what would go on if they went."""
    begins = timezone.make_aware(datetime.combine(since, time()))
    return Shift.objects.of(member).filter(state=Shift.State.ACCEPTED, starts_at__gte=begins).count()
