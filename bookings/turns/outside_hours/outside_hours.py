"""Accepted shifts that no longer fit what their member said. They stay theirs until they say otherwise."""

from datetime import datetime

from bookings.matching.needs import Wish
from bookings.turns.open_board import hours_in
from bookings.visits.shifts.shifts import Shift
from members.models import Member


def outside_hours(member: Member, *, at: datetime) -> list[Shift]:
    """The accepted shifts to come outside the hours, areas, languages and animals of this member, soonest first.

    Two queries.
    """
    accepted = Shift.objects.of(member).filter(state=Shift.State.ACCEPTED, starts_at__gt=at)
    shifts = list(accepted.with_related().prefetch_related("visit__shifts").order_by("starts_at"))
    if not shifts:
        return []
    hours = hours_in(member, [shift.starts_at for shift in shifts])
    return [shift for shift in shifts if not (shift.need().fits(hours) and _suits(shift.need().wish, member))]


def _suits(wish: Wish, member: Member) -> bool:
    """Can they do it, is it where they work, in a language that they speak, without an animal that they avoid?"""
    near = not member.areas or any(wish.zip.code.startswith(area) for area in member.areas)
    able = wish.skill in member.skills
    return able and near and wish.language in ("", *member.languages) and not set(wish.pets) & set(member.avoids)
