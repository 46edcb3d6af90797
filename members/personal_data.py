"""This room's part of what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from members.data_registry import Facts, PersonalData, register
from members.models import CalendarAddress, Concern, Leave, Member, Notice, PushAddress, Reach, User


def listen() -> None:
    register(PersonalData("account", facts=facts, erasure_blockers=erasure_blockers, forget=forget))


def facts(user: User, at: datetime) -> Facts:
    """The account, the messages sent to them, and, of somebody who works here, all that they told us."""
    notices = Notice.objects.filter(user=user).order_by("due_at", "pk")
    addresses = CalendarAddress.objects.filter(user=user).order_by("made_at")
    return {
        "name": user.name,
        "e-mail": user.email,
        "language": user.language,
        "since": user.joined_at,
        "calendar addresses": list(addresses.values("kind", "made_at", "revoked_at")),
        "how we reach them": list(
            Reach.objects.filter(user=user).values(
                "urgent_by", "rest_by", "pace", "tomorrow", "phone", "confirmed_at", "stopped_at"
            )
        ),
        "browsers that show messages": list(
            PushAddress.objects.filter(user=user).order_by("pk").values("endpoint", "made_at")
        ),
        "messages": list(notices.values("due_at", "sent_at", "way", "subject", "body")),
        "acts that a second person confirms": _acts(user),
        "work": _work(user),
    }


def _acts(user: User) -> list[Facts]:
    """What was asked for that is about them, and what they said to it."""
    rows = Concern.objects.filter(member__user=user, is_asked=True).select_related("confirmation").order_by("pk")
    return [
        {
            "asked": one.confirmation.asked_at,
            "reason": one.confirmation.reason,
            "state": one.confirmation.state,
            "you": one.said,
            "your words": one.words,
        }
        for one in rows
    ]


def _work(user: User) -> Facts | None:
    member = Member.objects.filter(user=user).first()
    if member is None:
        return None
    hours = member.availability.order_by("pk").values()
    return {
        "state": member.state,
        "phone": str(member.phone),
        "home ZIP code": member.zip_id,
        "minutes wanted a week": member.minutes_wanted,
        "skills": member.skills,
        "languages": member.languages,
        "areas": member.areas,
        "works on public holidays": member.works_on_holidays,
        "started_on": member.started_on,
        "joined_on": member.joined_on,
        "left_on": member.left_on,
        "hours": [{name: value for name, value in row.items() if not name.endswith("id")} for row in hours],
        "other hours": list(member.other_hours.order_by("day", "starts").values("day", "starts", "ends")),
        "days off": list(Leave.objects.filter(member=member).order_by("starts_on").values("starts_on", "ends_on")),
        "roles": list(member.terms.order_by("pk").values("kind", "starts_on", "ends_on", "ended_at")),
        "certificates": list(member.credentials.order_by("pk").values("kind", "number", "issued_on", "expires_on")),
    }


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """An owner's account is part of the co-op's register of members until they have left."""
    if user.works:
        yield _("You work here. Leave the co-op first; whoever holds the membership office helps you with it.")


def forget(user: User, at: datetime) -> None:
    """The account closes, its messages are blanked, its calendars end; a former member's own details go."""
    for kind in CalendarAddress.Kind:
        CalendarAddress.revoke(user, kind, at=at)
    Notice.objects.filter(user=user).update(subject="", body="", calendar="", sent_at=at)
    Concern.objects.filter(member__user=user).update(words="")
    Reach.objects.filter(user=user).delete()
    PushAddress.objects.filter(user=user).delete()
    if member := Member.objects.filter(user=user).first():
        member.availability.all().delete()
        member.other_hours.all().delete()
        member.leaves.all().delete()
        member.credentials.update(number="")
        Member.objects.filter(pk=member.pk).update(phone="", skills=[], languages=[])
    for stranger in User.objects.claiming(user.email):  # whoever gave their address
        stranger.disclaim(at=at)
    user.close(at=at)
