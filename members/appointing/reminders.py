"""Terms that end soon: who holds one hears of it twice, and so does whoever looks after membership."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from coop.jobs import process_each
from members.notices.notices import Notice
from members.offices.roles import Role

MARKS = (7, 30)
"""Days before the last one of a term on which it is told of."""


def remind_of_ends(*, at: datetime) -> None:
    """Write what is due by `at`; safe to run every minute."""
    rows = {f"term_ends:{term.pk}:{term.ends_on}:{mark}": term for term, mark in _ending(at)}
    written = set(Notice.objects.filter(key__in=rows).values_list("key", flat=True))
    process_each([row for row in rows.items() if row[0] not in written], lambda row: _write(*row, at=at))


def _ending(at: datetime) -> Iterator[tuple[Role, int]]:
    """Terms that nobody has prolonged, and the mark that they passed; one shorter than a mark does not pass it."""
    today = timezone.localdate(at)
    next_one = Role.objects.filter(member=OuterRef("member"), kind=OuterRef("kind"), ended_at=None)
    next_one = next_one.filter(
        starts_on__gt=OuterRef("ends_on"), starts_on__lte=OuterRef("ends_on") + timedelta(days=1)
    )
    soon = Role.objects.held(at).filter(ended_at=None, ends_on__lte=today + timedelta(days=max(MARKS)))
    soon = soon.filter(Q(leaves_on=None) | Q(leaves_on__gt=F("ends_on"))).filter(~Exists(next_one))
    for term in soon.select_related("member__user").order_by("ends_on", "pk"):
        assert term.ends_on
        left, whole = (term.ends_on - today).days, (term.ends_on - term.starts_on).days
        if passed := [mark for mark in MARKS if left <= mark <= whole]:
            yield term, min(passed)


def _write(key: str, term: Role, *, at: datetime) -> None:
    """The office first: as long as the holder's is not written, both are due."""
    about = {"term": term, "person": term.member.short_name}
    for person in Role.objects.holders(at, Role.Kind.MEMBERSHIP):
        if person.pk != term.member.user_id:
            Notice.post(f"{key}:{person.pk}", to=person, mail="term_of_member_ends", at=at, about=about)
    Notice.post(key, to=term.member.user, mail="term_ends", at=at, about=about)
