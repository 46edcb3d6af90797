"""The account, what a member told us, and their offices, as part of what is kept about a person."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from members.people.members import Member
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    return {
        "name": user.name,
        "e-mail": user.email,
        "language": user.language,
        "since": user.joined_at,
        "work": _work(user),
    }


def _work(user: User) -> Facts | None:
    member = Member.objects.filter(user=user).first()
    if member is None:
        return None
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
        "standing": list(member.standings.valid().values("state", "starts_on", "decided_at", "decision")),
        "roles": list(member.terms.order_by("pk").values("kind", "starts_on", "ends_on", "ended_at")),
    }


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """An owner's account is part of the co-op's register of members until they have left."""
    if user.works:
        yield _("You work here. Leave the co-op first; whoever holds the membership office helps you with it.")


def forget(user: User, at: datetime) -> None:
    """The account closes; a former member's own details go."""
    Member.objects.filter(user=user).update(phone="", skills=[], languages=[])
    for stranger in User.objects.claiming(user.email):  # whoever gave their address
        stranger.disclaim(at=at)
    user.close(at=at)


register(PersonalData("account", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
