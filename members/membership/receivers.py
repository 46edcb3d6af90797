"""Whoever it is about is told of each change of their standing; and the office, of somebody who leaves."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from members.membership.reasons import LeavingReason
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.signals import standing_changed
from members.standing.changes import A_DAY
from members.standing.leaving_facts import leaving_facts
from members.standing.meaning import MemberState
from members.standing.standings import Standing


@receiver(standing_changed)
def tell(*, subject: Member, verb: str, note: str, since: date, at: datetime, by: User | None, **_facts: Any) -> None:
    """What founding and the clock do is told to nobody."""
    forget_reason(subject)
    if by is None:
        return
    if verb == "give_notice":
        _tell_of_notice(subject, at=at, by=by)
    elif verb == "leave_coop":
        tell_that_they_left(subject, at=at)
    else:
        mail, days = _leave_by_others(subject, verb, since=since, at=at, by=by)
        about = {
            "member": subject,
            "verb": verb,
            "day": since,
            "state": subject.state_on(since),
            "words": note,
            "by": by,
            "has_begun": since <= timezone.localdate(at),
        }
        key = f"standing:{subject.pk}:{verb}:{at.timestamp():.0f}"
        Notice.post(key, to=subject.user, mail=mail, at=at, about=about | days)


def _leave_by_others(
    member: Member, verb: str, *, since: date, at: datetime, by: User
) -> tuple[str, dict[str, date | None]]:
    """With which mail somebody hears of a step, and the days of leave that it is about, if any, both included."""
    own = by.pk == member.user_id
    if verb == "go_on_leave":
        ends: date | None = member.stretches.get(days__contains=since).days.upper
        return "standing_changed" if own else "leave_written_down", {"until": ends and ends - A_DAY}
    taken = list(member.standings.filter(takes_back__isnull=False, decided_at=at).order_by("pk"))
    if verb == "take_back" and not own and taken[0].state == MemberState.ON_LEAVE:
        until = taken[1].starts_on - A_DAY if len(taken) > 1 else None
        return "leave_taken_back", {"first": taken[0].starts_on, "until": until}
    return "standing_changed", {}


def _tell_of_notice(member: Member, *, at: datetime, by: User) -> None:
    gone_on = member.leaves_after(timezone.localdate(at))
    assert gone_on is not None
    about = {"member": member, "gone_on": gone_on}
    facts = leaving_facts(member, gone_on=gone_on, at=at)
    key = f"{member.pk}:{at.timestamp():.0f}"
    Notice.post(f"leaving_begun:{key}", to=member.user, mail="leaving_begun", at=at, about=about | {"facts": facts})
    for person in Role.objects.holders(at, Role.Kind.MEMBERSHIP):
        if person not in (by, member.user):
            Notice.post(f"member_leaves:{key}:{person.pk}", to=person, mail="member_leaves", at=at, about=about)


Letter = tuple[str, dict[str, Any]]
other_words: list[Callable[[Standing], Letter | None]] = []
"""Folders above say with which mail somebody hears that they left, where it has words of its own."""


def tell_that_they_left(member: Member, *, at: datetime) -> None:
    """Once, on the day, by one mail."""
    left = member.standings.valid().filter(state=MemberState.FORMER).latest("starts_on")
    found = (letter for words in other_words if (letter := words(left)))
    mail, about = next(found, ("left", {"member": member}))
    Notice.post(f"left:{left.pk}", to=member.user, mail=mail, at=at, about=about)


def forget_reason(member: Member) -> None:
    """Why somebody would have left is nobody's business once they stay."""
    LeavingReason.objects.filter(leaving__member=member, leaving__taken_back_by__isnull=False).delete()
