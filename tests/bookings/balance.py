"""What the tests of the spotlight begin with: a day, work done on days before it, and turns decided otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bookings.models import Offer, Override, Service, Shift, Turn
from coop.policies import policy_cache
from members.models import Member
from tests import make

AT = datetime(2026, 5, 5, 15, tzinfo=UTC)
"""A Tuesday; the last 28 days begin on April 7, those before on March 10."""
A_DAY = timedelta(days=1)
FIVE_HOURS = 300


@policy_cache()
def work(service: Service | None = None, *, days_ago: int, **wish: Any) -> Shift:
    """A visit (five hours, if nothing else is said) so many days ago from nine in the morning on, accepted at once."""
    starts_at = AT.replace(hour=13) - days_ago * A_DAY
    booked = min(starts_at - 2 * A_DAY, AT)
    return make.accepted(starts_at=starts_at, at=booked, service=service or make.service(minutes=FIVE_HOURS), **wish)


def five() -> list[Member]:
    """Five who can come, whom the hours ask nothing; and a shift."""
    people = [make.member(name) for name in ("Ana Reyes", "Bo Lindgren", "Cara Okafor", "Dee Young", "Eva Hart")]
    work(days_ago=2)
    Member.objects.update(minutes_wanted=0)
    return people


@policy_cache()
def asked_why() -> tuple[Member, Member]:
    """Ana, whom the hours ask why she had none of the few she asked for, and Bo, who had all of his."""
    found = {member.short_name: member for member in Member.objects.all()}
    bo = found.get("Bo L.") or make.member("Bo Lindgren")
    others = Member.objects.exclude(pk=bo.pk)
    others.update(minutes_wanted=30)
    make.stand("on_leave", *others)
    for week in range(8):
        work(days_ago=2 + 7 * week)
    make.stand("member", *others)
    Member.objects.filter(pk=bo.pk).update(minutes_wanted=FIVE_HOURS)
    return found["Ana R."], bo


def decide(giver: Member, receiver: Member, *able: Member, at: datetime = AT, shift: Shift | None = None) -> Override:
    """A turn (of the last shift, if nothing else is said) that somebody decided otherwise, as it is written down."""
    shift = shift or Shift.objects.exclude(visit=None).latest("pk")
    numbers = {"received": 0, "wanted": 60, "share": 0}
    candidates = [{"member": member.pk, **numbers, "against": ""} for member in able]
    candidates.append({"member": giver.pk, **numbers, "against": "away"})
    turn = Turn.objects.create(shift=shift, decided_at=at, chosen=receiver, candidates=candidates)
    Offer.objects.create(
        shift=shift,
        member=receiver,
        turn=turn,
        state=Offer.State.WITHDRAWN,
        starts_at=shift.starts_at,
        made_at=at,
        answer_by=at,
        answered_at=at,
    )
    return Override.objects.create(turn=turn, shift=shift, giver=giver, receiver=receiver, reason="Keys.", at=at)
