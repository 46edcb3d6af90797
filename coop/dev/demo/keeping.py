"""What the offices of the demo keep: the duties of the year."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from members.duties.usual import USUAL
from members.models import Duty, Member, User

A_DAY = timedelta(days=1)
KEPT = ("patronage", "liability", "meeting", "payroll-q4", "w2-1099", "licences")
"""The usual duties that the co-op of the demo has."""


def put_duties(people: list[Member], *, at: datetime, by: User) -> None:
    """A few for the year to come, the first of which nobody looks after yet, and one that is done."""
    today, pairs = timezone.localdate(at), [*pairwise(people)]
    for one, (owner, deputy) in zip([one for one in USUAL if one.code in KEPT], [(None, None), *pairs], strict=False):
        facts = {**one.titles(), **one.abouts(), "owner": owner, "deputy": deputy}
        Duty.add(code=one.code, due_on=one.next(today), **facts, at=at, by=by)
    done = Duty.add(
        title_en="Renew the contract of the office",
        title_es="Renovar el contrato de la oficina",
        due_on=today + 5 * A_DAY,
        owner=people[0],
        at=at,
        by=by,
    )
    done.finish(words="Signed for another year.", paper=None, at=at, by=people[0].user)
