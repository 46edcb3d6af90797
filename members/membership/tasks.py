"""Whoever leaves is written to a week before, and on the day, on which they are signed out everywhere, too."""

from datetime import datetime, timedelta

from django.utils import timezone

from coop.jobs import process_each, sweep
from members.membership.receivers import tell_that_they_left
from members.notices.notices import Notice
from members.people.members import Member
from members.standing.access import beginning, end_access
from members.standing.leaving_facts import leaving_facts
from members.standing.meaning import MemberState
from members.standing.standings import Standing

A_WEEK = timedelta(days=7)


@sweep("members.sweep_leaving")
def sweep_leaving() -> None:
    """Write what is due, to nobody who is back by now; safe to run every minute, and late by up to a week."""
    now = timezone.now()
    today = timezone.localdate(now)
    leaving = Standing.objects.valid().filter(state=MemberState.FORMER).select_related("member__user")
    soon = leaving.filter(starts_on__gt=today, starts_on__lte=today + A_WEEK)
    process_each(_unwritten(soon, "leaving_soon"), lambda row: _tell_soon(row, at=now))
    away = Member.objects.in_state(MemberState.FORMER, on=today)
    gone = leaving.filter(starts_on__gt=today - A_WEEK, starts_on__lte=today, by__isnull=False, member__in=away)
    process_each(_unwritten(gone, "left"), lambda row: _close(row, at=now))


def _unwritten(rows: "object", mail: str) -> list[Standing]:
    found = {f"{mail}:{row.pk}": row for row in rows}  # type: ignore[attr-defined]
    written = set(Notice.objects.filter(key__in=found).values_list("key", flat=True))
    return [row for key, row in found.items() if key not in written]


def _tell_soon(row: Standing, *, at: datetime) -> None:
    facts = leaving_facts(row.member, gone_on=row.starts_on, at=at)
    about = {"member": row.member, "gone_on": row.starts_on, "facts": facts}
    Notice.post(f"leaving_soon:{row.pk}", to=row.member.user, mail="leaving_soon", at=at, about=about)


def _close(row: Standing, *, at: datetime) -> None:
    """The membership has ended by itself; what hangs on a browser or an address ends here."""
    end_access(row.member, since=beginning(row.starts_on), at=at, by=None)
    tell_that_they_left(row.member, at=at)
