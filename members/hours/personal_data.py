"""Calendars and hours, as part of what is kept about a person."""

from datetime import datetime

from members.hours.availability import Leave
from members.hours.calendars import CalendarAddress
from members.people.members import Member
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    addresses = CalendarAddress.objects.filter(user=user).order_by("made_at")
    found: Facts = {"calendar addresses": list(addresses.values("kind", "made_at", "revoked_at"))}
    return found | ({"work": _work(user.membership)} if user.membership else {})


def _work(member: Member) -> Facts:
    hours = member.availability.order_by("pk").values()
    return {
        "hours": [{name: value for name, value in row.items() if not name.endswith("id")} for row in hours],
        "other hours": list(member.other_hours.order_by("day", "starts").values("day", "starts", "ends")),
        "days off": list(Leave.objects.filter(member=member).order_by("starts_on").values("starts_on", "ends_on")),
    }


def forget(user: User, at: datetime) -> None:
    """Their calendars end; when a former member took work goes."""
    user.calendar_addresses.all().revoke(at=at)
    if member := user.membership:
        member.availability.all().delete()
        member.other_hours.all().delete()
        member.leaves.all().delete()


register(PersonalData("account", facts=facts, forget=forget))
